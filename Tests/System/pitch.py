"""How high a voice is: the same by which its neighbours in the list are told apart."""

import numpy


def median_pitch(samples, rate):
    """The median pitch of voiced speech in semitones above 100 Hz, by autocorrelation; None where there is no voice."""
    length, found = rate // 20, []
    for start in range(0, samples.size - length, length // 2):
        piece = samples[start:start + length].astype(float)
        piece -= piece.mean()
        if numpy.sqrt((piece * piece).mean()) < 500:
            continue
        likeness = numpy.correlate(piece, piece, "full")[length - 1:]
        period = rate // 500 + numpy.argmax(likeness[rate // 500:rate // 60])
        if likeness[period] > 0.5 * likeness[0]:
            found.append(rate / period)
    return 12 * numpy.log2(numpy.median(found) / 100) if found else None
