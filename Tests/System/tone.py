"""The `tone` engine's samples, from its description: the same numbers by another hand."""

import numpy

RATE = 24_000


def samples_of(text, speed=1.0, pitch=1.0):
    parts = []
    for word in text.replace("\t", " ").replace("\n", " ").replace("\r", " ").split(" "):
        if word:
            parts += [tone_of(word, speed, pitch), numpy.ones(int(960 / speed), "<i2")]
    return numpy.concatenate(parts) if parts else numpy.zeros(0, "<i2")


def tone_of(word, speed, pitch=1.0):
    count = int(min(60 * len(word), 900) * 24 / speed)
    at = numpy.arange(count, dtype=numpy.int64)
    phase = at * int((200 + fnv(word.encode()) % 600) * pitch) % RATE
    rising = numpy.where(phase < 12_000, 16_000 * phase // 12_000, 16_000 * (RATE - phase) // 12_000)
    fade = numpy.minimum(numpy.minimum(at, count - 1 - at), 120)
    samples = rising * fade // 120 - 8_000 * fade // 120
    return numpy.where(samples == 0, 1, samples).astype("<i2")


def fnv(data):
    value = 0x811C9DC5
    for byte in data:
        value = (value ^ byte) * 0x01000193 % (1 << 32)
    return value
