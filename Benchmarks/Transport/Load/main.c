#include "load.h"
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const char usage[] =
    "usage: transport-load fan|echo|idle|get|sessions port=N server=PID [tls=1] [topics=N] [listeners=N] [stalled=N]\n"
    "           [rate=N] [window=N] [size=BYTES] [warmup=S] [seconds=S] [query=?...] [path=/...] [token=T] [hold=1]\n";

_Noreturn void fail(const char *why) {
    fprintf(stderr, "transport-load: %s\n", why);
    exit(1);
}

static bool take(struct options *options, const char *name, const char *value) {
    struct { const char *name; int *number; double *real; const char **text; bool *flag; size_t *size; } known[] = {
        {"port", .number = &options->port},         {"server", .number = &options->server},
        {"topics", .number = &options->topics},     {"listeners", .number = &options->listeners},
        {"stalled", .number = &options->stalled},   {"window", .number = &options->window},
        {"rate", .real = &options->rate},           {"warmup", .real = &options->warmup},
        {"seconds", .real = &options->seconds},     {"query", .text = &options->query},
        {"path", .text = &options->path},           {"token", .text = &options->token},
        {"tls", .flag = &options->tls},             {"hold", .flag = &options->hold},
        {"size", .size = &options->size},
    };
    for (size_t index = 0; index < sizeof known / sizeof *known; index++) {
        if (strcmp(known[index].name, name) != 0) continue;
        if (known[index].number) *known[index].number = atoi(value);
        if (known[index].real) *known[index].real = atof(value);
        if (known[index].text) *known[index].text = value;
        if (known[index].flag) *known[index].flag = atoi(value) != 0;
        if (known[index].size) *known[index].size = (size_t)atol(value);
        return true;
    }
    return false;
}

int main(int count, char **arguments) {
    struct options options = {.topics = 1, .listeners = 100, .rate = 50, .window = 4, .size = 80,
                              .warmup = 1, .seconds = 5, .query = "", .path = "/", .token = ""};
    signal(SIGPIPE, SIG_IGN);
    for (int index = 2; index < count; index++) {
        char *separator = strchr(arguments[index], '=');
        if (separator) *separator = 0;
        if (!separator || !take(&options, arguments[index], separator + 1)) fail(usage);
    }
    if (count < 2 || !options.port || !options.server || options.size < sizeof(uint64_t)) fail(usage);
    options.scenario = arguments[1];
    clients_setup(&options);
    if (strcmp(options.scenario, "fan") == 0) run_fan(&options);
    else if (strcmp(options.scenario, "echo") == 0) run_echo(&options);
    else if (strcmp(options.scenario, "idle") == 0) run_idle(&options);
    else if (strcmp(options.scenario, "get") == 0) run_get(&options);
    else if (strcmp(options.scenario, "sessions") == 0) run_sessions(&options);
    else fail(usage);
    if (options.hold) {
        fflush(stdout);
        while (getchar() != EOF) continue;
    }
    return 0;
}
