"""The recordings that hearing is measured with, and what is made of them."""

import csv
import itertools
import pathlib
import wave

import numpy

RATE = 16_000


class Speech:
    """A folder with `manifest.tsv`: a head, then file, seconds, rate, language, kind and reference, parted by tabs.

    Kinds are speech, command, wake, noise and vad; files are WAV of one channel at 16 kHz. `ami/*.rttm` there tells who
    speaks when in `ami/*.wav`.
    """

    def __init__(self, folder):
        self.folder = pathlib.Path(folder).resolve()
        with open(self.folder / "manifest.tsv", newline="") as file:
            self.rows = list(csv.DictReader(file, delimiter="\t"))

    def of(self, kind):
        """The English ones of a kind: path and reference."""
        return {self.folder / row["file"]: row["reference"] for row in self.rows
                if row["kind"] == kind and row["lang"] == "en"}

    @property
    def dictations(self):
        return {path: text for path, text in self.of("speech").items() if text}


def samples(path):
    with wave.open(str(path)) as file:
        return numpy.frombuffer(file.readframes(file.getnframes()), "<i2")


def keep(path, values, rate=RATE):
    path.parent.mkdir(parents=True, exist_ok=True)
    with wave.open(str(path), "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(rate)
        file.writeframes(numpy.clip(values, -32_768, 32_767).astype("<i2").tobytes())
    return path


def silence(seconds, rate=RATE):
    """Quiet as through a good microphone: -72 dB."""
    return numpy.random.default_rng(1).normal(0, 8, int(seconds * rate))


def noisy(paths, noises, decibels, folder):
    """Copies with noise, so much softer than the loud parts of the speech: each recording with the next of the noises."""
    beds = itertools.cycle([samples(path).astype(float) for path in noises])
    copies = {}
    for path, bed in zip(paths, beds):
        speech = samples(path).astype(float)
        bed = numpy.resize(bed, len(speech) + 2 * RATE)
        wanted = loudness(speech) - decibels
        bed *= 10 ** ((wanted - 10 * numpy.log10(numpy.mean(bed ** 2) + 1e-9)) / 20)
        # A second of noise before and after, as there would be.
        bed[RATE : RATE + len(speech)] += speech
        copies[keep(folder / f"{decibels}" / path.parent.name / path.name, bed)] = path
    return copies


def loudness(values):
    """In dB: the mean of what is no more than 20 dB below the loudest tenth of a second."""
    power = numpy.array([numpy.mean(part ** 2) for part in numpy.array_split(values, max(1, len(values) // 1_600))])
    return 10 * numpy.log10(numpy.mean(power[power > power.max() / 100]) + 1e-9)
