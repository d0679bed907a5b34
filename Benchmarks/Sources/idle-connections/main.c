// What a server holds for a connection that has made a call and is idle now: resident memory with one connection and with
// N more, divided by N.
//
// idle-connections --socket PATH --project ID --pid PID [--connections N]

#include <getopt.h>
#include <stdio.h>
#include <sys/resource.h>

#include "measure.h"

enum { CONNECTIONS_MAX = 4096 };

static void open_and_call(const char *path, const uint8_t *request, size_t request_bytes) {
    call_once(connect_unix(path, 5), request, request_bytes);  // stays open until this process ends
}

int main(int count, char **arguments) {
    static const struct option options[] = {{"socket", required_argument, NULL, 's'},
                                            {"project", required_argument, NULL, 'p'},
                                            {"pid", required_argument, NULL, 'i'},
                                            {"connections", required_argument, NULL, 'c'},
                                            {NULL, 0, NULL, 0}};
    const char *path = NULL, *project = NULL;
    int process = 0;
    uint32_t connections = 200;
    for (int option; (option = getopt_long(count, arguments, "", options, NULL)) != -1;) {
        if (option == 's') path = optarg;
        else if (option == 'p') project = optarg;
        else if (option == 'i') process = (int)option_number("pid", optarg, 1, INT32_MAX);
        else if (option == 'c') connections = (uint32_t)option_number("connections", optarg, 1, CONNECTIONS_MAX);
        else return 64;
    }
    if (path == NULL || project == NULL || process == 0)
        die("usage: idle-connections --socket PATH --project ID --pid PID [--connections N]");

    struct rlimit files = {CONNECTIONS_MAX + 64, CONNECTIONS_MAX + 64};
    setrlimit(RLIMIT_NOFILE, &files);  // where that is refused, connecting says so

    uint8_t request[REQUEST_FRAME_BYTES_MAX];
    size_t request_bytes = frame_of_get_status(request, project);
    frame_set_stream_id(request, 1);

    open_and_call(path, request, request_bytes);
    uint64_t before = resident_bytes(process);
    for (uint32_t index = 0; index < connections; index++) open_and_call(path, request, request_bytes);
    uint64_t after = resident_bytes(process);
    printf("connections=%u idle_bytes=%ju connected_bytes=%ju bytes_per_connection=%.0f\n", connections,
           (uintmax_t)before, (uintmax_t)after, ((double)after - (double)before) / connections);
}
