"""Three recordings of real speech, and every event that they are to bring, in its order."""

import json
import os
import pathlib
import shutil

import pytest

import hearsay
from hearsay import Server

# Debian's package pocketsphinx-testdata.
SPEECH = pathlib.Path("/usr/share/pocketsphinx/test/data")
REFERENCES = pathlib.Path(__file__).parent / "references"
RECORDINGS = ["goforward", "something", "numbers"]
# One recording is an order with a slot, one begins a note that ends with its source, one is neither.
BOOK = """
[walk]
phrase = go forward {distance} meters

[note]
phrase = go somewhere and do something
draft = begins
"""
# What differs each time, and what depends on the processor's last digits.
UNSTEADY = {"v", "seq", "at", "latency_ms", "confidence", "score", "order", "order_score", "started_at", "ended_at"}
# Two windows of the detector.
TOLERANCE = 64


@pytest.fixture(scope="module")
def server(tmp_path_factory):
    """A server without a detector that may or may not have been fetched."""
    folder = tmp_path_factory.mktemp("reference")
    programs, data = folder / "programs", folder / "data"
    programs.mkdir()
    for name in ("hearsay", "hearsay-flite", "hearsay-pocketsphinx"):
        source = pathlib.Path(os.path.realpath(hearsay.PROGRAM)).parent / name
        try:
            os.link(source, programs / name)
        except OSError:
            shutil.copy2(source, programs / name)
    data.mkdir(mode=0o700)
    (data / "commands.txt").write_text(BOOK)
    usual, hearsay.PROGRAM = hearsay.PROGRAM, str(programs / "hearsay")
    server = Server(folder=data)
    yield server
    server.close()
    hearsay.PROGRAM = usual


def steady(events):
    """Events without what differs each time; names of utterances and drafts in the order in which they came."""
    names = {}

    def clean(value, key=""):
        if isinstance(value, dict):
            return {name: clean(each, name) for name, each in value.items() if name not in UNSTEADY}
        if isinstance(value, list):
            return [clean(each) for each in value]
        if key in ("utterance_id", "draft_id"):
            return names.setdefault(value, f"{key} {len(names) + 1}")
        return value

    return clean(events)


def compare(told, wanted, place):
    if isinstance(wanted, dict):
        assert sorted(told) == sorted(wanted), place
        for key in wanted:
            compare(told[key], wanted[key], f"{place}.{key}")
    elif isinstance(wanted, list):
        assert len(told) == len(wanted), place
        for index, (one, other) in enumerate(zip(told, wanted)):
            compare(one, other, f"{place}[{index}]")
    elif place.endswith("_ms"):
        assert abs(told - wanted) <= TOLERANCE, (place, told, wanted)
    else:
        assert told == wanted, place


@pytest.mark.parametrize("codec", ["pcm", "opus"])
@pytest.mark.parametrize("name", RECORDINGS)
def test_a_recording_brings_these_events(server, name, codec):
    result = server.run("hear", "--source", str(SPEECH / f"{name}.raw"), "--rate", "16000", "--fast", "--no-revise", "--json",
                        "--codec", codec, "--name", f"{name}-{codec}", "--speaker", "Ann", seconds=240)
    assert result.code == 0, result.said
    facts = [event for event in result.lines if "seq" in event]
    numbers = [event["seq"] for event in facts]
    assert numbers == sorted(set(numbers)) and all(event["v"] == 1 and event["session_id"] == "default" for event in facts)
    assert [event["at"] for event in facts] == sorted(event["at"] for event in facts)
    told = steady(facts)
    for event in told:
        assert event.pop("source_id") == f"{name}-{codec}"
        event.get("draft", {}).pop("source_id", None)
    wanted = json.loads((REFERENCES / f"{name}.json").read_text())
    if codec == "opus":
        # What is lost in compression may move a word, but not change it.
        told, wanted = without_times(told), without_times(wanted)
        wanted[0].update(codec="opus", sample_rate=48_000)
    assert [event["type"] for event in told] == [event["type"] for event in wanted]
    compare(told, wanted, name)
    follow_partials(result.lines)


def without_times(value):
    if isinstance(value, dict):
        return {key: without_times(each) for key, each in value.items() if not key.endswith("_ms")}
    return [without_times(each) for each in value] if isinstance(value, list) else value


def follow_partials(events):
    """Partial text comes of utterances that are under way only; this recogniser, which may change any word, confirms none."""
    partials = [event for event in events if event["type"] == "transcript.partial"]
    assert all(event["confirmed"] == "" and event["tentative"] for event in partials)
    ended = set()
    for event in events:
        if event["type"] == "transcript.final":
            ended.add(event["utterance_id"])
        assert event["type"] != "transcript.partial" or event["utterance_id"] not in ended, event
