#pragma once

#include <stdint.h>

/// One page that asks for one project's status.
struct page {
    /// When it is loaded, from the start.
    uint64_t at_nanoseconds;
    uint32_t project;
    /// Whether the reader rather waits than sees what is old, and how long; 0 for one who never waits.
    uint32_t wait_milliseconds_max;
};

struct plan {
    struct page *pages;
    uint32_t count;
};

/// Draws the pages that people load within so many seconds, in order of time; the same seed gives the same pages.
///
/// Visits come at random (Poisson), so many a second, and choose a project by Zipf's law with exponent 1.1: the n-th has
/// a weight of n^-1.1. One of eight visitors reloads 3 to 10 times within two seconds; one of twenty pages prefers a
/// fresh status and waits up to 400 ms for it.
struct plan plan_of(uint64_t seed, uint32_t projects, double visits_per_second, double seconds);
