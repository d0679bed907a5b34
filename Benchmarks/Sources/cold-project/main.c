// How long the first status of a project takes that the daemon has never read: asks for PREFIX0, PREFIX1 and so on, one
// after another, each once.
//
// cold-project --socket PATH --prefix TEXT --projects N --configured N --answered N
//
// Prints one line of `name=value` pairs. A first answer in which fewer than `--answered` of `--configured` items have an
// answer of their provider ends it with 1: a fast answer that says nothing is none.

#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>

#include "measure.h"
#include "status.h"

enum { PROJECTS_MAX = 10000, ITEMS_MAX = 4, PATIENCE_SECONDS = 10 };

static int by_size(const void *left, const void *right) {
    uint64_t a = *(const uint64_t *)left, b = *(const uint64_t *)right;
    return (a > b) - (a < b);
}

/// The duration that so many percent of the sorted ones do not exceed.
static double percentile_milliseconds(const uint64_t *sorted, uint32_t count, uint32_t percent) {
    return milliseconds(sorted[(count * percent + 99) / 100 - 1]);
}

static uint64_t measure_once(int socket, const char *project, uint32_t stream_id, struct status_items wanted) {
    uint8_t request[REQUEST_FRAME_BYTES_MAX];
    size_t request_bytes = frame_of_get_status(request, project);
    frame_set_stream_id(request, stream_id);

    uint32_t answer_bytes;
    uint64_t asked = monotonic_nanoseconds();
    uint8_t *answer = call_for_answer(socket, request, request_bytes, &answer_bytes);
    uint64_t taken = monotonic_nanoseconds() - asked;

    struct status_items items = status_items_of(answer, answer_bytes);
    free(answer);
    if (items.configured != wanted.configured || items.answered < wanted.answered)
        die("the first answer about %s came after %.1f ms with %u of %u items answered, not %u of %u", project,
            milliseconds(taken), items.answered, items.configured, wanted.answered, wanted.configured);
    return taken;
}

int main(int count, char **arguments) {
    static const struct option options[] = {{"socket", required_argument, NULL, 's'},
                                            {"prefix", required_argument, NULL, 'p'},
                                            {"projects", required_argument, NULL, 'n'},
                                            {"configured", required_argument, NULL, 'c'},
                                            {"answered", required_argument, NULL, 'a'},
                                            {NULL, 0, NULL, 0}};
    const char *path = NULL, *prefix = NULL;
    uint32_t projects = 100;
    struct status_items wanted = {0};
    for (int option; (option = getopt_long(count, arguments, "", options, NULL)) != -1;) {
        if (option == 's') path = optarg;
        else if (option == 'p') prefix = optarg;
        else if (option == 'n') projects = (uint32_t)option_number("projects", optarg, 1, PROJECTS_MAX);
        else if (option == 'c') wanted.configured = (uint32_t)option_number("configured", optarg, 1, ITEMS_MAX);
        else if (option == 'a') wanted.answered = (uint32_t)option_number("answered", optarg, 0, ITEMS_MAX);
        else return 64;
    }
    if (path == NULL || prefix == NULL || wanted.configured == 0)
        die("usage: cold-project --socket PATH --prefix TEXT --projects N --configured N --answered N");

    static uint64_t taken[PROJECTS_MAX];
    int socket = connect_unix(path, PATIENCE_SECONDS);
    for (uint32_t index = 0; index < projects; index++) {
        char project[128];
        snprintf(project, sizeof project, "%.100s%u", prefix, index);
        taken[index] = measure_once(socket, project, 2 * index + 1, wanted);
    }
    qsort(taken, projects, sizeof taken[0], by_size);
    printf("projects=%u p50_ms=%.2f p95_ms=%.2f max_ms=%.2f\n", projects, percentile_milliseconds(taken, projects, 50),
           percentile_milliseconds(taken, projects, 95), milliseconds(taken[projects - 1]));
}
