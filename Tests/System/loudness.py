"""How loud speech is to the ear: ITU-R BS.1770-4, gated, by another hand than the server's."""

import numpy


def loudness(samples, rate):
    """In LUFS."""
    weighted = k_weighted(samples / 32768, rate)
    length, step = rate * 4 // 10, rate // 10
    blocks = numpy.array([(weighted[at:at + length] ** 2).mean() for at in range(0, samples.size - length + 1, step)])
    blocks = blocks[lufs(blocks) > -70]
    blocks = blocks[lufs(blocks) > lufs(blocks.mean()) - 10]
    return lufs(blocks.mean())


def lufs(power):
    return -0.691 + 10 * numpy.log10(power + 1e-12)


def k_weighted(samples, rate):
    spectrum, turn = numpy.fft.rfft(samples, 2 * samples.size), numpy.exp(-1j * numpy.linspace(0, numpy.pi, samples.size + 1))
    for b, a in (shelf(rate), high_pass(rate)):
        spectrum = spectrum * numpy.polyval(b[::-1], turn) / numpy.polyval(a[::-1], turn)
    return numpy.fft.irfft(spectrum)[:samples.size]


def shelf(rate):
    """The first stage, from its analogue values, for any rate."""
    k, q, high = numpy.tan(numpy.pi * 1681.974450955533 / rate), 0.7071752369554196, 10 ** (3.999843853973347 / 20)
    band, norm = high ** 0.4996667741545416, 1 + k / q + k * k
    return (numpy.array([high + band * k / q + k * k, 2 * (k * k - high), high - band * k / q + k * k]) / norm,
            numpy.array([1, 2 * (k * k - 1) / norm, (1 - k / q + k * k) / norm]))


def high_pass(rate):
    k, q = numpy.tan(numpy.pi * 38.13547087602444 / rate), 0.5003270373238773
    norm = 1 + k / q + k * k
    return numpy.array([1, -2, 1]), numpy.array([1, 2 * (k * k - 1) / norm, (1 - k / q + k * k) / norm])
