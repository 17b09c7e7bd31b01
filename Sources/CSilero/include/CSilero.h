#pragma once
// The network that tells speech (Silero VAD), run by onnxruntime, which is opened when a program runs.
//
// Of onnxruntime's table of functions only those are named that are used, by their place in it; the table only ever grows
// at its end. What the network wants is what its makers' own programs give it.

#include <stdint.h>

/// Samples of a window, at 16 kHz, with the last ones of the window before.
enum { hearsay_silero_context = 64, hearsay_silero_window = 512, hearsay_silero_memory = 2 * 128 };

/// What the network remembers of one source; all zeros at its beginning.
struct hearsay_silero_source {
    float samples[hearsay_silero_context + hearsay_silero_window];
    float memory[hearsay_silero_memory];
};

struct hearsay_silero;

/// Opens the network; it stays open for the life of the process.
///
/// - Parameter library: The path of libonnxruntime.so, or a bare name that the system's loader looks for.
/// - Parameter problem: Set to why there is no network, in words that stay good.
/// - Returns: NULL if there is none.
struct hearsay_silero *hearsay_silero_open(const char *library, const char *model, const char **problem);

/// Hears the next window of a source, which lies behind the context in `samples`, and makes the context of the next.
///
/// Threads may call it at the same time for different sources.
///
/// - Returns: How likely it holds speech, 0 to 1; below 0 when the network failed.
float hearsay_silero_hear(const struct hearsay_silero *network, struct hearsay_silero_source *source);
