// How long after exec a daemon gives its first answer: starts it, tries to connect every 100 µs, asks for one status, stops
// it, and so on; the median of all. The time of starting the process itself is part of it.
//
// first-answer --socket PATH --project ID [--times N] -- COMMAND [ARGUMENT…]

#include <errno.h>
#include <getopt.h>
#include <signal.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include "measure.h"

enum { TIMES_MAX = 1000, PATIENCE_SECONDS = 10 };

extern char **environ;

/// The daemon that runs now; 0 when none does.
static pid_t process;

static void kill_process(void) {
    if (process != 0) kill(process, SIGKILL);
}

/// Asks the process to end, and waits: it must be gone before the next one takes its socket.
static void stop_process(void) {
    uint64_t deadline = monotonic_nanoseconds() + PATIENCE_SECONDS * 1000000000ull;
    kill(process, SIGTERM);
    while (waitpid(process, NULL, WNOHANG) == 0) {
        errno = 0;
        if (monotonic_nanoseconds() >= deadline)
            die("the daemon does not end on SIGTERM within %d s", PATIENCE_SECONDS);
        nanosleep(&(struct timespec){.tv_nsec = 1000000}, NULL);
    }
    process = 0;
}

static uint64_t measure_once(const char *path, const uint8_t *request, size_t request_bytes, char **command) {
    unlink(path);
    uint64_t started = monotonic_nanoseconds();
    int error = posix_spawnp(&process, command[0], NULL, NULL, command, environ);
    if (error != 0) {
        process = 0;
        errno = error;
        die("cannot start %s", command[0]);
    }
    int socket = connect_unix(path, PATIENCE_SECONDS);
    call_once(socket, request, request_bytes);
    uint64_t taken = monotonic_nanoseconds() - started;
    close(socket);
    stop_process();
    return taken;
}

static int by_size(const void *left, const void *right) {
    uint64_t a = *(const uint64_t *)left, b = *(const uint64_t *)right;
    return (a > b) - (a < b);
}

int main(int count, char **arguments) {
    static const struct option options[] = {{"socket", required_argument, NULL, 's'},
                                            {"project", required_argument, NULL, 'p'},
                                            {"times", required_argument, NULL, 'n'},
                                            {NULL, 0, NULL, 0}};
    const char *path = NULL, *project = NULL;
    uint32_t times = 10;
    for (int option; (option = getopt_long(count, arguments, "+", options, NULL)) != -1;) {
        if (option == 's') path = optarg;
        else if (option == 'p') project = optarg;
        else if (option == 'n') times = (uint32_t)option_number("times", optarg, 1, TIMES_MAX);
        else return 64;
    }
    if (path == NULL || project == NULL || optind == count)
        die("usage: first-answer --socket PATH --project ID [--times N] -- COMMAND…");

    uint8_t request[REQUEST_FRAME_BYTES_MAX];
    size_t request_bytes = frame_of_get_status(request, project);
    frame_set_stream_id(request, 1);
    atexit(kill_process);
    prctl(PR_SET_TIMERSLACK, 1);  // else each pause takes 50 µs more

    uint64_t taken[TIMES_MAX];
    for (uint32_t index = 0; index < times; index++)
        taken[index] = measure_once(path, request, request_bytes, arguments + optind);
    qsort(taken, times, sizeof taken[0], by_size);
    printf("times=%u median_ms=%.2f min_ms=%.2f max_ms=%.2f\n", times, milliseconds(taken[times / 2]),
           milliseconds(taken[0]), milliseconds(taken[times - 1]));
}
