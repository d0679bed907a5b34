#pragma once

#include <stddef.h>
#include <stdint.h>

enum {
    /// Calls in flight on one connection; the daemon's own bound is 128 (SPEC §8).
    CALLER_CALLS_MAX = 120,
};

struct caller_place {
    /// 0 marks a free place.
    uint32_t stream_id;
    void *context;
};

/// One connection with many calls in flight, whose answers may come in any order.
struct caller {
    int socket;
    uint32_t next_stream_id;
    uint32_t in_flight;
    struct caller_place *places;
    uint8_t *input;
    size_t input_bytes;
};

/// Connects, as `connect_unix` does, and adds the connection to an epoll descriptor with the caller as its data.
void caller_open(struct caller *caller, const char *path, double patience_seconds, int epoll);

/// Sends a call, whose frame must have room for its stream id. There must be fewer than CALLER_CALLS_MAX in flight.
void caller_send(struct caller *caller, uint8_t *frame, size_t frame_bytes, void *context);

/// Reads what has come, and hands each whole answer's data over with what was given to `caller_send`. Anything but a
/// plain answer to a call in flight ends the program.
void caller_receive(struct caller *caller, void (*answered)(void *context, const uint8_t *data, uint32_t data_bytes));
