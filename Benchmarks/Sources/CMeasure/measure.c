#include "measure.h"

#include <errno.h>
#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

_Noreturn void die(const char *format, ...) {
    int error = errno;
    va_list arguments;
    va_start(arguments, format);
    fprintf(stderr, "%s: ", program_invocation_short_name);
    vfprintf(stderr, format, arguments);
    va_end(arguments);
    if (error != 0) fprintf(stderr, ": %s", strerror(error));
    fputc('\n', stderr);
    exit(1);
}

double option_number(const char *name, const char *text, double min, double max) {
    char *end;
    double value = strtod(text, &end);
    errno = 0;
    if (end == text || *end != 0 || !(value >= min && value <= max))
        die("--%s takes a number from %g to %g, not '%s'", name, min, max, text);
    return value;
}

int connect_unix(const char *path, double patience_seconds) {
    struct sockaddr_un address = {.sun_family = AF_UNIX};
    if (strlen(path) >= sizeof address.sun_path) die("a socket's path has at most 107 bytes: %s", path);
    strcpy(address.sun_path, path);

    uint64_t deadline = monotonic_nanoseconds() + (uint64_t)(patience_seconds * 1e9);
    for (;;) {
        int descriptor = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
        if (descriptor < 0) die("socket");
        if (connect(descriptor, (struct sockaddr *)&address, sizeof address) == 0) {
            struct timeval limit = {.tv_sec = 10};
            setsockopt(descriptor, SOL_SOCKET, SO_RCVTIMEO, &limit, sizeof limit);
            errno = 0;
            return descriptor;
        }
        if ((errno != ENOENT && errno != ECONNREFUSED && errno != EAGAIN) || monotonic_nanoseconds() >= deadline)
            die("cannot connect to %s", path);
        close(descriptor);
        nanosleep(&(struct timespec){.tv_nsec = 100000}, NULL);
    }
}

static void read_whole(int socket, uint8_t *buffer, size_t count) {
    while (count > 0) {
        ssize_t received = read(socket, buffer, count);
        if (received < 0 && errno == EINTR) continue;
        if (received == 0) errno = ECONNRESET;
        if (received <= 0) die("waiting for an answer");
        buffer += received;
        count -= (size_t)received;
    }
}

/// The code of `Response { status: { code } }`, or 0 when there is none.
static unsigned status_code(const uint8_t *data, uint32_t data_bytes) {
    return data_bytes >= 4 && data[0] == 0x0a && data[2] == 0x08 ? data[3] : 0;
}

uint8_t *call_for_answer(int socket, const uint8_t *request, size_t request_bytes, uint32_t *answer_bytes) {
    if (write(socket, request, request_bytes) != (ssize_t)request_bytes) die("writing a request");

    uint8_t head[FRAME_HEADER_BYTES];
    read_whole(socket, head, sizeof head);
    struct frame_header header = frame_header_read(head);
    if (header.type != FRAME_TYPE_RESPONSE || header.stream_id != big_endian_read(request + 4) ||
        header.data_bytes > FRAME_DATA_BYTES_MAX)
        die("frame of type %u, stream %u, %u bytes is no answer", header.type, header.stream_id, header.data_bytes);

    uint8_t *data = malloc(header.data_bytes + 1);
    if (data == NULL) die("no memory for an answer of %u bytes", header.data_bytes);
    read_whole(socket, data, header.data_bytes);
    if (!response_is_plain(data, header.data_bytes))
        die("refused with status code %u", status_code(data, header.data_bytes));
    *answer_bytes = header.data_bytes;
    return data;
}

uint32_t call_once(int socket, const uint8_t *request, size_t request_bytes) {
    uint32_t answer_bytes;
    free(call_for_answer(socket, request, request_bytes, &answer_bytes));
    return answer_bytes;
}

uint64_t resident_bytes(int process) {
    char path[64], line[256];
    unsigned long kibibytes = 0;
    snprintf(path, sizeof path, "/proc/%d/smaps_rollup", process);
    FILE *file = fopen(path, "re");
    if (file == NULL) die("%s", path);
    while (fgets(line, sizeof line, file) != NULL)
        if (sscanf(line, "Rss: %lu", &kibibytes) == 1) break;
    fclose(file);
    if (kibibytes == 0) die("%s has no Rss", path);
    return (uint64_t)kibibytes << 10;
}
