#include "load.h"
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

static double clock_seconds(clockid_t clock) {
    struct timespec time;
    if (clock_gettime(clock, &time) != 0) fail("the server is gone");
    return (double)time.tv_sec + (double)time.tv_nsec / 1e9;
}

double process_seconds(pid_t process) {
    clockid_t clock;
    if (clock_getcpuclockid(process, &clock) != 0) fail("the server is gone");
    return clock_seconds(clock);
}

double own_seconds(void) { return clock_seconds(CLOCK_PROCESS_CPUTIME_ID); }

long process_memory(pid_t process, const char *name) {
    char path[64], line[256];
    snprintf(path, sizeof path, "/proc/%d/status", process);
    FILE *file = fopen(path, "r");
    if (!file) fail("the server is gone");
    long value = 0;
    while (fgets(line, sizeof line, file)) {
        if (strncmp(line, name, strlen(name)) == 0 && line[strlen(name)] == ':') value = atol(line + strlen(name) + 1);
    }
    fclose(file);
    return value;
}
