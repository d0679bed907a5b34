#pragma once

#include <stdint.h>
#include <time.h>

#include "frame.h"
#include "latency.h"

/// Says what went wrong on stderr, with errno's words where errno is set, and ends the program with 1.
_Noreturn void die(const char *format, ...) __attribute__((format(printf, 1, 2)));

/// The value of a command line option as a number between two bounds; anything else ends the program.
double option_number(const char *name, const char *text, double min, double max);

static inline uint64_t monotonic_nanoseconds(void) {
    struct timespec time;
    clock_gettime(CLOCK_MONOTONIC, &time);
    return (uint64_t)time.tv_sec * 1000000000u + (uint64_t)time.tv_nsec;
}

static inline double milliseconds(uint64_t nanoseconds) {
    return (double)nanoseconds / 1e6;
}

/// Connects to a Unix socket. While nobody listens there, tries again every 100 µs until the time is over, which ends the
/// program. The socket is blocking, and a read that takes more than 10 s fails.
int connect_unix(const char *path, double patience_seconds);

/// Makes one blocking call with a request frame whose stream id is set, and returns the size of the answer's data.
/// Anything but a whole response with a payload and without an error status ends the program.
uint32_t call_once(int socket, const uint8_t *request, size_t request_bytes);

/// The same, with the answer's data, which the caller frees.
uint8_t *call_for_answer(int socket, const uint8_t *request, size_t request_bytes, uint32_t *answer_bytes);

/// Resident memory of a process in bytes, exact (`smaps_rollup`: the kernel counts `VmRSS` in batches).
uint64_t resident_bytes(int process);
