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
