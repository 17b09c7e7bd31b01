"""Notes that are spoken by a voice which the basic recogniser understands."""

import wave

SENTENCES = ["Start a new note.", "The green garden.", "Break. Break. Break."]


def dictate(server, path, sentences=SENTENCES, silence=1.2):
    """A recording of sentences with pauses between them.

    `silence` is what lies behind the last one, in seconds.
    """
    with wave.open(str(path), "wb") as file:
        for place, sentence in enumerate(sentences):
            spoken = path.with_suffix(f".{place}.wav")
            assert server.run("say", sentence, "--voice", "slt", "--wav", str(spoken)).code == 0
            with wave.open(str(spoken)) as part:
                rate, samples = part.getframerate(), part.readframes(part.getnframes())
            if place == 0:
                file.setparams((1, 2, rate, 0, "NONE", ""))
                file.writeframes(bytes(rate))
            file.writeframes(samples + bytes(2 * int((1.2 if place + 1 < len(sentences) else silence) * rate)))
    return str(path)
