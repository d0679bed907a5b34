// How soon an event is with all who watch: opens watches over some connections, makes one event after the other, and notes
// when the first and the last watch has it.
//
// watch-load --socket PATH --project ID [--watches N] [--connections M] [--rounds R] [--warm-up R] [--pipeline K]
//            [--stalled S] [--read-project ID] [--pid PID]
//
// With --pipeline K that many events are under way at once, which tells how many a second all watches get. --stalled adds S
// connections with a watch that nobody reads. --read-project reads that project's status all the while, one read at a time.
// --pid tells what the watches weigh in that process. Prints one line of `name=value` pairs, times in microseconds from
// the sending of the event's request.

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
#include "watch.h"

enum {
    CONNECTIONS_MAX = 20000,
    ROUNDS_MAX = 1000000,
    INPUT_BYTES = 256 << 10,
    /// Few, so that a read's answer is not long behind events that came with it.
    EVENTS_PER_WAIT = 16,
    STALL_MILLISECONDS = 20000,
};

enum role { ROLE_WATCHER, ROLE_TRIGGER, ROLE_READER };

struct connection {
    int socket;
    enum role role;
    /// The start of a frame whose rest has not come.
    uint8_t *partial;
    size_t partial_bytes;
};

static struct {
    const char *path, *project, *read_project;
    uint32_t watches, connections, rounds, warm_up, pipeline, stalled;
    int process;
} plan = {.watches = 1000, .connections = 1000, .rounds = 20, .warm_up = 3, .pipeline = 1};

static int epoll;
static uint8_t input[INPUT_BYTES];
static uint64_t snapshots, events, event_bytes, answers;
static uint64_t first_at, last_at, read_sent_at;
static struct latency_histogram reads;
static uint8_t read_frame[REQUEST_FRAME_BYTES_MAX], report_frame[REPORT_FRAME_BYTES_MAX];
static size_t read_frame_bytes, report_frame_bytes;
static uint32_t read_stream_id = 1, report_stream_id = 1;

static struct connection *connect_as(enum role role) {
    struct connection *connection = calloc(1, sizeof *connection);
    if (connection == NULL) die("no memory for a connection");
    *connection = (struct connection){.socket = connect_unix(plan.path, 10), .role = role};
    return connection;
}

static void listen_to(struct connection *connection) {
    struct epoll_event event = {.events = EPOLLIN, .data.ptr = connection};
    if (fcntl(connection->socket, F_SETFL, O_NONBLOCK) != 0 ||
        epoll_ctl(epoll, EPOLL_CTL_ADD, connection->socket, &event) != 0)
        die("epoll_ctl");
}

static void send_frame(struct connection *connection, uint8_t *frame, size_t count, uint32_t stream_id) {
    frame_set_stream_id(frame, stream_id);
    if (send(connection->socket, frame, count, MSG_NOSIGNAL) != (ssize_t)count) die("sending a request");
}

static void send_read(struct connection *reader) {
    send_frame(reader, read_frame, read_frame_bytes, read_stream_id);
    read_stream_id += 2;
    read_sent_at = monotonic_nanoseconds();
}

static void take_frame(struct connection *connection, struct frame_header header, const uint8_t *data) {
    if (connection->role == ROLE_WATCHER) {
        if (header.type != FRAME_TYPE_DATA || header.data_bytes == 0) die("a watch has ended");
        if (data[0] == WATCH_EVENT_TAG) {
            last_at = monotonic_nanoseconds();
            if (first_at == 0) first_at = last_at;
            events += 1;
            event_bytes = header.data_bytes;
        } else if (data[0] == 0x0a) {
            snapshots += 1;
        }
        return;
    }
    if (header.type != FRAME_TYPE_RESPONSE || !response_is_plain(data, header.data_bytes)) die("an answer is an error");
    if (connection->role == ROLE_TRIGGER) {
        answers += 1;
    } else {
        latency_record(&reads, monotonic_nanoseconds() - read_sent_at);
        send_read(connection);
    }
}

