#pragma once
// What of sherpa-onnx is used, declared here so that nothing of it is needed to build.
//
// The library is opened when a program runs. The declarations are those of release 2.0.1, which HEARSAY_SHERPA_VERSION
// names; Scripts/check-sherpa compares each member's place with the header that comes with the library.

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "hearing.h"

#define HEARSAY_SHERPA_VERSION "2.0.1"

// Paths are NULL or empty where a model has no such file.

struct hearsay_sherpa_vits {
    const char *model, *lexicon, *tokens, *ignored_data;
    float noise_scale, noise_scale_w, length_scale;
    const char *ignored_folder;
};

struct hearsay_sherpa_matcha {
    const char *acoustic_model, *vocoder, *lexicon, *tokens, *ignored_data;
    float noise_scale, length_scale;
    const char *ignored_folder;
};

struct hearsay_sherpa_kokoro {
    const char *model, *voices, *tokens, *ignored_data;
    float length_scale;
    const char *ignored_folder, *lexicon, *language;
};

struct hearsay_sherpa_kitten {
    const char *model, *voices, *tokens, *ignored_data;
    float length_scale;
    const char *lexicon;
};

struct hearsay_sherpa_zipvoice {
    const char *tokens, *encoder, *decoder, *vocoder, *ignored_data, *lexicon;
    float feature_scale, time_shift, target_loudness, guidance_scale;
};

struct hearsay_sherpa_pocket {
    const char *flow, *main, *encoder, *decoder, *text_conditioner, *vocabulary, *token_scores;
    int32_t cached_voice_count;
};

struct hearsay_sherpa_supertonic {
    const char *duration_predictor, *text_encoder, *vector_estimator, *vocoder, *settings, *unicode_indexer,
        *voice_style;
};

/// A speech model; one family is filled in, the others stay zero.
struct hearsay_sherpa_voice_settings {
    struct hearsay_sherpa_vits vits;
    int32_t thread_count, debug;
    const char *provider;
    struct hearsay_sherpa_matcha matcha;
    struct hearsay_sherpa_kokoro kokoro;
    struct hearsay_sherpa_kitten kitten;
    struct hearsay_sherpa_zipvoice zipvoice;
    struct hearsay_sherpa_pocket pocket;
    struct hearsay_sherpa_supertonic supertonic;
    const char *rule_fsts;
    int32_t sentence_limit;
    const char *rule_archives;
    float silence_scale;
};

/// How one text is spoken.
struct hearsay_sherpa_speech {
    float silence_scale, speed;
    int32_t speaker;
    const float *reference;
    int32_t reference_count, reference_rate;
    const char *reference_text;
    int32_t step_count;
    const char *extra;
    const int32_t *phonemes, *phoneme_counts;
    int32_t phoneme_sentence_count;
    const char *const *tokens;
    const int32_t *token_counts;
    int32_t token_sentence_count;
};

struct hearsay_sherpa_audio {
    const float *samples;
    int32_t count, rate;
};

/// Takes samples as they are made; 0 stops.
typedef int32_t (*hearsay_sherpa_take)(const float *samples, int32_t count, float progress, void *context);

/// The functions of the library, found by name.
struct hearsay_sherpa {
    const char *(*version)(void);
    const void *(*open_voice)(const struct hearsay_sherpa_voice_settings *settings);
    void (*close_voice)(const void *voice);
    int32_t (*voice_rate)(const void *voice);
    int32_t (*speaker_count)(const void *voice);
    const struct hearsay_sherpa_audio *(*speak)(
        const void *voice, const char *text, const struct hearsay_sherpa_speech *speech, hearsay_sherpa_take take,
        void *context);
    void (*release_audio)(const struct hearsay_sherpa_audio *audio);

    const void *(*open_streaming)(const struct hearsay_sherpa_streaming_settings *settings);
    void (*close_streaming)(const void *recogniser);
    const void *(*begin_streaming)(const void *recogniser);
    /// Ends a stream of a recogniser or of a spotter.
    void (*end_stream)(const void *stream);
    void (*feed_stream)(const void *stream, int32_t rate, const float *samples, int32_t count);
    void (*finish_stream)(const void *stream);
    int32_t (*can_stream)(const void *recogniser, const void *stream);
    void (*step_stream)(const void *recogniser, const void *stream);
    const struct hearsay_sherpa_streaming_text *(*streaming_text)(const void *recogniser, const void *stream);
    void (*release_streaming_text)(const struct hearsay_sherpa_streaming_text *text);

    const void *(*open_whole)(const struct hearsay_sherpa_whole_settings *settings);
    void (*change_whole)(const void *recogniser, const struct hearsay_sherpa_whole_settings *settings);
    void (*close_whole)(const void *recogniser);
    const void *(*begin_whole)(const void *recogniser);
    void (*end_whole)(const void *utterance);
    void (*feed_whole)(const void *utterance, int32_t rate, const float *samples, int32_t count);
    void (*read_whole)(const void *recogniser, const void *utterance);
    const struct hearsay_sherpa_whole_text *(*whole_text)(const void *utterance);
    void (*release_whole_text)(const struct hearsay_sherpa_whole_text *text);

    const void *(*open_spotter)(const struct hearsay_sherpa_spotter_settings *settings);
    void (*close_spotter)(const void *spotter);
    const void *(*begin_spotting)(const void *spotter, const char *phrases);
    int32_t (*can_spot)(const void *spotter, const void *stream);
    void (*step_spotting)(const void *spotter, const void *stream);
    void (*reset_spotting)(const void *spotter, const void *stream);
    const struct hearsay_sherpa_spotted *(*spotted)(const void *spotter, const void *stream);
    void (*release_spotted)(const struct hearsay_sherpa_spotted *spotted);

    const void *(*open_whole_punctuation)(const struct hearsay_sherpa_whole_punctuation *settings);
    void (*close_whole_punctuation)(const void *punctuation);
    const char *(*punctuate_whole)(const void *punctuation, const char *text);
    void (*release_whole_punctuated)(const char *text);
    const void *(*open_streaming_punctuation)(const struct hearsay_sherpa_streaming_punctuation *settings);
    void (*close_streaming_punctuation)(const void *punctuation);
    const char *(*punctuate_streaming)(const void *punctuation, const char *text);
    void (*release_streaming_punctuated)(const char *text);

    const void *(*open_denoiser)(const struct hearsay_sherpa_denoiser *settings);
    void (*close_denoiser)(const void *denoiser);
    int32_t (*denoiser_rate)(const void *denoiser);
    const struct hearsay_sherpa_denoised *(*denoise)(
        const void *denoiser, const float *samples, int32_t count, int32_t rate);
    const struct hearsay_sherpa_denoised *(*flush_denoiser)(const void *denoiser);
    void (*reset_denoiser)(const void *denoiser);
    void (*release_denoised)(const struct hearsay_sherpa_denoised *audio);
};

/// Opens the library and finds its functions; the library stays open for the life of the process.
///
/// - Parameter path: A file, or a bare name that the system's loader looks for.
/// - Returns: NULL, or why not, in the system's words; good until the next call of this thread.
const char *hearsay_sherpa_open(const char *path, struct hearsay_sherpa *functions);
