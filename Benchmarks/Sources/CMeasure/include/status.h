#pragma once

#include <stdint.h>

/// How many items of a project an answer tells about.
struct status_items {
    /// Linked and in use.
    uint32_t configured;
    /// Of those, the ones that a provider has answered for.
    uint32_t answered;
};

/// Counts the items in the data of a response to `GetStatus`. Anything that is no such message ends the program.
struct status_items status_items_of(const uint8_t *data, uint32_t data_bytes);

/// Where an answer came from, as in telltale/v1/status_service.proto.
enum answer_source {
    ANSWER_HIT = 1,
    ANSWER_STALE = 2,
    ANSWER_COLLAPSED = 3,
    ANSWER_FETCHED = 4,
    ANSWER_CHECKING = 5,
    ANSWER_SOURCES = 6,
};

/// Reads it from the data of a response to `GetStatus`; one that tells none, or none that is known, ends the program.
enum answer_source answer_source_of(const uint8_t *data, uint32_t data_bytes);
