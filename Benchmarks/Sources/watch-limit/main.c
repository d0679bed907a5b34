// The yardstick of watching: whoever opens a stream gets each event, and a plain request makes one. The event is written to
// one connection after the other, in one write for all streams of a connection, and encoded beforehand: nothing that a real
// server must do besides is done here.
//
// watch-limit --socket PATH --event-bytes N

#include <errno.h>
#include <getopt.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include "measure.h"
#include "watch.h"

enum { INPUT_BYTES = 64 << 10, EVENT_BYTES_MAX = 64 << 10, EVENTS_PER_WAIT = 256, CONNECTIONS_MAX = 1 << 16 };

struct connection {
    int socket;
    /// Of those that watch.
    uint32_t position;
    /// A frame for each of its streams.
    uint8_t *frames;
    size_t frames_bytes;
};

static int epoll;
static uint32_t event_data_bytes;
static struct connection *watching[CONNECTIONS_MAX];
static uint32_t watching_count;
static uint8_t input[INPUT_BYTES];

static void write_whole(struct connection *connection, const uint8_t *bytes, size_t count) {
    // The load reads all of an event before it makes the next, so that what is sent fits the socket but for crowds on one.
    while (count > 0) {
        ssize_t sent = send(connection->socket, bytes, count, MSG_NOSIGNAL);
        if (sent < 0 && (errno == EPIPE || errno == ECONNRESET)) return;
        if (sent < 0) die("send");
        bytes += sent;
        count -= (size_t)sent;
    }
}

static void write_event(void) {
    for (uint32_t index = 0; index < watching_count; index++)
        write_whole(watching[index], watching[index]->frames, watching[index]->frames_bytes);
}

static void answer(struct connection *connection, uint32_t stream_id) {
    uint8_t frame[FRAME_HEADER_BYTES + 16];
    frame_of_constant_answer(frame, 16);
    frame_set_stream_id(frame, stream_id);
    write_whole(connection, frame, sizeof frame);
}

static void watch(struct connection *connection, uint32_t stream_id) {
    size_t frame_bytes = FRAME_HEADER_BYTES + event_data_bytes;
    connection->frames = realloc(connection->frames, connection->frames_bytes + frame_bytes);
    if (connection->frames == NULL) die("no memory for a stream");
    uint8_t *frame = connection->frames + connection->frames_bytes;
    memset(frame, 0, frame_bytes);
    frame_header_write(frame, (struct frame_header){event_data_bytes, stream_id, FRAME_TYPE_DATA, 0});
    frame[FRAME_HEADER_BYTES] = WATCH_EVENT_TAG;
    if (connection->frames_bytes == 0) {
        if (watching_count == CONNECTIONS_MAX) die("more than %d connections", CONNECTIONS_MAX);
        connection->position = watching_count;
        watching[watching_count++] = connection;
    }
    connection->frames_bytes += frame_bytes;
    // As a watch begins with a snapshot.
    uint8_t snapshot[FRAME_HEADER_BYTES + 2] = {0};
    frame_header_write(snapshot, (struct frame_header){2, stream_id, FRAME_TYPE_DATA, 0});
    snapshot[FRAME_HEADER_BYTES] = 0x0a;
    write_whole(connection, snapshot, sizeof snapshot);
}

static void drop(struct connection *connection) {
    if (connection->frames_bytes > 0) {
        struct connection *last = watching[--watching_count];
        watching[connection->position] = last;
        last->position = connection->position;
    }
    close(connection->socket);
    free(connection->frames);
    free(connection);
}

/// Requests come whole: they are short, and their senders wait for the answers.
static bool serve_requests(struct connection *connection) {
    ssize_t received = recv(connection->socket, input, sizeof input, 0);
    if (received <= 0) return received < 0 && (errno == EAGAIN || errno == EINTR);
    for (size_t position = 0; position < (size_t)received;) {
        if ((size_t)received - position < FRAME_HEADER_BYTES) return false;
        struct frame_header header = frame_header_read(input + position);
        position += FRAME_HEADER_BYTES + header.data_bytes;
        if (header.type != FRAME_TYPE_REQUEST || position > (size_t)received) return false;
        if (header.flags != 0) {
            watch(connection, header.stream_id);
        } else {
            write_event();
            answer(connection, header.stream_id);
        }
    }
    return true;
}

static int listen_unix(const char *path) {
    struct sockaddr_un address = {.sun_family = AF_UNIX};
    if (strlen(path) >= sizeof address.sun_path) die("a socket's path has at most 107 bytes: %s", path);
    strcpy(address.sun_path, path);
    int listener = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (listener < 0 || bind(listener, (struct sockaddr *)&address, sizeof address) != 0 ||
        listen(listener, SOMAXCONN) != 0)
        die("cannot listen on %s", path);
    return listener;
}

static void accept_one(int listener) {
    struct connection *connection = calloc(1, sizeof *connection);
    if (connection == NULL) die("no memory for a connection");
    connection->socket = accept4(listener, NULL, NULL, SOCK_CLOEXEC);
    struct epoll_event event = {.events = EPOLLIN, .data.ptr = connection};
    if (connection->socket < 0 || epoll_ctl(epoll, EPOLL_CTL_ADD, connection->socket, &event) != 0) die("accept");
}

int main(int count, char **arguments) {
    static const struct option options[] = {
        {"socket", required_argument, NULL, 's'}, {"event-bytes", required_argument, NULL, 'e'}, {NULL, 0, NULL, 0}};
    const char *path = NULL;
    for (int option; (option = getopt_long(count, arguments, "", options, NULL)) != -1;) {
        if (option == 's') path = optarg;
        else if (option == 'e') event_data_bytes = (uint32_t)option_number("event-bytes", optarg, 16, EVENT_BYTES_MAX);
        else return 64;
    }
    if (path == NULL || event_data_bytes == 0) die("usage: watch-limit --socket PATH --event-bytes N");
    raise_file_limit();

    int listener = listen_unix(path);
    struct epoll_event events[EVENTS_PER_WAIT], accepting = {.events = EPOLLIN, .data.ptr = NULL};
    epoll = epoll_create1(EPOLL_CLOEXEC);
    if (epoll < 0 || epoll_ctl(epoll, EPOLL_CTL_ADD, listener, &accepting) != 0) die("epoll");
    for (;;) {
        int ready = epoll_wait(epoll, events, EVENTS_PER_WAIT, -1);
        if (ready < 0 && errno != EINTR) die("epoll_wait");
        for (int index = 0; index < ready; index++) {
            struct connection *connection = events[index].data.ptr;
            if (connection == NULL) accept_one(listener);
            else if (!serve_requests(connection)) drop(connection);
        }
    }
}
