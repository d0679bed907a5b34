// Reads every project of a daemon: PREFIX0, PREFIX1 and so on, many at a time, and those of which something is missing
// again until nothing is.
//
// many-projects --socket PATH --prefix TEXT --projects N --configured N [--in-flight K] [--patience S]
//
// Prints one line of `name=value` pairs. When the time is over before each of a project's `--configured` items has an
// answer of its provider, for all projects, it ends with 1.

#include <errno.h>
#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/epoll.h>

#include "caller.h"
#include "measure.h"
#include "status.h"

enum { PROJECTS_MAX = 100000, ITEMS_MAX = 4, CONNECTIONS = 4, STALL_MILLISECONDS = 20000, PAUSE_MILLISECONDS = 200 };

struct project {
    uint32_t index;
    bool is_whole;
};

static struct {
    const char *path;
    const char *prefix;
    uint32_t projects;
    uint32_t configured;
    uint32_t in_flight;
    double patience_seconds;
} plan = {.projects = 10000, .in_flight = 64, .patience_seconds = 300};

static struct project *projects;
static uint32_t whole_count;
static uint64_t calls, answers_bytes;

static void answered(void *context, const uint8_t *data, uint32_t data_bytes) {
    struct project *project = context;
    struct status_items items = status_items_of(data, data_bytes);
    if (items.configured != plan.configured)
        die("%s%u has %u items, not %u", plan.prefix, project->index, items.configured, plan.configured);
    project->is_whole = items.answered == plan.configured;
    if (project->is_whole) {
        whole_count += 1;
        answers_bytes += data_bytes;
    }
}

static void ask(struct caller *caller, struct project *project) {
    uint8_t frame[REQUEST_FRAME_BYTES_MAX];
    char name[128];
    snprintf(name, sizeof name, "%.100s%u", plan.prefix, project->index);
    caller_send(caller, frame, frame_of_get_status(frame, name), project);
    calls += 1;
}

/// The next project of which something is missing; NULL when this round has come to all of them.
static struct project *next(uint32_t *position) {
    while (*position < plan.projects && projects[*position].is_whole) *position += 1;
    return *position < plan.projects ? &projects[(*position)++] : NULL;
}

/// Reads once whatever is not whole.
static void read_round(struct caller *callers, int epoll) {
    uint32_t position = 0, in_flight;
    struct project *project = next(&position);
    do {
        in_flight = 0;
        for (uint32_t index = 0; index < CONNECTIONS; index++) {
            while (project != NULL && callers[index].in_flight < plan.in_flight / CONNECTIONS) {
                ask(&callers[index], project);
                project = next(&position);
            }
            in_flight += callers[index].in_flight;
        }
        if (in_flight == 0) return;
        struct epoll_event events[CONNECTIONS];
        int count = epoll_wait(epoll, events, CONNECTIONS, STALL_MILLISECONDS);
        if (count < 0 && errno != EINTR) die("epoll_wait");
        errno = 0;
        if (count == 0) die("no answer for %d ms, %u calls in flight", STALL_MILLISECONDS, in_flight);
        for (int index = 0; index < count; index++) caller_receive(events[index].data.ptr, answered);
    } while (true);
}

int main(int count, char **arguments) {
    static const struct option options[] = {{"socket", required_argument, NULL, 's'},
                                            {"prefix", required_argument, NULL, 'p'},
                                            {"projects", required_argument, NULL, 'n'},
                                            {"configured", required_argument, NULL, 'c'},
                                            {"in-flight", required_argument, NULL, 'k'},
                                            {"patience", required_argument, NULL, 't'},
                                            {NULL, 0, NULL, 0}};
    for (int option; (option = getopt_long(count, arguments, "", options, NULL)) != -1;) {
        if (option == 's') plan.path = optarg;
        else if (option == 'p') plan.prefix = optarg;
        else if (option == 'n') plan.projects = (uint32_t)option_number("projects", optarg, 1, PROJECTS_MAX);
        else if (option == 'c') plan.configured = (uint32_t)option_number("configured", optarg, 1, ITEMS_MAX);
        else if (option == 'k')
            plan.in_flight = (uint32_t)option_number("in-flight", optarg, CONNECTIONS, CONNECTIONS * CALLER_CALLS_MAX);
        else if (option == 't') plan.patience_seconds = option_number("patience", optarg, 1, 3600);
        else return 64;
    }
    if (plan.path == NULL || plan.prefix == NULL || plan.configured == 0)
        die("usage: many-projects --socket PATH --prefix TEXT --projects N --configured N");

    int epoll = epoll_create1(EPOLL_CLOEXEC);
    projects = calloc(plan.projects, sizeof *projects);
    if (epoll < 0 || projects == NULL) die("epoll_create1");
    for (uint32_t index = 0; index < plan.projects; index++) projects[index].index = index;
    struct caller callers[CONNECTIONS];
    for (uint32_t index = 0; index < CONNECTIONS; index++) caller_open(&callers[index], plan.path, 10, epoll);

    uint64_t started = monotonic_nanoseconds();
    uint32_t rounds = 0;
    while (true) {
        read_round(callers, epoll);
        rounds += 1;
        if (whole_count == plan.projects) break;
        if (milliseconds(monotonic_nanoseconds() - started) > plan.patience_seconds * 1000)
            die("after %.0f s only %u of %u projects are whole", plan.patience_seconds, whole_count, plan.projects);
        nanosleep(&(struct timespec){.tv_nsec = PAUSE_MILLISECONDS * 1000000}, NULL);
    }
    printf("projects=%u rounds=%u calls=%ju seconds=%.2f answer_bytes=%.0f\n", plan.projects, rounds, (uintmax_t)calls,
           milliseconds(monotonic_nanoseconds() - started) / 1000, (double)answers_bytes / plan.projects);
}
