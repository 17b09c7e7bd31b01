#include "load.h"
#include <string.h>
#include <time.h>

// Latencies in buckets of 1/32 of their power of two, so that a percentile is off by 3 % at most.
enum { STEPS = 32, STEP_BITS = 5, BUCKETS = 60 * STEPS };
static uint64_t buckets[BUCKETS], count;

uint64_t now_ns(void) {
    struct timespec time;
    clock_gettime(CLOCK_MONOTONIC, &time);
    return (uint64_t)time.tv_sec * NANOSECONDS + (uint64_t)time.tv_nsec;
}

void samples_clear(void) {
    memset(buckets, 0, sizeof buckets);
    count = 0;
}

void samples_add(uint64_t nanoseconds) {
    uint64_t value = nanoseconds < STEPS ? STEPS : nanoseconds;
    int power = 63 - __builtin_clzll(value);
    buckets[(power - STEP_BITS) * STEPS + (int)(value >> (power - STEP_BITS)) - STEPS]++;
    count++;
}

uint64_t samples_count(void) { return count; }

double samples_at(double fraction) {
    uint64_t wanted = (uint64_t)(fraction * (double)count), seen = 0;
    for (int index = 0; index < BUCKETS; index++) {
        seen += buckets[index];
        if (seen > wanted) return (double)((uint64_t)(STEPS + index % STEPS) << (index / STEPS)) / 1e6;
    }
    return 0;
}
