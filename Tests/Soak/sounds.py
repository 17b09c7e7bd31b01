"""What is sent into sources: sentences that the server said itself, silence and noise, cut into the frames of each format."""

import dataclasses
import itertools

import numpy

SPOKEN = 24_000
SENTENCES = [
    "The build is green and nobody has to look at it before lunch.", "Unless the kettle boils over again.",
    "Somebody left the window of the workshop open.", "It will rain before we are home.",
    "Tell me when the washing machine has come to its end.", "Two of them have been here since the morning.",
]
# A packet of 20 ms that holds nothing, and how one begins that holds something (RFC 6716, section 3.1: CELT, all of the band).
OPUS_SILENCE, OPUS_HEAD = b"\xf8\xff\xfe", b"\xf8"


@dataclasses.dataclass(frozen=True)
class Format:
    codec: str
    sample_rate: int
    channels: int
    frame_ms: int

    @property
    def frame(self):
        """Samples of each channel in a frame."""
        return self.sample_rate * self.frame_ms // 1000

    @property
    def fields(self):
        return {"codec": self.codec, "sample_rate": self.sample_rate, "channels": self.channels}


FORMATS = [
    Format("pcm_s16", 16_000, 1, 20), Format("pcm_s16", 48_000, 1, 40), Format("pcm_s16", 8_000, 2, 100), Format("pcm_s16", 192_000, 1, 20),
    Format("pcm_f32", 24_000, 1, 60), Format("pcm_f32", 44_100, 2, 20), Format("opus", 48_000, 1, 20), Format("opus", 48_000, 1, 20),
]


class Sounds:
    """Each sound in each format as a list of payloads; a sentence has silence around it that ends its utterance."""

    def __init__(self, server, chance):
        said = [server.wav(sentence) / 32_768 for sentence in SENTENCES]
        packed = [packets(server, sentence) for sentence in SENTENCES]
        noises = [chance.gauss(0.1, 0.05) * numpy.random.default_rng(number).normal(size=2 * SPOKEN) for number in range(3)]
        silence = [numpy.zeros(3 * SPOKEN)]
        self.kinds = {}
        for form in dict.fromkeys(FORMATS):
            if form.codec == "opus":
                pause = [OPUS_SILENCE] * 60
                speech = [pause[:15] + packed_one + pause for packed_one in packed]
                noise = [[OPUS_HEAD + chance.randbytes(60) for _ in range(100)] + pause for _ in noises]
                self.kinds[form] = {"speech": speech, "noise": noise, "silence": [pause]}
            else:
                kinds = {"speech": [numpy.pad(one, (SPOKEN // 3, SPOKEN * 6 // 5)) for one in said], "noise": noises, "silence": silence}
                self.kinds[form] = {kind: [payloads(one, form) for one in sounds] for kind, sounds in kinds.items()}

    def some(self, form, chance):
        """The frames of one sound, and which kind it is."""
        kind = chance.choices(["speech", "noise", "silence"], [7, 1, 2])[0]
        return chance.choice(self.kinds[form][kind]), kind


def payloads(samples, form):
    """Frames of samples between -1 and 1, which all channels have alike."""
    places = numpy.arange(0, samples.size, SPOKEN / form.sample_rate)
    wanted = numpy.interp(places, numpy.arange(samples.size), samples).clip(-1, 1)
    columns = numpy.column_stack([wanted] * form.channels)
    data = columns.astype("<f4") if form.codec == "pcm_f32" else (columns * 32_767).astype("<i2")
    return [data[at:at + form.frame].tobytes() for at in range(0, len(data) - form.frame + 1, form.frame)]


def packets(server, sentence):
    """The packets of a sentence, out of the Ogg file (RFC 3533, section 6) that the server makes of it."""
    answer = server.ask("POST", "/v1/audio/speech", {"input": sentence, "voice": "slt", "response_format": "opus"})
    assert answer.status == 200, answer
    found, rest, data = [], b"", answer.data
    while data:
        sizes = data[27:27 + data[26]]
        at = 27 + len(sizes)
        for size in sizes:
            rest += data[at:at + size]
            at += size
            if size < 255:
                found.append(rest)
                rest = b""
        data = data[at:]
    # The first two describe the others, of which all last equally long.
    return list(itertools.islice(found, 2, None))
