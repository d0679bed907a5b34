// The yardstick: answers any ttrpc request on a Unix socket with a constant response. One thread, level-triggered epoll,
// three system calls for a lone call: wait, read, write. Nothing that a real server must do besides is done here.
//
// echo-limit --socket PATH --answer-bytes N

#include <errno.h>
#include <getopt.h>
#include <stdbool.h>
#include <stdlib.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include "measure.h"

enum {
    INPUT_BYTES = 64 << 10,
    ANSWER_DATA_BYTES_MAX = 64 << 10,
    EVENTS_PER_WAIT = 256,
};

struct connection {
    int socket;
    /// The start of a frame whose rest has not come yet.
    uint8_t *partial;
    size_t partial_bytes;
    /// Answers that the peer's socket has no room for. While there are any, nothing more is read.
    uint8_t *pending;
    size_t pending_bytes;
    size_t pending_sent;
};

static int epoll;
static uint8_t answer[FRAME_HEADER_BYTES + ANSWER_DATA_BYTES_MAX];
static size_t answer_bytes;

/// Lent to the connection that is being read. `output` has room for the answers to as many frames as fit into `input`;
/// pages that are never written cost nothing.
static uint8_t input[INPUT_BYTES];
static uint8_t *output;

static void *copy(const void *bytes, size_t count) {
    void *result = malloc(count);
    if (result == NULL) die("no memory for %zu bytes", count);
    return memcpy(result, bytes, count);
}

static void drop(struct connection *connection) {
    close(connection->socket);
    free(connection->partial);
    free(connection->pending);
    free(connection);
}

static void watch(struct connection *connection, int operation, uint32_t events) {
    struct epoll_event event = {.events = events, .data.ptr = connection};
    if (epoll_ctl(epoll, operation, connection->socket, &event) != 0) die("epoll_ctl");
}

/// Writes what fits; false when the peer has gone.
static bool write_some(struct connection *connection, const uint8_t *bytes, size_t count, size_t *written) {
    ssize_t sent = send(connection->socket, bytes, count, MSG_NOSIGNAL);
    *written = sent < 0 ? 0 : (size_t)sent;
    return sent >= 0 || errno == EAGAIN || errno == EINTR;
}

static bool send_output(struct connection *connection, size_t count) {
    size_t written;
    if (!write_some(connection, output, count, &written)) return false;
    if (written < count) {
        connection->pending = copy(output + written, count - written);
        connection->pending_bytes = count - written;
        connection->pending_sent = 0;
        watch(connection, EPOLL_CTL_MOD, EPOLLOUT);
    }
    return true;
}

static bool send_pending(struct connection *connection) {
    size_t written;
    const uint8_t *rest = connection->pending + connection->pending_sent;
    if (!write_some(connection, rest, connection->pending_bytes - connection->pending_sent, &written)) return false;
    connection->pending_sent += written;
    if (connection->pending_sent == connection->pending_bytes) {
        free(connection->pending);
        connection->pending = NULL;
        watch(connection, EPOLL_CTL_MOD, EPOLLIN);
    }
    return true;
}

/// Puts an answer to each whole frame of the input into the output, whose size it returns. What remains of the input begins
/// at `*consumed`. A frame that is no request, or is larger than the input, makes it return SIZE_MAX.
static size_t answer_all(size_t available, size_t *consumed) {
    size_t produced = 0, position = 0;
    while (available - position >= FRAME_HEADER_BYTES) {
        struct frame_header header = frame_header_read(input + position);
        if (header.type != FRAME_TYPE_REQUEST || header.data_bytes > INPUT_BYTES - FRAME_HEADER_BYTES) return SIZE_MAX;
        if (available - position < FRAME_HEADER_BYTES + header.data_bytes) break;
        memcpy(output + produced, answer, answer_bytes);
        frame_set_stream_id(output + produced, header.stream_id);
        produced += answer_bytes;
        position += FRAME_HEADER_BYTES + header.data_bytes;
    }
    *consumed = position;
    return produced;
}

static bool read_and_answer(struct connection *connection) {
    size_t available = connection->partial_bytes;
    if (available > 0) {
        memcpy(input, connection->partial, available);
        free(connection->partial);
        connection->partial = NULL;
        connection->partial_bytes = 0;
    }

    ssize_t received = recv(connection->socket, input + available, INPUT_BYTES - available, 0);
    if (received == 0 || (received < 0 && errno != EAGAIN && errno != EINTR)) return false;
    available += received < 0 ? 0 : (size_t)received;

    size_t consumed, produced = answer_all(available, &consumed);
    if (produced == SIZE_MAX) return false;
    if (consumed < available) {
        connection->partial = copy(input + consumed, available - consumed);
        connection->partial_bytes = available - consumed;
    }
    return produced == 0 || send_output(connection, produced);
}

static int listen_unix(const char *path) {
    struct sockaddr_un address = {.sun_family = AF_UNIX};
    if (strlen(path) >= sizeof address.sun_path) die("a socket's path has at most 107 bytes: %s", path);
    strcpy(address.sun_path, path);
    int listener = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
    if (listener < 0 || bind(listener, (struct sockaddr *)&address, sizeof address) != 0 ||
        listen(listener, SOMAXCONN) != 0)
        die("cannot listen on %s", path);
    return listener;
}

static void accept_one(int listener) {
    int socket = accept4(listener, NULL, NULL, SOCK_CLOEXEC | SOCK_NONBLOCK);
    if (socket < 0) {
        if (errno == EAGAIN || errno == EINTR || errno == ECONNABORTED) return;
        die("accept");
    }
    struct connection *connection = calloc(1, sizeof *connection);
    if (connection == NULL) die("no memory for a connection");
    connection->socket = socket;
    watch(connection, EPOLL_CTL_ADD, EPOLLIN);
}

static void serve(int listener) {
    struct epoll_event events[EVENTS_PER_WAIT];
    struct epoll_event accepting = {.events = EPOLLIN, .data.ptr = NULL};
    epoll = epoll_create1(EPOLL_CLOEXEC);
    if (epoll < 0 || epoll_ctl(epoll, EPOLL_CTL_ADD, listener, &accepting) != 0) die("epoll");

    for (;;) {
        int count = epoll_wait(epoll, events, EVENTS_PER_WAIT, -1);
        if (count < 0 && errno != EINTR) die("epoll_wait");
        for (int index = 0; index < count; index++) {
            struct connection *connection = events[index].data.ptr;
            if (connection == NULL)
                accept_one(listener);
            else if (!(connection->pending != NULL ? send_pending(connection) : read_and_answer(connection)))
                drop(connection);
        }
    }
}

int main(int count, char **arguments) {
    static const struct option options[] = {
        {"socket", required_argument, NULL, 's'}, {"answer-bytes", required_argument, NULL, 'a'}, {NULL, 0, NULL, 0}};
    const char *path = NULL;
    uint32_t data_bytes = 0;
    for (int option; (option = getopt_long(count, arguments, "", options, NULL)) != -1;) {
        if (option == 's') path = optarg;
        else if (option == 'a') data_bytes = (uint32_t)option_number("answer-bytes", optarg, 16, ANSWER_DATA_BYTES_MAX);
        else return 64;
    }
    if (path == NULL || data_bytes == 0) die("usage: echo-limit --socket PATH --answer-bytes N");

    frame_of_constant_answer(answer, data_bytes);
    answer_bytes = FRAME_HEADER_BYTES + data_bytes;
    output = malloc(INPUT_BYTES / FRAME_HEADER_BYTES * answer_bytes);
    if (output == NULL) die("no memory for the output");
    serve(listen_unix(path));
}
