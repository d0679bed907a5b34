// Asks for one project's status as often as the server can answer: N connections with K calls in flight each, every answer
// followed by the next call. One thread, so that it leaves the other core to the server.
//
// load --socket PATH --project ID [--connections N] [--in-flight K] [--seconds S] [--warm-up S]
// load --socket PATH --project ID --probe        one call, once somebody listens; prints the size of the answer
//
// Prints one line of `name=value` pairs. Any answer that is not whole, not asked for or an error ends it with 1.

#include <errno.h>
#include <fcntl.h>
#include <getopt.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

#include "measure.h"

enum {
    CONNECTIONS_MAX = 4096,
    IN_FLIGHT_MAX = 256,
    INPUT_BYTES = 1 << 20,
    EVENTS_PER_WAIT = 256,
    STALL_MILLISECONDS = 5000,
    /// At least so many places for each call in flight, so that a free one is always near.
    PLACES_PER_CALL = 4,
};

struct call {
    uint32_t stream_id;
    uint64_t sent_at;
};

struct connection {
    int socket;
    uint32_t next_stream_id;
    /// The start of a frame whose rest has not come yet.
    uint8_t *partial;
    size_t partial_bytes;
    /// The calls in flight, each at the place that its stream id gives it; stream id 0 marks a free place.
    struct call *calls;
};

struct plan {
    const char *path;
    const char *project;
    bool probe;
    uint32_t connections;
    uint32_t in_flight;
    double seconds;
    double warm_up_seconds;
};

static struct plan plan = {.connections = 1, .in_flight = 1, .seconds = 1.5, .warm_up_seconds = 0.2};

static uint8_t request[REQUEST_FRAME_BYTES_MAX];
static size_t request_bytes;
static uint32_t call_mask;

static uint64_t measure_from, stop_at;
static uint64_t calls_in_flight;
static struct latency_histogram latencies;
static uint32_t answer_bytes_min = UINT32_MAX, answer_bytes_max;

static uint8_t input[INPUT_BYTES];
static uint8_t output[IN_FLIGHT_MAX * REQUEST_FRAME_BYTES_MAX];

static struct call *place(struct connection *connection, uint32_t stream_id) {
    return &connection->calls[(stream_id >> 1) & call_mask];
}

/// Sends `count` calls in one write. All that are in flight fit into a socket's buffer, unless the server stopped reading.
static void send_calls(struct connection *connection, uint32_t count, uint64_t now) {
    for (uint32_t index = 0; index < count; index++) {
        // Ids only grow, as ttrpc demands; one whose place is taken by a call that others have overtaken is left out.
        while (place(connection, connection->next_stream_id)->stream_id != 0) connection->next_stream_id += 2;
        uint32_t stream_id = connection->next_stream_id;
        connection->next_stream_id += 2;
        *place(connection, stream_id) = (struct call){stream_id, now};
        memcpy(output + index * request_bytes, request, request_bytes);
        frame_set_stream_id(output + index * request_bytes, stream_id);
    }
    if (send(connection->socket, output, count * request_bytes, MSG_NOSIGNAL) != (ssize_t)(count * request_bytes))
        die("the server does not take %u more calls", count);
    calls_in_flight += count;
}

static void check_answer(struct connection *connection, struct frame_header header, const uint8_t *data, uint64_t now) {
    struct call *call = place(connection, header.stream_id);
    if (header.stream_id == 0 || call->stream_id != header.stream_id)
        die("an answer on stream %u, which has no call in flight", header.stream_id);
    if (header.type != FRAME_TYPE_RESPONSE || !response_is_plain(data, header.data_bytes))
        die("the answer on stream %u is an error, or no response", header.stream_id);
    if (now >= measure_from && now < stop_at) latency_record(&latencies, now - call->sent_at);
    if (header.data_bytes < answer_bytes_min) answer_bytes_min = header.data_bytes;
    if (header.data_bytes > answer_bytes_max) answer_bytes_max = header.data_bytes;
    call->stream_id = 0;
    calls_in_flight -= 1;
}

/// Checks each whole answer of the input; returns how many there were, and where what remains begins.
static uint32_t check_answers(struct connection *connection, size_t available, uint64_t now, size_t *consumed) {
    uint32_t answered = 0;
    size_t position = 0;
    while (available - position >= FRAME_HEADER_BYTES) {
        struct frame_header header = frame_header_read(input + position);
        if (header.data_bytes > INPUT_BYTES - FRAME_HEADER_BYTES) die("an answer of %u bytes", header.data_bytes);
        if (available - position < FRAME_HEADER_BYTES + header.data_bytes) break;
        check_answer(connection, header, input + position + FRAME_HEADER_BYTES, now);
        position += FRAME_HEADER_BYTES + header.data_bytes;
        answered += 1;
    }
    *consumed = position;
    return answered;
}

