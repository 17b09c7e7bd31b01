"""Whether an hour later words still lie where they were said."""

import pathlib
import tempfile

import numpy

from hearsay import Server

from recordings import RATE, keep, samples, silence
from voice import hear, transcribe

# Another rate than the engine's, since that is what could drift.
WIRE_RATE = 44_100


def claims(speech, quick):
    minutes = 5 if quick else 60
    sentence = next(samples(path) for path in speech.dictations if path.parent.name == "psx")
    places = numpy.arange(int(len(sentence) * WIRE_RATE / RATE)) * RATE / WIRE_RATE
    spoken = numpy.interp(places, numpy.arange(len(sentence)), sentence)
    minute = silence(60, WIRE_RATE)
    # Where no sample of 16 kHz begins, each time somewhere else.
    starts = [(60 * number + 10) * WIRE_RATE + 17 * number for number in range(minutes)]
    values = numpy.tile(minute, minutes)
    for start in starts:
        values[start : start + len(spoken)] += spoken
    with tempfile.TemporaryDirectory() as folder:
        path = keep(pathlib.Path(folder) / "hour.wav", values, WIRE_RATE)
        yield claim("`transcribe`", minutes, starts, transcribe(path))
        server = Server()
        told = hear(server, path, "--no-revise")
        server.close()
        yield claim("server", minutes, starts, [event for event in told if event["type"] == "transcript.final"])


def claim(name, minutes, starts, texts):
    assert len(texts) == len(starts), [text["text"] for text in texts]
    off = [text["words"][-1]["end_ms"] - 1_000 * start / WIRE_RATE for start, text in zip(starts, texts)]
    worst = max(abs(value - off[0]) for value in off)
    return f"{name}, {minutes} min at 44.1 kHz: a word's time off from where it is in the first minute, at most (ms)", worst, "≤ 20", worst <= 20
