#include "caller.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

#include "measure.h"

enum {
    INPUT_BYTES = 1 << 20,
    /// A power of two, and several for each call, so that a free one is always near.
    PLACES = 512,
};

void caller_open(struct caller *caller, const char *path, double patience_seconds, int epoll) {
    *caller = (struct caller){.socket = connect_unix(path, patience_seconds), .next_stream_id = 1};
    caller->places = calloc(PLACES, sizeof *caller->places);
    caller->input = malloc(INPUT_BYTES);
    if (caller->places == NULL || caller->input == NULL) die("no memory for a connection");

    struct epoll_event event = {.events = EPOLLIN, .data.ptr = caller};
    if (fcntl(caller->socket, F_SETFL, O_NONBLOCK) != 0 ||
        epoll_ctl(epoll, EPOLL_CTL_ADD, caller->socket, &event) != 0)
        die("epoll_ctl");
}

static struct caller_place *place_of(struct caller *caller, uint32_t stream_id) {
    return &caller->places[(stream_id >> 1) & (PLACES - 1)];
}

void caller_send(struct caller *caller, uint8_t *frame, size_t frame_bytes, void *context) {
    if (caller->in_flight >= CALLER_CALLS_MAX) die("more than %d calls in flight", CALLER_CALLS_MAX);
    // Ids only grow, as ttrpc demands; one whose place is taken by a call that others have overtaken is left out.
    while (place_of(caller, caller->next_stream_id)->stream_id != 0) caller->next_stream_id += 2;
    uint32_t stream_id = caller->next_stream_id;
    caller->next_stream_id += 2;
    *place_of(caller, stream_id) = (struct caller_place){stream_id, context};
    frame_set_stream_id(frame, stream_id);
    // All that are in flight fit into the socket's buffer, unless the daemon has stopped reading.
    if (send(caller->socket, frame, frame_bytes, MSG_NOSIGNAL) != (ssize_t)frame_bytes) die("sending a call");
    caller->in_flight += 1;
}

static void take_answer(struct caller *caller, struct frame_header header, const uint8_t *data,
                        void (*answered)(void *context, const uint8_t *data, uint32_t data_bytes)) {
    struct caller_place *place = place_of(caller, header.stream_id);
    if (header.stream_id == 0 || place->stream_id != header.stream_id)
        die("an answer on stream %u, which has no call in flight", header.stream_id);
    if (header.type != FRAME_TYPE_RESPONSE || !response_is_plain(data, header.data_bytes))
        die("the answer on stream %u is an error, or no response", header.stream_id);
    place->stream_id = 0;
    caller->in_flight -= 1;
    answered(place->context, data, header.data_bytes);
}

void caller_receive(struct caller *caller, void (*answered)(void *context, const uint8_t *data, uint32_t data_bytes)) {
    ssize_t received = read(caller->socket, caller->input + caller->input_bytes, INPUT_BYTES - caller->input_bytes);
    if (received < 0 && (errno == EAGAIN || errno == EINTR)) return;
    if (received == 0) errno = 0;
    if (received <= 0) die("the server closed the connection");
    caller->input_bytes += (size_t)received;

    size_t position = 0;
    while (caller->input_bytes - position >= FRAME_HEADER_BYTES) {
        struct frame_header header = frame_header_read(caller->input + position);
        if (header.data_bytes > INPUT_BYTES - FRAME_HEADER_BYTES) die("an answer of %u bytes", header.data_bytes);
        if (caller->input_bytes - position < FRAME_HEADER_BYTES + header.data_bytes) break;
        take_answer(caller, header, caller->input + position + FRAME_HEADER_BYTES, answered);
        position += FRAME_HEADER_BYTES + header.data_bytes;
    }
    memmove(caller->input, caller->input + position, caller->input_bytes - position);
    caller->input_bytes -= position;
}
