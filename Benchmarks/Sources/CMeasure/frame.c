#include "frame.h"

#include "measure.h"

// Field tags of the ttrpc envelope: `Request { service = 1, method = 2, payload = 3 }`,
// `Response { status = 1, payload = 2 }`; each is a length-delimited field.
enum {
    TAG_REQUEST_SERVICE = 0x0a,
    TAG_REQUEST_METHOD = 0x12,
    TAG_REQUEST_PAYLOAD = 0x1a,
    TAG_RESPONSE_PAYLOAD = 0x12,
};

// Of telltale/v1/status_service.proto: `GetStatusRequest { project_id = 1, contract = 3, mode = 4 }`,
// `ReadersContract { max_wait = 2 }`, and `google.protobuf.Duration { nanos = 2 }`; two of them are numbers.
enum {
    TAG_GET_STATUS_PROJECT_ID = 0x0a,
    TAG_GET_STATUS_CONTRACT = 0x1a,
    TAG_GET_STATUS_MODE = 0x20,
    TAG_CONTRACT_MAX_WAIT = 0x12,
    TAG_DURATION_NANOS = 0x10,
};

static size_t varint_write(uint8_t *at, uint32_t value) {
    size_t count = 0;
    while (value >= 0x80) {
        at[count++] = (uint8_t)(value | 0x80);
        value >>= 7;
    }
    at[count++] = (uint8_t)value;
    return count;
}

static size_t field_write(uint8_t *at, uint8_t tag, const void *bytes, uint32_t count) {
    at[0] = tag;
    size_t prefix = 1 + varint_write(at + 1, count);
    memcpy(at + prefix, bytes, count);
    return prefix + count;
}

static size_t contract_write(uint8_t *at, uint32_t wait_milliseconds_max) {
    uint8_t duration[8], contract[16];
    duration[0] = TAG_DURATION_NANOS;
    size_t duration_bytes = 1 + varint_write(duration + 1, wait_milliseconds_max * 1000000u);
    size_t contract_bytes = field_write(contract, TAG_CONTRACT_MAX_WAIT, duration, (uint32_t)duration_bytes);
    return field_write(at, TAG_GET_STATUS_CONTRACT, contract, (uint32_t)contract_bytes);
}

size_t frame_of_get_status(uint8_t *buffer, const char *project) {
    return frame_of_get_status_in_mode(buffer, project, READING_MODE_CACHED, 0);
}

size_t frame_of_get_status_in_mode(
    uint8_t *buffer, const char *project, enum reading_mode mode, uint32_t wait_milliseconds_max) {
    static const char service[] = "telltale.v1.StatusService";
    static const char method[] = "GetStatus";
    size_t project_bytes = strlen(project);
    if (project_bytes == 0 || project_bytes > 128) die("the project's name must have 1 to 128 bytes");

    if (wait_milliseconds_max >= 1000) die("a reader waits for less than a second");

    uint8_t payload[192];
    size_t payload_bytes = field_write(payload, TAG_GET_STATUS_PROJECT_ID, project, (uint32_t)project_bytes);
    if (wait_milliseconds_max > 0) payload_bytes += contract_write(payload + payload_bytes, wait_milliseconds_max);
    if (mode != READING_MODE_CACHED) {
        payload[payload_bytes++] = TAG_GET_STATUS_MODE;
        payload[payload_bytes++] = (uint8_t)mode;
    }

    uint8_t *data = buffer + FRAME_HEADER_BYTES;
    size_t data_bytes = field_write(data, TAG_REQUEST_SERVICE, service, sizeof service - 1);
    data_bytes += field_write(data + data_bytes, TAG_REQUEST_METHOD, method, sizeof method - 1);
    data_bytes += field_write(data + data_bytes, TAG_REQUEST_PAYLOAD, payload, (uint32_t)payload_bytes);
    frame_header_write(buffer, (struct frame_header){.data_bytes = (uint32_t)data_bytes, .type = FRAME_TYPE_REQUEST});
    return FRAME_HEADER_BYTES + data_bytes;
}

void frame_of_constant_answer(uint8_t *buffer, uint32_t data_bytes) {
    // The length of the payload is itself of varying length: take the longest payload that still fits. One byte may be
    // left over where the length grows by a byte; then the length is written in its longer, equally valid form.
    uint8_t *data = buffer + FRAME_HEADER_BYTES;
    uint8_t length[5];
    uint32_t payload_bytes = data_bytes - 2;
    while (1 + varint_write(length, payload_bytes) + payload_bytes > data_bytes) payload_bytes -= 1;

    memset(data, 0, data_bytes);
    data[0] = TAG_RESPONSE_PAYLOAD;
    size_t written = 1 + varint_write(data + 1, payload_bytes);
    if (written + payload_bytes < data_bytes) {
        data[written - 1] |= 0x80;
        data[written] = 0;
    }
    frame_header_write(buffer, (struct frame_header){.data_bytes = data_bytes, .type = FRAME_TYPE_RESPONSE});
}

bool response_is_plain(const uint8_t *data, uint32_t data_bytes) {
    if (data_bytes < 2 || data[0] != TAG_RESPONSE_PAYLOAD) return false;
    uint64_t payload_bytes = 0;
    for (uint32_t index = 1; index < data_bytes && index <= 5; index++) {
        payload_bytes |= (uint64_t)(data[index] & 0x7f) << (7 * (index - 1));
        if (data[index] < 0x80) return index + 1 + payload_bytes == data_bytes;
    }
    return false;
}
