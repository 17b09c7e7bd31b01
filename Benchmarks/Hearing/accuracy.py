"""How many words are wrong: without a server, over the wire, read again, in noise, and with the noise taken away."""

import collections
import concurrent.futures
import pathlib
import tempfile

from hearsay import Server

import engine
from recordings import noisy
from voice import give_denoiser, hear
from words import interval, mistakes, rate, words

NOISE_LEVELS = (20, 10, 5, 0)
# Noise takes several times as long to read as speech, so that a few recordings must do.
NOISE_SETS = ("digits", "libri", "librivox", "psx")
# So many at a time: one that waits for the other loses nothing, since a recording has patience.
TOGETHER = 3


class Row:
    """One way to read all recordings: mistakes and words of each."""

    def __init__(self, name, texts, wanted):
        self.name = name
        self.pairs = {path: (mistakes(words(wanted[path]), words(text)), len(words(wanted[path])))
                      for path, text in texts.items()}

    def rate(self, group=None):
        """Per cent of the words of a set, or of all; None for a set that was left out."""
        pairs = [pair for path, pair in self.pairs.items() if group in (None, path.parent.name)]
        return rate(pairs) if pairs else None

    def cells(self, sets):
        rates = [self.rate(name) for name in sets]
        low, high = interval(list(self.pairs.values()))
        count = sum(count for _, count in self.pairs.values())
        return [self.name, *("–" if value is None else f"{value:.1f}" for value in rates), f"{self.rate():.1f}",
                f"{low:.0f}–{high:.0f}", str(count)]


def together(task, items):
    with concurrent.futures.ThreadPoolExecutor(TOGETHER) as pool:
        return dict(zip(items, pool.map(task, items)))


def heard(server, paths, *options):
    """What a server tells of each recording: first texts, and with those that were read again."""
    told = together(lambda path: hear(server, path, *options), list(paths))
    failures = [event for events in told.values() for event in events if event["type"] == "transcript.failed"]
    assert not any(event["code"] != "no_speech" for event in failures), failures
    return {path: final_text(events) for path, events in told.items()}, {path: best_text(events) for path, events in told.items()}


def final_text(events):
    return " ".join(event["text"] for event in events if event["type"] == "transcript.final")


def best_text(events):
    texts = collections.OrderedDict()
    for event in events:
        if event["type"] in ("transcript.final", "transcript.revised"):
            texts[event["utterance_id"]] = event["text"]
    return " ".join(texts.values())


def rows(speech, denoiser, quick):
    wanted = speech.dictations
    if quick:
        wanted = dict(list(wanted.items())[::5])
    server = Server()
    give_denoiser(server, denoiser)
    bare = Row("engine alone, streaming", together(engine.streaming, list(wanted)), wanted)
    yield bare
    yield Row("engine alone, whole files", engine.whole(wanted), wanted)
    pcm, again = heard(server, wanted)
    yield Row("server, PCM", pcm, wanted)
    yield Row("server, Opus 24 kbit/s", heard(server, wanted, "--codec", "opus", "--no-revise")[0], wanted)
    yield Row("server, PCM, second reading", again, wanted)
    noises = [path for path in speech.of("noise") if path.name.startswith("sb_")]
    with tempfile.TemporaryDirectory() as folder:
        for decibels in NOISE_LEVELS:
            some = [path for path in wanted if path.parent.name in NOISE_SETS]
            copies = noisy(some, noises, decibels, pathlib.Path(folder))
            for name, options in ((f"noise at {decibels} dB", []), (f"noise at {decibels} dB, taken away", ["--denoise"])):
                texts = heard(server, copies, "--no-revise", *options)[0]
                yield Row(f"server, PCM, {name}", {copies[path]: text for path, text in texts.items()}, wanted)
    server.close()


def table(rows):
    sets = sorted({path.parent.name for path in rows[0].pairs})
    counts = {name: sum(count for path, (_, count) in rows[0].pairs.items() if path.parent.name == name) for name in sets}
    head = ["words wrong (%)", *(f"{name} ({counts[name]})" for name in sets), "all", "95 %", "words"]
    lines = [head, ["---"] + ["---:"] * (len(head) - 1), *(row.cells(sets) for row in rows)]
    return "\n".join("| " + " | ".join(line) + " |" for line in lines)


def claims(rows):
    """What the bars say of these rows: a claim, its figure, its bar, whether it is met."""
    bare, _, pcm, opus, again = rows[:5]
    noises = rows[5:]
    yield "words wrong with PCM, times those of the engine alone", pcm.rate() / bare.rate(), "≤ 1.03", pcm.rate() <= 1.03 * bare.rate()
    yield "words wrong with Opus, times those of the engine alone", opus.rate() / bare.rate(), "≤ 1.10", opus.rate() <= 1.10 * bare.rate()
    yield "words wrong with Opus, times those with PCM", opus.rate() / pcm.rate(), "", None
    yield "words wrong after the second reading, times those before", again.rate() / pcm.rate(), "< 1", again.rate() < pcm.rate()
    sets = {path.parent.name for path in pcm.pairs}
    worst = max(again.rate(name) - pcm.rate(name) for name in sets)
    yield "points by which the second reading is worse in the worst set", worst, "≤ 2", worst <= 2
    for noise, taken in zip(noises[::2], noises[1::2]):
        name = noise.name.removeprefix("server, PCM, ")
        yield f"words wrong with {name}, taken away, times those with it", taken.rate() / noise.rate(), "", None
