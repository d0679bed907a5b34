#include "plan.h"

#include <math.h>
#include <stdbool.h>
#include <stdlib.h>

#include "measure.h"

static const double zipf_exponent = 1.1, burst_share = 1.0 / 8, burst_seconds = 2, fresh_share = 1.0 / 20;

enum { RELOADS_MIN = 3, RELOADS_MAX = 10, FRESH_WAIT_MILLISECONDS = 400, PAGES_MAX = 1 << 20 };

static uint64_t state;

/// SplitMix64.
static uint64_t random_bits(void) {
    uint64_t mixed = state += 0x9E3779B97F4A7C15;
    mixed = (mixed ^ (mixed >> 30)) * 0xBF58476D1CE4E5B9;
    mixed = (mixed ^ (mixed >> 27)) * 0x94D049BB133111EB;
    return mixed ^ (mixed >> 31);
}

/// From 0 to just below 1.
static double random_share(void) {
    return (double)(random_bits() >> 11) * 0x1p-53;
}

static uint32_t random_project(const double *sums, uint32_t projects) {
    double drawn = random_share() * sums[projects - 1];
    uint32_t low = 0, high = projects - 1;
    while (low < high) {
        uint32_t middle = (low + high) / 2;
        if (sums[middle] > drawn) high = middle;
        else low = middle + 1;
    }
    return low;
}

static void add(struct plan *plan, double at_seconds, uint32_t project) {
    if (plan->count == PAGES_MAX) die("more than %d pages; ask for fewer a second", PAGES_MAX);
    bool is_fresh = random_share() < fresh_share;
    plan->pages[plan->count++] = (struct page){
        (uint64_t)(at_seconds * 1e9), project, is_fresh ? FRESH_WAIT_MILLISECONDS : 0};
}

static int by_time(const void *left, const void *right) {
    uint64_t a = ((const struct page *)left)->at_nanoseconds, b = ((const struct page *)right)->at_nanoseconds;
    return (a > b) - (a < b);
}

struct plan plan_of(uint64_t seed, uint32_t projects, double visits_per_second, double seconds) {
    struct plan plan = {.pages = calloc(PAGES_MAX, sizeof *plan.pages)};
    double *sums = calloc(projects, sizeof *sums);
    if (plan.pages == NULL || sums == NULL) die("no memory for the pages");
    double sum = 0;
    for (uint32_t index = 0; index < projects; index++) sums[index] = sum += pow(index + 1, -zipf_exponent);

    state = seed;
    for (double at = 0; (at -= log(1 - random_share()) / visits_per_second) < seconds;) {
        uint32_t project = random_project(sums, projects);
        add(&plan, at, project);
        if (random_share() >= burst_share) continue;
        uint32_t reloads = RELOADS_MIN + (uint32_t)(random_bits() % (RELOADS_MAX - RELOADS_MIN + 1));
        for (uint32_t reload = 0; reload < reloads; reload++) {
            double again = at + random_share() * burst_seconds;
            if (again < seconds) add(&plan, again, project);
        }
    }
    qsort(plan.pages, plan.count, sizeof *plan.pages, by_time);
    free(sums);
    return plan;
}
