"""Measures how well recordings are understood, against the same engine alone.

    Benchmarks/Hearing/measure.py SPEECH [PROGRAM]     # a table of Markdown on standard output

SPEECH is a folder with `manifest.tsv`: a head, then file, seconds, rate, language, kind (speech, noise) and reference,
parted by tabs; files are WAV at 16 kHz. `ami/*.rttm` there tells who speaks when in `ami/*.wav`. PROGRAM is
`bin/hearsay` unless named, with `hearsay-pocketsphinx` beside it. The engine alone is Debian's package pocketsphinx.
"""

import csv
import json
import pathlib
import random
import re
import socket
import subprocess
import sys
import tempfile
import time
import wave

ROOT = pathlib.Path(__file__).resolve().parents[2]
DIGITS = dict(zip("0123456789", "zero one two three four five six seven eight nine".split()))
# 100 ms, as a microphone sends it.
PIECE = 3_200


def words(text):
    text = re.sub(r"\(\d+\)", "", text.lower().replace("-", " ")).replace("’", "'")
    return [DIGITS.get(word, word) for word in re.sub(r"[^a-z0-9' ]", " ", text).split()]


def mistakes(wanted, got):
    """How many words have to change, go or come."""
    row = list(range(len(got) + 1))
    for index, word in enumerate(wanted, 1):
        diagonal, row[0] = row[0], index
        for place, other in enumerate(got, 1):
            diagonal, row[place] = row[place], min(row[place] + 1, row[place - 1] + 1, diagonal + (word != other))
    return row[-1]


def interval(pairs):
    """95 % of the mistake rates of sets that are drawn from these recordings (bootstrap, fixed seed)."""
    draw = random.Random(1)
    rates = []
    for _ in range(1_000):
        chosen = [draw.choice(pairs) for _ in pairs]
        rates.append(100 * sum(wrong for wrong, _ in chosen) / sum(count for _, count in chosen))
    rates.sort()
    return rates[25], rates[974]


class Worker:
    """`hearsay-pocketsphinx`, asked directly: the live reading with what it learnt carried along."""

    def __init__(self, program):
        self.folder = tempfile.TemporaryDirectory(prefix="hearsay-bench-")
        path = f"{self.folder.name}/worker.sock"
        self.process = subprocess.Popen([program, "--socket", path], stdin=subprocess.PIPE)
        deadline = time.monotonic() + 30
        while not pathlib.Path(path).exists():
            assert time.monotonic() < deadline, "the worker made no socket"
            time.sleep(0.01)
        self.path = path

    def read(self, samples, context):
        with socket.socket(socket.AF_UNIX) as connection:
            connection.connect(self.path)
            stream = connection.makefile("rwb")
            send(stream, "transcribe", {"context": context} if context else {})
            shape = {"rate": 16_000, "width": 2, "channels": 1}
            for start in range(0, len(samples), PIECE):
                send(stream, "audio-chunk", shape, samples[start : start + PIECE])
            send(stream, "audio-stop", {})
            header = json.loads(stream.readline())
            data = json.loads(stream.read(header["data_length"]))
            assert header["type"] == "transcript", data
            return data["text"], data.get("context")

    def close(self):
        self.process.terminate()
        self.process.wait(10)
        self.folder.cleanup()


def send(stream, kind, data, payload=b""):
    block = json.dumps(data).encode()
    header = {"type": kind, "data_length": len(block), "payload_length": len(payload)}
    stream.write(json.dumps(header).encode() + b"\n" + block + payload)
    stream.flush()


def samples(path):
    with wave.open(str(path)) as file:
        return file.readframes(file.getnframes())


def alone_streaming(files):
    for path in files:
        with tempfile.NamedTemporaryFile("w") as log:
            result = subprocess.run(
                ["pocketsphinx_continuous", "-infile", path, "-logfn", log.name], capture_output=True, text=True)
        yield path, result.stdout


def alone_whole(files):
    with tempfile.TemporaryDirectory() as folder:
        folder = pathlib.Path(folder)
        (folder / "list").write_text("".join(f"{path.with_suffix('')}\n" for path in files))
        subprocess.run(
            ["pocketsphinx_batch", "-adcin", "yes", "-adchdr", "44", "-cepdir", "/", "-cepext", ".wav", "-ctl",
             folder / "list", "-hyp", folder / "text", "-logfn", "/dev/null"], check=True, capture_output=True)
        lines = (folder / "text").read_text().splitlines()
    for path, line in zip(files, lines, strict=True):
        yield path, line[: line.rindex("(")]


