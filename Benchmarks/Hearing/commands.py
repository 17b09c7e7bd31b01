"""Whether spoken orders are understood exactly, and how often one is heard that nobody gave."""

import itertools
import json
import pathlib
import re
import shutil
import tempfile

import hearsay
import numpy
from hearsay import Server

from accuracy import together
from recordings import RATE, keep, noisy, samples
from voice import hear
from words import of_rate, of_share

BOOK = pathlib.Path(__file__).parent / "orders.txt"
# Of BOOK the names of drinks came from the references, its ways to begin an order from listening to the recordings.
WAKES = ("alexa", "computer")
NOISE_LEVEL = 12
# Nobody heard these being read when it was decided what is believed to be an order. The GPL was such a text once.
LICENCES = pathlib.Path("/usr/share/common-licenses")
UNHEARD = (LICENCES / "GFDL-1.3", LICENCES / "Apache-2.0")
VOICES = ("slt", "rms", "awb")
PROGRAMS = ("hearsay", "hearsay-flite", "hearsay-pocketsphinx", "hearsay-sherpa")


def said(server, path, *options):
    return [event for event in hear(server, path, "--no-revise", *options)
            if event["type"] in ("command.matched", "attention.called", "transcript.final")]


def of(events, kind):
    return [event for event in events if event["type"] == kind]


def is_exact(events, reference):
    """One command, with the slots of the reference and no others."""
    wanted = {name: " ".join(value.split()) for name, value in json.loads(reference)["slots"].items()}
    matched = of(events, "command.matched")
    return [match["slots"] for match in matched if match["name"] == "orderDrink"] == [wanted] and len(matched) == 1


def orders(server, references, paths):
    """How many of the orders in the recordings were understood exactly; paths are copies and originals."""
    right = 0
    for path, original in paths.items():
        events = said(server, path)
        right += is_exact(events, references[original])
        if not is_exact(events, references[original]):
            print(f"  {original.name}: {references[original]} {[match['slots'] for match in of(events, 'command.matched')]}")
    return right


def hours(paths):
    return sum(len(samples(path)) for path in paths) / 16_000 / 3_600


def rate(count, paths):
    return count / hours(paths)


def others(speech, quick):
    """Sound without any order: readings, talk in other languages, meetings, noise."""
    foreign = [speech.folder / row["file"] for row in speech.rows if row["kind"] == "speech" and row["lang"] != "en"]
    all = {"readings": list(speech.of("speech")) + foreign, "meetings": list(speech.of("vad")),
           "noise": list(speech.of("noise"))}
    return {name: paths[:2] for name, paths in all.items()} if quick else all


