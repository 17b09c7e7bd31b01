#include "CSilero.h"

#include <dlfcn.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

/// An error of onnxruntime; NULL is none.
typedef void *status;

/// What is used of onnxruntime's table, each with its place (`struct OrtApi`, which all releases begin with alike).
enum place {
    place_message = 2,
    place_open_environment = 3,
    place_open_session = 7,
    place_run = 9,
    place_open_options = 10,
    place_set_optimization = 23,
    place_set_inner_threads = 24,
    place_set_outer_threads = 25,
    place_tensor_of_data = 49,
    place_data_of_tensor = 51,
    place_cpu_memory = 69,
    place_close_status = 93,
    place_close_value = 96,
    place_close_options = 100,
};

/// Kinds of numbers in a tensor, from the format ONNX.
enum { kind_float = 1, kind_int64 = 7 };
enum { only_errors = 3, every_optimization = 99 };

struct base {
    void *const *(*table)(uint32_t version);
    const char *(*version)(void);
};

struct hearsay_silero {
    void *const *table;
    void *environment, *session, *memory;
};

#define CALL(network, place, kind) ((kind)(network)->table[place])

/// - Returns: Whether the call failed.
static int failed(const struct hearsay_silero *network, status result, const char **problem) {
    if (!result) return 0;
    if (problem) {
        const char *text = strdup(CALL(network, place_message, const char *(*)(status))(result));
        *problem = text ? text : "there is no memory left";
    }
    CALL(network, place_close_status, void (*)(status))(result);
    return 1;
}

static int open_session(struct hearsay_silero *network, const char *model, const char **problem) {
    void *options = NULL;
    if (failed(network, CALL(network, place_open_options, status (*)(void **))(&options), problem)) return 0;
    // One window keeps one thread busy for a fraction of a millisecond; handing it around takes longer.
    int isGood = !failed(network, CALL(network, place_set_inner_threads, status (*)(void *, int))(options, 1), problem)
        && !failed(network, CALL(network, place_set_outer_threads, status (*)(void *, int))(options, 1), problem)
        && !failed(network, CALL(network, place_set_optimization, status (*)(void *, int))(options, every_optimization), problem)
        && !failed(network, CALL(network, place_open_session, status (*)(void *, const char *, void *, void **))(
            network->environment, model, options, &network->session), problem);
    CALL(network, place_close_options, void (*)(void *))(options);
    return isGood;
}

struct hearsay_silero *hearsay_silero_open(const char *library, const char *model, const char **problem) {
    void *handle = dlopen(library, RTLD_NOW | RTLD_LOCAL);
    const struct base *(*find)(void) = NULL;
    void *function = handle ? dlsym(handle, "OrtGetApiBase") : NULL;
    if (!function) {
        *problem = strdup(dlerror());
        return NULL;
    }
    // A function's address has the size of a pointer (POSIX, dlsym).
    memcpy(&find, &function, sizeof find);
    struct hearsay_silero *network = calloc(1, sizeof *network);
    // The first version of the table has everything that is used.
    if (network) network->table = find()->table(1);
    if (!network || !network->table) {
        *problem = "onnxruntime is of an unknown release";
        free(network);
        return NULL;
    }
    int isGood = !failed(network, CALL(network, place_open_environment, status (*)(int, const char *, void **))(
                     only_errors, "silero", &network->environment), problem)
        && !failed(network, CALL(network, place_cpu_memory, status (*)(int, int, void **))(0, 0, &network->memory), problem)
        && open_session(network, model, problem);
    // What a failed start leaves open goes with the process, which ends then.
    if (!isGood) free(network);
    return isGood ? network : NULL;
}

static int tensor(
    const struct hearsay_silero *network, void *data, size_t size, const int64_t *shape, size_t rank, int kind,
    void **value) {
    return !failed(network, CALL(network, place_tensor_of_data,
        status (*)(void *, void *, size_t, const int64_t *, size_t, int, void **))(
        network->memory, data, size, shape, rank, kind, value), NULL);
}

static const void *numbers(const struct hearsay_silero *network, void *value) {
    void *data = NULL;
    return failed(network, CALL(network, place_data_of_tensor, status (*)(void *, void **))(value, &data), NULL) ? NULL : data;
}

float hearsay_silero_hear(const struct hearsay_silero *network, struct hearsay_silero_source *source) {
    static const char *const inputs[] = {"input", "state", "sr"};
    static const char *const outputs[] = {"output", "stateN"};
    static const int64_t heard_shape[] = {1, hearsay_silero_context + hearsay_silero_window};
    static const int64_t memory_shape[] = {2, 1, hearsay_silero_memory / 2};
    int64_t rate = 16000;
    void *given[3] = {NULL}, *made[2] = {NULL};
    float probability = -1;
    if (tensor(network, source->samples, sizeof source->samples, heard_shape, 2, kind_float, &given[0])
        && tensor(network, source->memory, sizeof source->memory, memory_shape, 3, kind_float, &given[1])
        && tensor(network, &rate, sizeof rate, NULL, 0, kind_int64, &given[2])
        && !failed(network, CALL(network, place_run,
            status (*)(void *, const void *, const char *const *, void *const *, size_t, const char *const *, size_t, void **))(
            network->session, NULL, inputs, given, 3, outputs, 2, made), NULL)) {
        const float *answer = numbers(network, made[0]), *memory = numbers(network, made[1]);
        if (answer && memory) {
            probability = answer[0];
            memcpy(source->memory, memory, sizeof source->memory);
        }
    }
    void (*close_value)(void *) = CALL(network, place_close_value, void (*)(void *));
    for (int index = 0; index < 3; ++index) if (given[index]) close_value(given[index]);
    for (int index = 0; index < 2; ++index) if (made[index]) close_value(made[index]);
    memmove(source->samples, source->samples + hearsay_silero_window, hearsay_silero_context * sizeof(float));
    return probability;
}
