#include "watch.h"

#include <sys/resource.h>

#include "measure.h"

// Field tags: the ttrpc envelope's `Request { service = 1, method = 2, payload = 3 }`, `WatchRequest { project_ids = 1 }`,
// `ReportRunRequest { project_id = 1, kind = 2, results = 3 }` and `RunResult { name = 1, message = 5 }`.
enum {
    TAG_1 = 0x0a,
    TAG_2 = 0x12,
    TAG_3 = 0x1a,
    TAG_5 = 0x2a,
    /// Characters that an event quotes of a failed check, fewer than 200, of eight bytes each.
    CHARACTERS = 115,
};

static size_t field_write(uint8_t *at, uint8_t tag, const void *bytes, size_t count) {
    size_t prefix = 1;
    at[0] = tag;
    for (size_t rest = count; prefix == 1 || rest > 0; rest >>= 7) at[prefix++] = (uint8_t)(rest | 0x80);
    at[prefix - 1] &= 0x7f;
    memcpy(at + prefix, bytes, count);
    return prefix + count;
}

static size_t request_write(
    uint8_t *buffer, const char *service, const char *method, const uint8_t *payload, size_t payload_bytes, uint8_t flags) {
    uint8_t *data = buffer + FRAME_HEADER_BYTES;
    size_t count = field_write(data, TAG_1, service, strlen(service));
    count += field_write(data + count, TAG_2, method, strlen(method));
    count += field_write(data + count, TAG_3, payload, payload_bytes);
    frame_header_write(
        buffer, (struct frame_header){.data_bytes = (uint32_t)count, .type = FRAME_TYPE_REQUEST, .flags = flags});
    return FRAME_HEADER_BYTES + count;
}

static void check_name(const char *project) {
    size_t count = strlen(project);
    if (count == 0 || count > 128) die("the project's name must have 1 to 128 bytes");
}

size_t frame_of_watch(uint8_t *buffer, const char *project) {
    check_name(project);
    uint8_t payload[192];
    size_t count = field_write(payload, TAG_1, project, strlen(project));
    return request_write(
        buffer, "telltale.v1.StatusService", "Watch", payload, count, FRAME_FLAG_REMOTE_CLOSED);
}

size_t frame_of_report(uint8_t *buffer, const char *project) {
    static const char kind[] = "smoke_tests", name[] = "home", character[] = "\xf0\x9f\x87\xa9\xf0\x9f\x87\xaa";
    check_name(project);
    char message[CHARACTERS * (sizeof character - 1)];
    for (size_t index = 0; index < CHARACTERS; index++)
        memcpy(message + index * (sizeof character - 1), character, sizeof character - 1);

    uint8_t result[sizeof message + 64], payload[sizeof result + 192];
    size_t result_bytes = field_write(result, TAG_1, name, sizeof name - 1);
    result_bytes += field_write(result + result_bytes, TAG_5, message, sizeof message);
    size_t count = field_write(payload, TAG_1, project, strlen(project));
    count += field_write(payload + count, TAG_2, kind, sizeof kind - 1);
    count += field_write(payload + count, TAG_3, result, result_bytes);
    return request_write(buffer, "telltale.v1.IngestService", "ReportRun", payload, count, 0);
}

void raise_file_limit(void) {
    struct rlimit files;
    if (getrlimit(RLIMIT_NOFILE, &files) != 0) die("getrlimit");
    files.rlim_cur = files.rlim_max;
    setrlimit(RLIMIT_NOFILE, &files);  // where that is refused, connecting says so
}
