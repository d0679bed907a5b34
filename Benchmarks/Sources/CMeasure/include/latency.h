#pragma once

#include <stdint.h>

/// A histogram of durations in nanoseconds, exact to 1/64: 64 steps for each doubling.
enum { LATENCY_BUCKETS = 64 * 42 };

struct latency_histogram {
    uint64_t count;
    uint64_t buckets[LATENCY_BUCKETS];
};

static inline uint32_t latency_bucket(uint64_t nanoseconds) {
    if (nanoseconds < 64) return (uint32_t)nanoseconds;
    uint32_t doublings = 63 - 6 - (uint32_t)__builtin_clzll(nanoseconds);
    uint32_t bucket = (doublings + 1) * 64 + (uint32_t)((nanoseconds >> doublings) & 63);
    return bucket < LATENCY_BUCKETS ? bucket : LATENCY_BUCKETS - 1;
}

static inline void latency_record(struct latency_histogram *histogram, uint64_t nanoseconds) {
    histogram->count += 1;
    histogram->buckets[latency_bucket(nanoseconds)] += 1;
}

/// The duration that a share (0 to 1) of the recorded ones does not exceed; 0 when there are none.
uint64_t latency_quantile(const struct latency_histogram *histogram, double share);
