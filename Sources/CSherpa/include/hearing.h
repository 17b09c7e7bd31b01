#pragma once
// What of sherpa-onnx turns sound into text, finds phrases, sets punctuation and takes noise away; as in CSherpa.h, the
// declarations are those of HEARSAY_SHERPA_VERSION, and Scripts/check-sherpa compares them.

#include <stdint.h>

// Paths are NULL or empty where a model has no such file.

/// Which features a model hears; 16,000 and 80 for nearly all.
struct hearsay_sherpa_features {
    int32_t rate, count;
};

struct hearsay_sherpa_transducer {
    const char *encoder, *decoder, *joiner;
};

/// A model that hears while somebody speaks; one family is filled in, the others stay zero.
struct hearsay_sherpa_streaming_model {
    struct hearsay_sherpa_transducer transducer;
    const char *paraformer_encoder, *paraformer_decoder, *zipformer_ctc, *tokens;
    int32_t thread_count;
    const char *provider;
    int32_t debug;
    const char *model_type, *modeling_unit, *pieces, *tokens_text;
    int32_t tokens_text_size;
    const char *nemo_ctc, *tone_ctc;
};

struct hearsay_sherpa_homophones {
    const char *folder, *lexicon, *rules;
};

struct hearsay_sherpa_streaming_settings {
    struct hearsay_sherpa_features features;
    struct hearsay_sherpa_streaming_model model;
    const char *decoding;
    int32_t path_limit, finds_ends;
    float end_after_nothing, end_after_text, end_after_length;
    const char *hot_words;
    float hot_words_score;
    const char *graph;
    int32_t graph_limit;
    const char *rule_fsts, *rule_archives;
    float blank_penalty;
    const char *hot_words_text;
    int32_t hot_words_text_size;
    struct hearsay_sherpa_homophones homophones;
};

/// What is understood so far.
struct hearsay_sherpa_streaming_text {
    const char *text, *token_text;
    const char *const *tokens;
    const float *starts;
    int32_t count;
    const char *json;
};

struct hearsay_sherpa_whisper {
    const char *encoder, *decoder, *language, *task;
    int32_t tail_padding, tells_token_times, tells_segment_times;
};

struct hearsay_sherpa_moonshine {
    const char *preprocessor, *encoder, *uncached_decoder, *cached_decoder, *merged_decoder;
};

struct hearsay_sherpa_sense_voice {
    const char *model, *language;
    int32_t writes_numbers;
};

struct hearsay_sherpa_canary {
    const char *encoder, *decoder, *language, *target_language;
    int32_t punctuates;
};

struct hearsay_sherpa_cohere {
    const char *encoder, *decoder, *language;
    int32_t punctuates, writes_numbers;
};

struct hearsay_sherpa_funasr_nano {
    const char *encoder_adaptor, *llm, *embedding, *tokenizer, *system_prompt, *user_prompt;
    int32_t token_limit;
    float temperature, top_p;
    int32_t seed;
    const char *language;
    int32_t writes_numbers;
    const char *hot_words;
};

struct hearsay_sherpa_qwen3 {
    const char *frontend, *encoder, *decoder, *tokenizer;
    int32_t length_limit, token_limit;
    float temperature, top_p;
    int32_t seed;
    const char *hot_words;
};

/// A model that hears an utterance as a whole; one family is filled in, the others stay zero.
struct hearsay_sherpa_whole_model {
    struct hearsay_sherpa_transducer transducer;
    const char *paraformer, *nemo_ctc;
    struct hearsay_sherpa_whisper whisper;
    const char *tdnn, *tokens;
    int32_t thread_count, debug;
    const char *provider, *model_type, *modeling_unit, *pieces, *telespeech_ctc;
    struct hearsay_sherpa_sense_voice sense_voice;
    struct hearsay_sherpa_moonshine moonshine;
    const char *fire_red_encoder, *fire_red_decoder, *dolphin, *zipformer_ctc;
    struct hearsay_sherpa_canary canary;
    const char *wenet_ctc, *omnilingual, *medasr;
    struct hearsay_sherpa_funasr_nano funasr_nano;
    const char *fire_red_ctc;
    struct hearsay_sherpa_qwen3 qwen3;
    struct hearsay_sherpa_cohere cohere;
};

struct hearsay_sherpa_whole_settings {
    struct hearsay_sherpa_features features;
    struct hearsay_sherpa_whole_model model;
    const char *language_model;
    float language_model_scale;
    const char *decoding;
    int32_t path_limit;
    const char *hot_words;
    float hot_words_score;
    const char *rule_fsts, *rule_archives;
    float blank_penalty;
    struct hearsay_sherpa_homophones homophones;
    const char *graph;
    int32_t graph_limit;
};

/// What was understood; NULL where the family does not tell it.
struct hearsay_sherpa_whole_text {
    const char *text;
    const float *starts;
    int32_t count;
    const char *token_text;
    const char *const *tokens;
    const char *json, *language, *emotion, *event;
    const float *durations, *log_probabilities, *segment_starts, *segment_durations;
    const char *segment_text;
    const char *const *segments;
    int32_t segment_count;
};

struct hearsay_sherpa_spotter_settings {
    struct hearsay_sherpa_features features;
    struct hearsay_sherpa_streaming_model model;
    int32_t path_limit, trailing_blanks;
    float score, threshold;
    const char *phrases, *phrases_text;
    int32_t phrases_text_size;
};

/// A phrase that was found; empty if there is none yet.
struct hearsay_sherpa_spotted {
    const char *phrase, *token_text;
    const char *const *tokens;
    int32_t count;
    const float *times;
    float start;
    const char *json;
};

/// A model that reads a text as a whole.
struct hearsay_sherpa_whole_punctuation {
    const char *model;
    int32_t thread_count, debug;
    const char *provider;
};

/// A model that reads a text from its beginning on, and also sets capital letters.
struct hearsay_sherpa_streaming_punctuation {
    const char *model, *pieces;
    int32_t thread_count, debug;
    const char *provider;
};

struct hearsay_sherpa_denoiser {
    const char *gtcrn;
    int32_t thread_count, debug;
    const char *provider, *dpdfnet;
    float attenuation_limit;
    const char *voxlock_enroll, *voxlock_chunk, *voxlock_sample;
};

struct hearsay_sherpa_denoised {
    const float *samples;
    int32_t count, rate;
};