static void receive(struct connection *connection) {
    size_t available = connection->partial_bytes;
    memcpy(input, connection->partial, available);
    ssize_t received = read(connection->socket, input + available, INPUT_BYTES - available);
    if (received < 0 && (errno == EAGAIN || errno == EINTR)) return;
    if (received == 0) errno = 0;
    if (received <= 0) die("the server closed the connection");
    available += (size_t)received;

    uint64_t now = monotonic_nanoseconds();
    size_t consumed;
    uint32_t answered = check_answers(connection, available, now, &consumed);
    connection->partial_bytes = available - consumed;
    memcpy(connection->partial, input + consumed, connection->partial_bytes);
    if (answered > 0 && now < stop_at) send_calls(connection, answered, now);
}

static void open_connection(struct connection *connection, int epoll) {
    connection->socket = connect_unix(plan.path, 5);
    connection->next_stream_id = 1;
    connection->calls = calloc(call_mask + 1, sizeof *connection->calls);
    connection->partial = malloc(INPUT_BYTES);
    if (connection->calls == NULL || connection->partial == NULL) die("no memory for a connection");

    struct epoll_event event = {.events = EPOLLIN, .data.ptr = connection};
    if (fcntl(connection->socket, F_SETFL, O_NONBLOCK) != 0 ||
        epoll_ctl(epoll, EPOLL_CTL_ADD, connection->socket, &event) != 0)
        die("epoll_ctl");
}

static void run_load(void) {
    int epoll = epoll_create1(EPOLL_CLOEXEC);
    struct connection *connections = calloc(plan.connections, sizeof *connections);
    if (epoll < 0 || connections == NULL) die("epoll_create1");
    call_mask = 64;
    while (call_mask < plan.in_flight * PLACES_PER_CALL) call_mask *= 2;
    call_mask -= 1;
    for (uint32_t index = 0; index < plan.connections; index++) open_connection(&connections[index], epoll);

    uint64_t started = monotonic_nanoseconds();
    measure_from = started + (uint64_t)(plan.warm_up_seconds * 1e9);
    stop_at = measure_from + (uint64_t)(plan.seconds * 1e9);
    for (uint32_t index = 0; index < plan.connections; index++)
        send_calls(&connections[index], plan.in_flight, monotonic_nanoseconds());

    // Past the end nothing more is sent, and whatever is in flight must still be answered.
    struct epoll_event events[EVENTS_PER_WAIT];
    while (calls_in_flight > 0) {
        int count = epoll_wait(epoll, events, EVENTS_PER_WAIT, STALL_MILLISECONDS);
        if (count < 0 && errno != EINTR) die("epoll_wait");
        if (count == 0) die("no answer for %d ms, %ju calls in flight", STALL_MILLISECONDS, (uintmax_t)calls_in_flight);
        for (int index = 0; index < count; index++) receive(events[index].data.ptr);
    }
}

static void print_result(void) {
    printf("connections=%u in_flight=%u calls=%ju calls_per_second=%.0f p50_ns=%ju p99_ns=%ju p999_ns=%ju "
           "answer_bytes_min=%u answer_bytes_max=%u\n",
           plan.connections, plan.in_flight, (uintmax_t)latencies.count, (double)latencies.count / plan.seconds,
           (uintmax_t)latency_quantile(&latencies, 0.5), (uintmax_t)latency_quantile(&latencies, 0.99),
           (uintmax_t)latency_quantile(&latencies, 0.999), answer_bytes_min, answer_bytes_max);
}

static void read_options(int count, char **arguments) {
    static const struct option options[] = {
        {"socket", required_argument, NULL, 's'},    {"project", required_argument, NULL, 'p'},
        {"connections", required_argument, NULL, 'c'}, {"in-flight", required_argument, NULL, 'k'},
        {"seconds", required_argument, NULL, 'd'},   {"warm-up", required_argument, NULL, 'w'},
        {"probe", no_argument, NULL, 'b'},           {NULL, 0, NULL, 0},
    };
    for (int option; (option = getopt_long(count, arguments, "", options, NULL)) != -1;) {
        switch (option) {
        case 's': plan.path = optarg; break;
        case 'p': plan.project = optarg; break;
        case 'c': plan.connections = (uint32_t)option_number("connections", optarg, 1, CONNECTIONS_MAX); break;
        case 'k': plan.in_flight = (uint32_t)option_number("in-flight", optarg, 1, IN_FLIGHT_MAX); break;
        case 'd': plan.seconds = option_number("seconds", optarg, 0.01, 60); break;
        case 'w': plan.warm_up_seconds = option_number("warm-up", optarg, 0, 60); break;
        case 'b': plan.probe = true; break;
        default: exit(64);
        }
    }
    if (plan.path == NULL || plan.project == NULL) die("--socket and --project are needed");
}

int main(int count, char **arguments) {
    read_options(count, arguments);
    request_bytes = frame_of_get_status(request, plan.project);
    if (plan.probe) {
        frame_set_stream_id(request, 1);
        printf("answer_bytes=%u\n", call_once(connect_unix(plan.path, 5), request, request_bytes));
    } else {
        run_load();
        print_result();
    }
}
