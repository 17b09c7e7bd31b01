"""Whether what is said lies within utterances, and what is made of what is not said."""

from hearsay import Server

from accuracy import heard, together
from recordings import samples
from voice import hear, transcribe


def meetings(speech):
    """Of 10 ms each: how many hold speech, lie in utterances, and both."""
    spoken = {}
    for line in (speech.folder / "ami" / "train.rttm").read_text().splitlines():
        fields = line.split()
        spoken.setdefault(fields[1], []).append((float(fields[3]), float(fields[3]) + float(fields[4])))
    said = taken = both = 0
    for path in sorted((speech.folder / "ami").glob("*.wav")):
        spans = [(one["start_ms"] / 1_000, one["end_ms"] / 1_000) for one in transcribe(path)]
        for step in range(len(samples(path)) // 160):
            moment = step / 100
            is_said = any(start <= moment < end for start, end in spoken.get(path.stem, []))
            is_taken = any(start <= moment < end for start, end in spans)
            said, taken, both = said + is_said, taken + is_taken, both + (is_said and is_taken)
    return said, taken, both


def claims(speech):
    said, taken, both = meetings(speech)
    yield f"speech of meetings within utterances, of {said / 100:.0f} s (%)", 100 * both / said, "≥ 87", both >= 0.87 * said
    yield f"speech of all that lies within utterances of meetings, {taken / 100:.0f} s (%)", 100 * both / taken, "", None
    server = Server()
    recordings = list(speech.dictations) + list(speech.of("command"))
    lost = [path for path, text in heard(server, recordings, "--no-revise")[0].items() if not text]
    yield f"recordings of dictation and orders without any text, of {len(recordings)}", len(lost), "0", not lost
    noises = together(lambda path: hear(server, path, "--no-revise"), list(speech.of("noise")))
    server.close()
    events = [event for told in noises.values() for event in told]
    texts = [event["text"] for event in events if event["type"] == "transcript.final"]
    refused = sum(event["type"] == "transcript.failed" for event in events)
    seconds = sum(len(samples(path)) for path in noises) / 16_000
    yield f"texts made up of {seconds:.0f} s of noise (of utterances: {len(texts) + refused})", len(texts), "0", not texts
    made = sum(len(text.split()) for text in texts)
    yield "words in these texts", made, "", None
