// flite, with the voices that its headers do not declare, and its stream's state where Swift cannot reach it.
#pragma once
#include <flite/flite.h>

cst_voice *register_cmu_us_slt(const char *voxdir);
cst_voice *register_cmu_us_rms(const char *voxdir);
cst_voice *register_cmu_us_awb(const char *voxdir);
cst_voice *register_cmu_us_kal16(const char *voxdir);

/// Speaks `text` with features of this utterance alone, which come before the voice's own.
///
/// `f0_shift` is a factor of the base frequency, which both kinds of voices read. `stream` belongs to the utterance from here on. Returns NULL if the voice could not make an utterance.
static inline cst_utterance *hearsay_flite_speak(
    const char *text, cst_voice *voice, float duration_stretch, float f0_shift,
    cst_audio_streaming_info *stream) {
    cst_utterance *utterance = new_utterance();
    utt_set_input_text(utterance, text);
    feat_set_float(utterance->features, "duration_stretch", duration_stretch);
    feat_set_float(utterance->features, "f0_shift", f0_shift);
    feat_set(utterance->features, "streaming_info", audio_streaming_info_val(stream));
    return flite_do_synth(utterance, voice, utt_synth);
}

/// A number that the voice sets for itself, or `fallback`.
static inline float hearsay_flite_voice_number(const cst_voice *voice, const char *name, float fallback) {
    return get_param_float(voice->features, name, fallback);
}
