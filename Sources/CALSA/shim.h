#pragma once
#include <alsa/asoundlib.h>

static void hearsay_alsa_say_nothing(
    const char *file, int line, const char *function, int error, const char *format, ...) {
    (void)file, (void)line, (void)function, (void)error, (void)format;
}

/// Keeps the library from writing to standard error; its handler is variadic, so Swift cannot be one.
static inline void hearsay_alsa_silence(void) { snd_lib_error_set_handler(hearsay_alsa_say_nothing); }
