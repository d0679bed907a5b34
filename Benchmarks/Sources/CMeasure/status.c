#include "status.h"

#include <stdbool.h>
#include <stddef.h>

#include "measure.h"

// Field numbers: ttrpc's `Response`, and of telltale/v1/telltale.proto `GetStatusResponse`, `StatusEnvelope` and
// `IntegrationStatus`.
enum {
    RESPONSE_PAYLOAD = 2,
    GET_STATUS_ENVELOPE = 1,
    GET_STATUS_ANSWER = 4,
    ANSWER_SOURCE = 1,
    ENVELOPE_ITEMS = 2,
    ITEM_CONFIGURED = 3,
    ITEM_FRESHNESS = 10,
    FRESHNESS_NEVER = 1,
};

enum { WIRE_VARINT = 0, WIRE_FIXED64 = 1, WIRE_BYTES = 2, WIRE_FIXED32 = 5 };

struct span {
    const uint8_t *at;
    const uint8_t *end;
};

struct field {
    uint64_t number;
    /// A varint's value.
    uint64_t value;
    /// A length-delimited field's content.
    struct span content;
};

static uint64_t varint_read(struct span *rest) {
    uint64_t value = 0;
    for (unsigned shift = 0; shift < 64 && rest->at < rest->end; shift += 7) {
        uint8_t byte = *rest->at++;
        value |= (uint64_t)(byte & 0x7f) << shift;
        if (byte < 0x80) return value;
    }
    die("the answer has a number without an end");
}

static void skip(struct span *rest, uint64_t count) {
    if (count > (uint64_t)(rest->end - rest->at)) die("the answer has a field that is longer than itself");
    rest->at += count;
}

/// Takes the next field off; false at the end.
static bool field_read(struct span *rest, struct field *field) {
    if (rest->at == rest->end) return false;
    uint64_t tag = varint_read(rest);
    *field = (struct field){.number = tag >> 3};
    switch (tag & 7) {
    case WIRE_VARINT: field->value = varint_read(rest); break;
    case WIRE_FIXED64: skip(rest, 8); break;
    case WIRE_FIXED32: skip(rest, 4); break;
    case WIRE_BYTES: {
        uint64_t count = varint_read(rest);
        field->content.at = rest->at;
        skip(rest, count);
        field->content.end = rest->at;
        break;
    }
    default: die("the answer has a field of wire type %u", (unsigned)(tag & 7));
    }
    return true;
}

/// The content of a message's only field of a number; empty when it has none.
static struct span member(struct span message, uint64_t number) {
    struct span found = {message.end, message.end};
    for (struct field field; field_read(&message, &field);)
        if (field.number == number) found = field.content;
    return found;
}

static void count_item(struct span item, struct status_items *items) {
    uint64_t configured = 0, freshness = FRESHNESS_NEVER;
    for (struct field field; field_read(&item, &field);) {
        if (field.number == ITEM_CONFIGURED) configured = field.value;
        if (field.number == ITEM_FRESHNESS) freshness = field.value;
    }
    if (configured == 0) return;
    items->configured += 1;
    if (freshness > FRESHNESS_NEVER) items->answered += 1;
}

struct status_items status_items_of(const uint8_t *data, uint32_t data_bytes) {
    struct span response = {data, data + data_bytes};
    struct span envelope = member(member(response, RESPONSE_PAYLOAD), GET_STATUS_ENVELOPE);
    struct status_items items = {0};
    for (struct field field; field_read(&envelope, &field);)
        if (field.number == ENVELOPE_ITEMS) count_item(field.content, &items);
    return items;
}

enum answer_source answer_source_of(const uint8_t *data, uint32_t data_bytes) {
    struct span response = {data, data + data_bytes};
    struct span answer = member(member(response, RESPONSE_PAYLOAD), GET_STATUS_ANSWER);
    uint64_t source = 0;
    for (struct field field; field_read(&answer, &field);)
        if (field.number == ANSWER_SOURCE) source = field.value;
    if (source < ANSWER_HIT || source >= ANSWER_SOURCES) die("an answer from source %ju", (uintmax_t)source);
    return (enum answer_source)source;
}
