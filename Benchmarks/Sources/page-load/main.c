// Replays the pages that people load: asks for the status of PREFIX0, PREFIX1 and so on as `plan.h` says, each page at its
// time whether or not those before it are answered.
//
// page-load --socket PATH --prefix TEXT --projects N --visits N --seconds S --seed N
//
// Prints one line of `name=value` pairs. `hit_percent`: answers that caused no request of their own, which are hits,
// stale ones and those that joined a refresh. `strict_percent`: only hits and stale ones that came at once. Times run
// from sending a call to its answer.

#include <errno.h>
#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/epoll.h>
#include <sys/prctl.h>

#include "caller.h"
#include "measure.h"
#include "plan.h"
#include "status.h"

enum {
    PROJECTS_MAX = 10000,
    CONNECTIONS = 16,
    STALL_MILLISECONDS = 20000,
    /// No provider of the mix is nearer: an answer within it has waited for none.
    AT_ONCE_NANOSECONDS = 50000000,
};

struct visit {
    uint64_t sent_at;
    bool is_first;
};

static struct plan plan;
static struct visit *visits;
static uint64_t sources[ANSWER_SOURCES], at_once_count;
static struct latency_histogram latencies, first_latencies;
static uint64_t slowest;

static void answered(void *context, const uint8_t *data, uint32_t data_bytes) {
    struct visit *visit = context;
    uint64_t taken = monotonic_nanoseconds() - visit->sent_at;
    latency_record(&latencies, taken);
    if (visit->is_first) latency_record(&first_latencies, taken);
    if (taken > slowest) slowest = taken;
    enum answer_source source = answer_source_of(data, data_bytes);
    sources[source] += 1;
    if ((source == ANSWER_HIT || source == ANSWER_STALE) && taken < AT_ONCE_NANOSECONDS) at_once_count += 1;
}

static void load_page(struct caller *callers, const char *prefix, uint32_t index, bool *is_known) {
    const struct page *page = &plan.pages[index];
    char project[128];
    uint8_t frame[REQUEST_FRAME_BYTES_MAX];
    snprintf(project, sizeof project, "%.100s%u", prefix, page->project);
    enum reading_mode mode = page->wait_milliseconds_max > 0 ? READING_MODE_PREFER_FRESH : READING_MODE_CACHED;
    size_t frame_bytes = frame_of_get_status_in_mode(frame, project, mode, page->wait_milliseconds_max);
    visits[index] = (struct visit){monotonic_nanoseconds(), !is_known[page->project]};
    is_known[page->project] = true;
    caller_send(&callers[index % CONNECTIONS], frame, frame_bytes, &visits[index]);
}

static uint32_t calls_in_flight(const struct caller *callers) {
    uint32_t count = 0;
    for (uint32_t index = 0; index < CONNECTIONS; index++) count += callers[index].in_flight;
    return count;
}

/// Until the next page is due, rounded up so that no turn is spent in vain; while none is left, as long as patience lasts.
static int milliseconds_until_next(uint32_t next, uint64_t started) {
    if (next == plan.count) return STALL_MILLISECONDS;
    uint64_t due = started + plan.pages[next].at_nanoseconds, now = monotonic_nanoseconds();
    return due <= now ? 0 : (int)((due - now + 999999) / 1000000);
}

static void replay(struct caller *callers, int epoll, const char *prefix, bool *is_known) {
    uint64_t started = monotonic_nanoseconds();
    uint32_t next = 0;
    while (next < plan.count || calls_in_flight(callers) > 0) {
        while (next < plan.count && started + plan.pages[next].at_nanoseconds <= monotonic_nanoseconds())
            load_page(callers, prefix, next++, is_known);
        struct epoll_event events[CONNECTIONS];
        int count = epoll_wait(epoll, events, CONNECTIONS, milliseconds_until_next(next, started));
        if (count < 0 && errno != EINTR) die("epoll_wait");
        errno = 0;
        if (count == 0 && next == plan.count) die("no answer for %d ms", STALL_MILLISECONDS);
        for (int index = 0; index < count; index++) caller_receive(events[index].data.ptr, answered);
    }
}

static double percent(uint64_t part) {
    return 100 * (double)part / (double)latencies.count;
}

static void print_result(void) {
    uint64_t hits = sources[ANSWER_HIT] + sources[ANSWER_STALE] + sources[ANSWER_COLLAPSED];
    printf("loads=%ju projects_read=%ju hits=%ju stale=%ju collapsed=%ju fetched=%ju checking=%ju hit_percent=%.2f "
           "strict_percent=%.2f ",
           (uintmax_t)latencies.count, (uintmax_t)first_latencies.count, (uintmax_t)sources[ANSWER_HIT],
           (uintmax_t)sources[ANSWER_STALE], (uintmax_t)sources[ANSWER_COLLAPSED], (uintmax_t)sources[ANSWER_FETCHED],
           (uintmax_t)sources[ANSWER_CHECKING], percent(hits), percent(at_once_count));
    printf("p50_ms=%.3f p95_ms=%.2f p99_ms=%.2f max_ms=%.2f first_p95_ms=%.2f\n",
           milliseconds(latency_quantile(&latencies, 0.5)), milliseconds(latency_quantile(&latencies, 0.95)),
           milliseconds(latency_quantile(&latencies, 0.99)), milliseconds(slowest),
           milliseconds(latency_quantile(&first_latencies, 0.95)));
}

int main(int count, char **arguments) {
    static const struct option options[] = {{"socket", required_argument, NULL, 's'},
                                            {"prefix", required_argument, NULL, 'p'},
                                            {"projects", required_argument, NULL, 'n'},
                                            {"visits", required_argument, NULL, 'v'},
                                            {"seconds", required_argument, NULL, 'd'},
                                            {"seed", required_argument, NULL, 'e'},
                                            {NULL, 0, NULL, 0}};
    const char *path = NULL, *prefix = NULL;
    uint32_t projects = 200;
    double visits_per_second = 50, seconds = 60, seed = 1;
    for (int option; (option = getopt_long(count, arguments, "", options, NULL)) != -1;) {
        if (option == 's') path = optarg;
        else if (option == 'p') prefix = optarg;
        else if (option == 'n') projects = (uint32_t)option_number("projects", optarg, 1, PROJECTS_MAX);
        else if (option == 'v') visits_per_second = option_number("visits", optarg, 0.1, 10000);
        else if (option == 'd') seconds = option_number("seconds", optarg, 0.1, 3600);
        else if (option == 'e') seed = option_number("seed", optarg, 0, 4294967295);
        else return 64;
    }
    if (path == NULL || prefix == NULL)
        die("usage: page-load --socket PATH --prefix TEXT --projects N --visits N --seconds S --seed N");

    plan = plan_of((uint64_t)seed, projects, visits_per_second, seconds);
    visits = calloc(plan.count + 1, sizeof *visits);
    bool *is_known = calloc(projects, sizeof *is_known);
    int epoll = epoll_create1(EPOLL_CLOEXEC);
    if (visits == NULL || is_known == NULL || epoll < 0) die("epoll_create1");
    prctl(PR_SET_TIMERSLACK, 1);  // else each wait takes 50 µs more
    struct caller callers[CONNECTIONS];
    for (uint32_t index = 0; index < CONNECTIONS; index++) caller_open(&callers[index], path, 10, epoll);
    if (plan.count == 0) die("no page within %g s; ask for more", seconds);
    replay(callers, epoll, prefix, is_known);
    print_result();
}
