#pragma once
#include <opus/opus.h>

/* The library's controls are variadic, which Swift cannot call. */
static inline int hearsay_opus_set_bit_rate(OpusEncoder *encoder, opus_int32 bits_per_second) {
    return opus_encoder_ctl(encoder, OPUS_SET_BITRATE(bits_per_second));
}

/* Samples by which the decoder's output lags behind the encoder's input. */
static inline int hearsay_opus_get_lookahead(OpusEncoder *encoder, opus_int32 *samples) {
    return opus_encoder_ctl(encoder, OPUS_GET_LOOKAHEAD(samples));
}
