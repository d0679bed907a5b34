#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

/// A ttrpc frame: u32 length of the data, u32 stream id, both big-endian, u8 type, u8 flags, then the data.
enum {
    FRAME_HEADER_BYTES = 10,
    FRAME_DATA_BYTES_MAX = 4 << 20,
    FRAME_TYPE_REQUEST = 1,
    FRAME_TYPE_RESPONSE = 2,
    /// Room for any request that these tools make.
    REQUEST_FRAME_BYTES_MAX = 512,
};

struct frame_header {
    uint32_t data_bytes;
    uint32_t stream_id;
    uint8_t type;
    uint8_t flags;
};

static inline uint32_t big_endian_read(const uint8_t *at) {
    uint32_t value;
    memcpy(&value, at, sizeof value);
    return __builtin_bswap32(value);
}

static inline void big_endian_write(uint8_t *at, uint32_t value) {
    value = __builtin_bswap32(value);
    memcpy(at, &value, sizeof value);
}

static inline struct frame_header frame_header_read(const uint8_t *at) {
    return (struct frame_header){big_endian_read(at), big_endian_read(at + 4), at[8], at[9]};
}

static inline void frame_header_write(uint8_t *at, struct frame_header header) {
    big_endian_write(at, header.data_bytes);
    big_endian_write(at + 4, header.stream_id);
    at[8] = header.type;
    at[9] = header.flags;
}

/// The stream id is the only part in which two frames of the same call differ.
static inline void frame_set_stream_id(uint8_t *frame, uint32_t stream_id) {
    big_endian_write(frame + 4, stream_id);
}

/// How ready a reader is to wait, as in telltale/v1/status_service.proto.
enum reading_mode { READING_MODE_CACHED = 1, READING_MODE_PREFER_FRESH = 2 };

/// Writes the frame of `telltale.v1.StatusService/GetStatus` for a project, with stream id 0, and returns its size.
/// The buffer holds REQUEST_FRAME_BYTES_MAX; a project's name of more than 128 bytes ends the program.
size_t frame_of_get_status(uint8_t *buffer, const char *project);

/// The same with a reading mode and, unless it is 0, the time that the reader waits at most: less than a second.
size_t frame_of_get_status_in_mode(
    uint8_t *buffer, const char *project, enum reading_mode mode, uint32_t wait_milliseconds_max);

/// Writes the frame of `Response { payload: zeros }` whose data is `data_bytes` long (at least 16), with stream id 0.
void frame_of_constant_answer(uint8_t *buffer, uint32_t data_bytes);

/// Whether the data of a response frame is one whole payload and no error status.
bool response_is_plain(const uint8_t *data, uint32_t data_bytes);
