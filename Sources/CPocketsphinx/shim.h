// pocketsphinx, and the means of its cepstra, which its own interface does not reach.
#pragma once
#include <pocketsphinx.h>
#include <sphinxbase/err.h>
#include <sphinxbase/feat.h>

/// How many numbers describe a source's sound.
static inline int hearsay_mean_count(ps_decoder_t *decoder) {
    return ps_get_feat(decoder)->cmn_struct->veclen;
}

/// What the decoder has learnt about the source's sound, `hearsay_mean_count` numbers.
static inline void hearsay_get_means(ps_decoder_t *decoder, float *means) {
    cmn_live_get(ps_get_feat(decoder)->cmn_struct, (mfcc_t *)means);
}

/// Makes the decoder believe what it learnt, or what another one did.
static inline void hearsay_set_means(ps_decoder_t *decoder, const float *means) {
    cmn_live_set(ps_get_feat(decoder)->cmn_struct, (const mfcc_t *)means);
}

/// Makes the decoder measure what it hears next by that alone, if it hears it as a whole.
///
/// Once it has heard anything in pieces, it would measure everything by what it believes of the source.
static inline void hearsay_expect_whole(ps_decoder_t *decoder) { ps_get_feat(decoder)->cmn = CMN_BATCH; }

/// Makes the decoder take what it believes of the source for no more than what it heard in so many frames of 10 ms.
static inline void hearsay_doubt_means(ps_decoder_t *decoder, int frame_count) {
    cmn_t *cmn = ps_get_feat(decoder)->cmn_struct;
    for (int index = 0; index < cmn->veclen; index++) cmn->sum[index] = cmn->cmn_mean[index] * frame_count;
    cmn->nframe = frame_count;
}

/// Makes the decoder believe at once what it heard since, which it otherwise does after 8 s or at the end.
static inline void hearsay_follow_means(ps_decoder_t *decoder) {
    cmn_live_update(ps_get_feat(decoder)->cmn_struct);
}

_Static_assert(sizeof(mfcc_t) == sizeof(float), "pocketsphinx is built for floating point");