def live(program, files):
    worker, contexts = Worker(pathlib.Path(program).parent / "hearsay-pocketsphinx"), {}
    for path in files:
        text, contexts[path.parent] = worker.read(samples(path), contexts.get(path.parent))
        yield path, text
    worker.close()


def transcribe(program, path):
    result = subprocess.run([program, "transcribe", path, "--json"], capture_output=True, text=True, check=True)
    said = [json.loads(line) for line in result.stdout.splitlines()]
    return said, [one for one in said if one["text"] and "doubt" not in one]


def second(program, files):
    for path in files:
        yield path, " ".join(one["text"] for one in transcribe(program, path)[1])


def accuracy(folder, rows, program):
    files = [folder / row["file"] for row in rows]
    wanted = {folder / row["file"]: words(row["reference"]) for row in rows}
    sets = sorted({path.parent.name for path in files})
    counts = {name: sum(len(wanted[path]) for path in files if path.parent.name == name) for name in sets}
    print("| words wrong (%) | " + " | ".join(f"{name} ({counts[name]})" for name in sets)
          + f" | all ({sum(counts.values())}) | 95 % |")
    print("| --- |" + " ---: |" * (len(sets) + 2))
    ways = [("engine alone, streaming", lambda: alone_streaming(files)), ("engine alone, whole files", lambda: alone_whole(files)),
            ("live reading", lambda: live(program, files)), ("`transcribe`: cut, second reading", lambda: second(program, files))]
    for name, way in ways:
        wrong = {path: (mistakes(wanted[path], words(text)), len(wanted[path])) for path, text in way()}
        cells = []
        for group in [*sets, None]:
            pairs = [pair for path, pair in wrong.items() if group in (None, path.parent.name)]
            cells.append(f"{100 * sum(pair[0] for pair in pairs) / sum(pair[1] for pair in pairs):.1f}")
        low, high = interval(list(wrong.values()))
        print(f"| {name} | " + " | ".join(cells) + f" | {low:.0f}-{high:.0f} |", flush=True)


def meetings(folder, program):
    """How much of what is said in meetings lies in utterances, and how much of the rest."""
    speech = {}
    for line in (folder / "ami" / "train.rttm").read_text().splitlines():
        fields = line.split()
        speech.setdefault(fields[1], []).append((float(fields[3]), float(fields[3]) + float(fields[4])))
    kept = said = taken = 0
    for path in sorted((folder / "ami").glob("*.wav")):
        spans = [(one["start_ms"] / 1_000, one["end_ms"] / 1_000) for one in transcribe(program, path)[0]]
        for step in range(int(len(samples(path)) / 320)):
            moment = step / 100
            is_speech = any(start <= moment < end for start, end in speech.get(path.stem, []))
            is_taken = any(start <= moment < end for start, end in spans)
            said, taken, kept = said + is_speech, taken + is_taken, kept + (is_speech and is_taken)
    print(f"| speech of meetings within utterances (%) | {100 * kept / said:.1f} |")
    print(f"| speech within utterances of meetings (%) | {100 * kept / taken:.1f} |")


def noises(folder, rows, program):
    seconds = texts = believed = length = 0
    for row in rows:
        said, kept = transcribe(program, folder / row["file"])
        seconds += float(row["seconds"])
        texts += sum(1 for one in said if one["text"])
        believed += len(kept)
        length += sum(one["end_ms"] - one["start_ms"] for one in said) / 1_000
    print(f"| noise taken for utterances, of {seconds:.0f} s (%) | {100 * length / seconds:.1f} |")
    print(f"| texts made up of noise: believed, of how many | {believed} of {texts} |")


def main():
    folder = pathlib.Path(sys.argv[1]).resolve()
    program = sys.argv[2] if len(sys.argv) > 2 else str(ROOT / "bin" / "hearsay")
    with open(folder / "manifest.tsv", newline="") as file:
        rows = [row for row in csv.DictReader(file, delimiter="\t")]
    speech = [row for row in rows if row["kind"] == "speech" and row["lang"] == "en" and row["reference"]]
    accuracy(folder, speech, program)
    print("\n| detection | |\n| --- | ---: |")
    meetings(folder, program)
    noises(folder, [row for row in rows if row["kind"] == "noise"], program)


if __name__ == "__main__":
    main()
