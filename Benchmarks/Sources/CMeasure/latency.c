#include "latency.h"

/// The middle of a bucket.
static uint64_t bucket_nanoseconds(uint32_t bucket) {
    if (bucket < 64) return bucket;
    uint32_t doublings = bucket / 64 - 1;
    return ((uint64_t)(64 + bucket % 64) << doublings) + (((uint64_t)1 << doublings) >> 1);
}

uint64_t latency_quantile(const struct latency_histogram *histogram, double share) {
    uint64_t wanted = (uint64_t)((double)histogram->count * share), seen = 0;
    for (uint32_t bucket = 0; bucket < LATENCY_BUCKETS; bucket++) {
        seen += histogram->buckets[bucket];
        if (seen > wanted) return bucket_nanoseconds(bucket);
    }
    return 0;
}
