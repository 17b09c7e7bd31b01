"""Whether spoken orders are understood exactly, and how often one is heard that nobody gave."""

import collections
import json
import pathlib
import shutil
import tempfile

import hearsay
from hearsay import Server

from recordings import noisy, samples
from voice import hear

BOOK = pathlib.Path(__file__).parent / "orders.txt"
# Of BOOK the names of drinks came from the references, its ways to begin an order from listening to the recordings.
WAKES = ("alexa", "computer")
NOISE_LEVEL = 12
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


def wakes(server, speech, name, strangers):
    """Hits among the recordings of a wake phrase, and how often others are taken for it."""
    own = [path for path, word in speech.of("wake").items() if word == name]
    hits = sum(bool(calls(said(server, path, "--wake", name))) for path in own)
    return hits, len(own), [call for path in strangers for call in calls(said(server, path, "--wake", name))]


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
    server = Server("--commands", str(BOOK))
    count = len(references)
    right = orders(server, references, {path: path for path in references})
    yield f"orders exactly right, of {count} (%)", 100 * right / count, "≥ 95", right >= 0.95 * count
    kitchen = [speech.folder / "noise" / "barista_kitchen.wav"]
    with tempfile.TemporaryDirectory() as folder:
        copies = noisy(list(references), kitchen, NOISE_LEVEL, pathlib.Path(folder))
        right = orders(server, references, copies)
    yield f"the same with noise of a kitchen at {NOISE_LEVEL} dB (%)", 100 * right / count, "≥ 60", right >= 0.6 * count
    sound = others(speech, quick)
    false, all = collections.Counter(), [path for paths in sound.values() for path in paths]
    made = []
    for name, paths in sound.items():
        for path in paths:
            events = said(server, path)
            false[name] += len(of(events, "command.matched"))
            if name == "noise":
                made += of(events, "transcript.final")
            for match in of(events, "command.matched"):
                print(f"  {path.name}: {match['name']} by {match['by']}, {match['score']}: {match['matched_text']}")
        yield f"commands that nobody gave, in {60 * hours(paths):.1f} min of {name}", false[name], "", None
    total = sum(false.values())
    yield f"commands that nobody gave, an hour (of {60 * hours(all):.1f} min)", rate(total, all), "≤ 1", rate(total, all) <= 1
    yield "texts made of the noise, with Silero", len(made), "0", not made
    hits = own = 0
    mistaken = []
    strangers = all + list(references)
    for place, name in enumerate(WAKES):
        # Each hears half of what is there, and the other wake phrase.
        half = [path for path, word in speech.of("wake").items() if word != name] + strangers[place :: len(WAKES)]
        found = wakes(server, speech, name, half[:2] if quick else half)
        hits, own, mistaken = hits + found[0], own + found[1], mistaken + found[2]
    server.close()
    yield f"wake phrases heard, of {own} (%)", 100 * hits / own, "≥ 80", hits >= 0.8 * own
    listened = hours(strangers + list(speech.of("wake")))
    yield f"wake phrases that nobody said, an hour (of {60 * listened:.1f} min)", len(mistaken) / listened, "≤ 1", len(mistaken) <= listened
    texts = without_silero(lambda: energy(sound["noise"]))
    yield "texts made of the noise, with the built-in detector", len(texts), "0", not texts


def energy(paths):
    server = Server()
    assert server.get("/status")["detector"]["name"] == "energy"
    texts = [event for path in paths for event in of(said(server, path), "transcript.final")]
    server.close()
    return texts