static void receive(struct connection *connection) {
    size_t available = connection->partial_bytes;
    if (available > 0) memcpy(input, connection->partial, available);
    free(connection->partial);
    connection->partial = NULL;
    connection->partial_bytes = 0;
    ssize_t received = recv(connection->socket, input + available, INPUT_BYTES - available, 0);
    if (received < 0 && errno != EAGAIN && errno != EINTR) die("recv");
    if (received == 0) die("the server closed the connection");
    available += received < 0 ? 0 : (size_t)received;

    size_t position = 0;
    while (available - position >= FRAME_HEADER_BYTES) {
        struct frame_header header = frame_header_read(input + position);
        if (header.data_bytes > INPUT_BYTES - FRAME_HEADER_BYTES) die("a frame of %u bytes", header.data_bytes);
        if (available - position < FRAME_HEADER_BYTES + header.data_bytes) break;
        take_frame(connection, header, input + position + FRAME_HEADER_BYTES);
        position += FRAME_HEADER_BYTES + header.data_bytes;
    }
    if (position == available) return;
    connection->partial_bytes = available - position;
    connection->partial = malloc(connection->partial_bytes);
    if (connection->partial == NULL) die("no memory for a frame");
    memcpy(connection->partial, input + position, connection->partial_bytes);
}

/// Receives until the counter has come so far.
static void receive_until(const uint64_t *counter, uint64_t wanted, const char *what) {
    struct epoll_event ready[EVENTS_PER_WAIT];
    while (*counter < wanted) {
        int count = epoll_wait(epoll, ready, EVENTS_PER_WAIT, STALL_MILLISECONDS);
        if (count < 0 && errno != EINTR) die("epoll_wait");
        errno = 0;
        if (count == 0) die("only %ju of %ju %s came", (uintmax_t)*counter, (uintmax_t)wanted, what);
        for (int index = 0; index < count; index++) receive(ready[index].data.ptr);
    }
}

static void report(struct connection *trigger) {
    send_frame(trigger, report_frame, report_frame_bytes, report_stream_id);
    report_stream_id += 2;
}

static int ascending(const void *left, const void *right) {
    double difference = *(const double *)left - *(const double *)right;
    return (difference > 0) - (difference < 0);
}

static double median(double *values, uint32_t count) {
    qsort(values, count, sizeof *values, ascending);
    return values[count / 2];
}

/// One event after the other: when it is with the first and with the last.
static void measure_rounds(struct connection *trigger) {
    double *first = calloc(plan.rounds, sizeof *first), *last = calloc(plan.rounds, sizeof *last),
           *spread = calloc(plan.rounds, sizeof *spread);
    if (first == NULL || last == NULL || spread == NULL) die("no memory for the rounds");
    for (uint32_t round = 0; round < plan.warm_up + plan.rounds; round++) {
        first_at = 0;
        uint64_t sent = monotonic_nanoseconds(), answered = answers + 1;
        report(trigger);
        receive_until(&events, events + plan.watches, "events");
        uint64_t last_arrival = last_at;
        receive_until(&answers, answered, "answers");
        if (round < plan.warm_up) continue;
        uint32_t index = round - plan.warm_up;
        first[index] = (double)(first_at - sent) / 1000;
        last[index] = (double)(last_arrival - sent) / 1000;
        spread[index] = (double)(last_arrival - first_at) / 1000;
    }
    printf("first_us=%.1f last_us=%.1f spread_us=%.1f ", median(first, plan.rounds), median(last, plan.rounds),
           median(spread, plan.rounds));
}

/// Several under way at once.
static void measure_stream(struct connection *trigger) {
    uint64_t begun = monotonic_nanoseconds(), seen = events, answered = answers;
    for (uint32_t round = 0; round < plan.rounds; round++) {
        if (round >= plan.pipeline) receive_until(&answers, answered + round - plan.pipeline + 1, "answers");
        report(trigger);
    }
    receive_until(&events, seen + (uint64_t)plan.rounds * plan.watches, "events");
    double seconds = (double)(last_at - begun) / 1e9;
    printf("events_per_second=%.0f deliveries_per_second=%.0f ", plan.rounds / seconds,
           (double)plan.rounds * plan.watches / seconds);
}

static void open_watches(struct connection **watchers) {
    uint8_t frame[REQUEST_FRAME_BYTES_MAX];
    size_t frame_bytes = frame_of_watch(frame, plan.project);
    for (uint32_t index = 0; index < plan.watches; index++) {
        struct connection *connection = watchers[index % plan.connections];
        send_frame(connection, frame, frame_bytes, 3 + 2 * (index / plan.connections));
        // In small crowds, so that no backlog of answers forms.
        if (index % 64 == 63) receive_until(&snapshots, index + 1, "snapshots");
    }
    receive_until(&snapshots, plan.watches, "snapshots");
}

