#pragma once
#include <alsa/asoundlib.h>

static void hearsay_alsa_say_nothing(
    const char *file, int line, const char *function, int error, const char *format, ...) {
    (void)file, (void)line, (void)function, (void)error, (void)format;
}

/// Keeps the library from writing to standard error; its handler is variadic, so Swift cannot be one.
static inline void hearsay_alsa_silence(void) { snd_lib_error_set_handler(hearsay_alsa_say_nothing); }

/// Prepares a PCM to hear mono signed 16-bit samples; periods and buffers are as near to these as the device can.
///
/// `snd_pcm_set_params` would make a period a quarter of the buffer, and audio comes as late as a period is long.
static inline int hearsay_alsa_set_capture(
    snd_pcm_t *pcm, unsigned int rate, unsigned int period_microseconds, unsigned int buffer_microseconds) {
    snd_pcm_hw_params_t *wanted = NULL;
    int status = snd_pcm_hw_params_malloc(&wanted);
    if (status < 0) return status;
    status = snd_pcm_hw_params_any(pcm, wanted);
    if (status >= 0) status = snd_pcm_hw_params_set_rate_resample(pcm, wanted, 1);
    if (status >= 0) status = snd_pcm_hw_params_set_access(pcm, wanted, SND_PCM_ACCESS_RW_INTERLEAVED);
    if (status >= 0) status = snd_pcm_hw_params_set_format(pcm, wanted, SND_PCM_FORMAT_S16_LE);
    if (status >= 0) status = snd_pcm_hw_params_set_channels(pcm, wanted, 1);
    if (status >= 0) status = snd_pcm_hw_params_set_rate(pcm, wanted, rate, 0);
    if (status >= 0) status = snd_pcm_hw_params_set_period_time_near(pcm, wanted, &period_microseconds, NULL);
    if (status >= 0) status = snd_pcm_hw_params_set_buffer_time_near(pcm, wanted, &buffer_microseconds, NULL);
    if (status >= 0) status = snd_pcm_hw_params(pcm, wanted);
    snd_pcm_hw_params_free(wanted);
    return status < 0 ? status : 0;
}