def read_out(server, folder, quick):
    """Long texts that Debian has, read by the voices in turn, a paragraph or some at a time."""
    pieces = [piece for text in UNHEARD for piece in re.findall(r"\S.{300,900}?[.:;](?=\s)", text.read_text(), re.DOTALL)]
    for number, (piece, voice) in enumerate(zip(pieces[:3] if quick else pieces, itertools.cycle(VOICES))):
        text = " ".join(piece.split())
        sound = server.wav(text, "--voice", voice)
        places = numpy.arange(len(sound) * RATE // 24_000) * 24_000 / RATE
        path = keep(folder / f"{number}.wav", numpy.interp(places, numpy.arange(len(sound)), sound))
        path.with_suffix(".txt").write_text(text)
        yield path


def says(path, name):
    """Whether a wake phrase is said in a recording, as far as is known."""
    text = path.with_suffix(".txt")
    return text.exists() and name in text.read_text().lower()


def wakes(server, speech, name, strangers):
    """Hits among the recordings of a wake phrase, what else is taken for it, and in which recordings it was looked for."""
    strangers = [path for path in strangers if not says(path, name)]
    own = [path for path, word in speech.of("wake").items() if word == name]
    listen = lambda path: calls(said(server, path, "--wake", name))
    wrong = together(listen, strangers)
    for path, found in wrong.items():
        for call in found:
            print(f"  {path.parent.name}/{path.name}: {name}: {call}")
    return sum(map(bool, together(listen, own).values())), len(own), list(itertools.chain(*wrong.values())), own + strangers


def calls(events):
    """Where the wake phrase was heard, alone or before a command."""
    return of(events, "attention.called") + [match for match in of(events, "command.matched") if match.get("attention_text")]


def without_silero(run):
    """Runs with programs beside which there is no network that finds speech."""
    with tempfile.TemporaryDirectory() as folder:
        for name in PROGRAMS:
            # A link would be followed to where the network lies.
            shutil.copy(pathlib.Path(hearsay.PROGRAM).resolve().parent / name, folder)
        program, hearsay.PROGRAM = hearsay.PROGRAM, str(pathlib.Path(folder) / "hearsay")
        try:
            return run()
        finally:
            hearsay.PROGRAM = program


def claims(speech, quick):
    references = speech.of("command")
    if quick:
        references = dict(list(references.items())[::6])
    with tempfile.TemporaryDirectory() as folder:
        folder = pathlib.Path(folder)
        server = Server("--commands", str(BOOK))
        yield from given(server, speech, references, folder)
        sound = others(speech, quick) | {"other licences, read by voices": list(read_out(server, folder / "read out", quick))}
        yield from mistaken(server, sound)
        yield from woken(server, speech, list(itertools.chain(*sound.values())) + list(references), quick)
        server.close()
    texts = without_silero(lambda: energy(sound["noise"]))
    yield "texts made of the noise, with the built-in detector", len(texts), "0", not texts


def given(server, speech, references, folder):
    count = len(references)
    right = orders(server, references, {path: path for path in references})
    yield f"orders exactly right, of {count} (%)", 100 * right / count, "≥ 95", right >= 0.95 * count, of_share(right, count)
    kitchen = [speech.folder / "noise" / "barista_kitchen.wav"]
    right = orders(server, references, noisy(list(references), kitchen, NOISE_LEVEL, folder))
    yield f"the same with noise of a kitchen at {NOISE_LEVEL} dB (%)", 100 * right / count, "≥ 60", right >= 0.6 * count, of_share(right, count)


def mistaken(server, sound):
    """Orders, and texts of noise, where nobody gave any."""
    count, made = 0, []
    for name, paths in sound.items():
        told = together(lambda path: said(server, path), paths)
        found = [(path, match) for path, events in told.items() for match in of(events, "command.matched")]
        for path, match in found:
            print(f"  {path.name}: {match['name']} by {match['by']}, {match['score']}: {match['matched_text']}")
        if name == "noise":
            made = [text for events in told.values() for text in of(events, "transcript.final")]
        count += len(found)
        yield f"commands that nobody gave, in {60 * hours(paths):.1f} min of {name}", len(found), "", None
    all = list(itertools.chain(*sound.values()))
    yield f"commands that nobody gave, an hour (of {60 * hours(all):.1f} min)", rate(count, all), "≤ 1", rate(count, all) <= 1, of_rate(count, hours(all))
    yield "texts made of the noise, with Silero", len(made), "0", not made


def woken(server, speech, strangers, quick):
    """Each wake phrase is listened for in its own recordings, in those of the other, and in every other stranger."""
    hits, own, wrong, listened = 0, 0, [], []
    for place, name in enumerate(WAKES):
        half = [path for path, word in speech.of("wake").items() if word != name] + strangers[place :: len(WAKES)]
        found = wakes(server, speech, name, half[:2] if quick else half)
        hits, own, wrong, listened = hits + found[0], own + found[1], wrong + found[2], listened + found[3]
    yield f"wake phrases heard, of {own} (%)", 100 * hits / own, "≥ 80", hits >= 0.8 * own, of_share(hits, own)
    wrongs = rate(len(wrong), listened)
    yield f"wake phrases that nobody said, an hour (of {60 * hours(listened):.1f} min)", wrongs, "≤ 1", wrongs <= 1, of_rate(len(wrong), hours(listened))


def energy(paths):
    server = Server()
    assert server.get("/status")["detector"]["name"] == "energy"
    texts = [event for path in paths for event in of(said(server, path), "transcript.final")]
    server.close()
    return texts