static void stall(void) {
    uint8_t frame[REQUEST_FRAME_BYTES_MAX];
    size_t frame_bytes = frame_of_watch(frame, plan.project);
    for (uint32_t index = 0; index < plan.stalled; index++)
        send_frame(connect_as(ROLE_WATCHER), frame, frame_bytes, 1);
}

static void parse(int count, char **arguments) {
    static const struct option options[] = {
        {"socket", required_argument, NULL, 's'},      {"project", required_argument, NULL, 'p'},
        {"watches", required_argument, NULL, 'w'},     {"connections", required_argument, NULL, 'c'},
        {"rounds", required_argument, NULL, 'r'},      {"warm-up", required_argument, NULL, 'u'},
        {"pipeline", required_argument, NULL, 'k'},    {"stalled", required_argument, NULL, 't'},
        {"read-project", required_argument, NULL, 'g'}, {"pid", required_argument, NULL, 'i'},
        {NULL, 0, NULL, 0}};
    for (int option; (option = getopt_long(count, arguments, "", options, NULL)) != -1;) {
        switch (option) {
        case 's': plan.path = optarg; break;
        case 'p': plan.project = optarg; break;
        case 'g': plan.read_project = optarg; break;
        case 'w': plan.watches = (uint32_t)option_number("watches", optarg, 1, 1e6); break;
        case 'c': plan.connections = (uint32_t)option_number("connections", optarg, 1, CONNECTIONS_MAX); break;
        case 'r': plan.rounds = (uint32_t)option_number("rounds", optarg, 1, ROUNDS_MAX); break;
        case 'u': plan.warm_up = (uint32_t)option_number("warm-up", optarg, 0, ROUNDS_MAX); break;
        case 'k': plan.pipeline = (uint32_t)option_number("pipeline", optarg, 1, 100); break;
        case 't': plan.stalled = (uint32_t)option_number("stalled", optarg, 0, CONNECTIONS_MAX); break;
        case 'i': plan.process = (int)option_number("pid", optarg, 1, INT32_MAX); break;
        default: exit(64);
        }
    }
    if (plan.path == NULL || plan.project == NULL || plan.watches < plan.connections)
        die("usage: watch-load --socket PATH --project ID [--watches N] [--connections M, at most N]");
}

int main(int count, char **arguments) {
    parse(count, arguments);
    raise_file_limit();
    epoll = epoll_create1(EPOLL_CLOEXEC);
    struct connection **watchers = calloc(plan.connections, sizeof *watchers);
    if (epoll < 0 || watchers == NULL) die("epoll_create1");
    report_frame_bytes = frame_of_report(report_frame, plan.project);

    struct connection *trigger = connect_as(ROLE_TRIGGER);
    listen_to(trigger);
    for (uint32_t index = 0; index < plan.connections; index++) {
        watchers[index] = connect_as(ROLE_WATCHER);
        if (plan.process != 0) {
            uint8_t frame[REQUEST_FRAME_BYTES_MAX];
            size_t frame_bytes = frame_of_get_status(frame, plan.project);
            frame_set_stream_id(frame, 1);
            call_once(watchers[index]->socket, frame, frame_bytes);
        }
        listen_to(watchers[index]);
    }
    uint64_t before = plan.process != 0 ? resident_bytes(plan.process) : 0;
    open_watches(watchers);
    uint64_t after = plan.process != 0 ? resident_bytes(plan.process) : 0;
    stall();
    if (plan.read_project != NULL) {
        struct connection *reader = connect_as(ROLE_READER);
        listen_to(reader);
        read_frame_bytes = frame_of_get_status(read_frame, plan.read_project);
        send_read(reader);
    }

    printf("watches=%u connections=%u ", plan.watches, plan.connections);
    if (plan.pipeline > 1) measure_stream(trigger);
    else measure_rounds(trigger);
    if (plan.read_project != NULL)
        printf("reads=%ju read_p50_us=%.1f read_p99_us=%.1f ", (uintmax_t)reads.count,
               (double)latency_quantile(&reads, 0.5) / 1000, (double)latency_quantile(&reads, 0.99) / 1000);
    if (plan.process != 0) printf("bytes_per_watch=%.0f ", ((double)after - (double)before) / plan.watches);
    printf("event_bytes=%ju\n", (uintmax_t)event_bytes);
}
