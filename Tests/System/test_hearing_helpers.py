"""What helps a recogniser, on stand-in models: noise taken away, phrases found in the sound, punctuation."""

import os
import re
import signal
import wave

import numpy
import pytest

import stand_in_helpers
import stand_in_hearing
from hearsay import Server, run, until
from test_hearing_models import (GO, PCM, RATE, TONES, engine, install, models, send, silence, tone, worker,  # noqa: F401
                                 workers)

#: What the stand-ins hear in a sentence of deep and bright tones around speech, so that the detector lets them through.
SHAPE = {"rate": RATE, "width": 2, "channels": 1}


@pytest.fixture(scope="module")
def folders(tmp_path_factory):
    folder = tmp_path_factory.mktemp("helpers")
    return {kind: stand_in_helpers.write(folder / kind, kind) for kind in stand_in_helpers.KINDS} | {
        kind: stand_in_hearing.write(folder / kind, kind) for kind in ("streaming-nemo-ctc", "nemo-ctc")}


@pytest.fixture(scope="module")
def helped(tmp_path_factory, folders):
    """A server with a recogniser and one of each that helps it."""
    server = Server("--model-idle", "1s", folder=tmp_path_factory.mktemp("helped") / "data")
    for kind in "streaming-nemo-ctc", "denoiser", "keywords":
        install(server, folders[kind], kind)
    install(server, folders["punctuation"], "punctuation", "--language", "en")
    yield server
    server.close()


# Workers

def cleaned(worker, samples, size=640):
    """What comes of samples that go through a denoiser, frame by frame."""
    worker.send("denoise")
    out = []
    for start in range(0, len(samples), size):
        worker.send("audio-chunk", SHAPE, samples[start:start + size])
        kind, _, payload = worker.receive()
        assert kind == "audio-chunk"
        out.append(payload)
    worker.send("audio-stop")
    while (event := worker.receive())[0] == "audio-chunk":
        out.append(event[2])
    assert event[0] == "audio-stop"
    return b"".join(out)


@pytest.mark.parametrize("size", [640, 3_840, 302])
def test_a_denoiser_gives_as_much_as_it_gets_in_its_place(worker, folders, size):
    samples = tone(440, 1)
    before = numpy.frombuffer(samples, "<i2").astype(float)
    after = numpy.frombuffer(cleaned(worker(folders["denoiser"]), samples, size), "<i2").astype(float)
    assert len(after) == len(before)
    # The stand-in makes everything quieter; a shift by one sample would be off by far more.
    inner = slice(512, -512)
    assert numpy.abs(after[inner] - before[inner] * stand_in_helpers.FACTOR).max() < 30


def test_sources_do_not_share_a_denoiser(worker, folders):
    one = worker(folders["denoiser"])
    one.send("denoise")
    one.send("audio-chunk", SHAPE, tone(440, 0.5))
    one.receive()
    first, reader = one.socket, one.reader
    one.connect()
    assert set(cleaned(one, silence(0.5))) == {0}
    first.close()
    reader.close()


def punctuated(worker, text):
    worker.send("punctuate", {"text": text})
    kind, data, _ = worker.receive()
    assert kind == "punctuated"
    return data["text"]


def test_punctuation_of_both_families(worker, folders):
    one = worker(folders["punctuation"])
    assert punctuated(one, "how are you") == "How are you."
    assert punctuated(one, "") == "" and punctuated(one, " ") == " "
    long = " ".join(["word"] * 2_500)
    assert punctuated(one, long) == long
    one.close()
    assert punctuated(worker(folders["marks"]), "how are you") == "how，are，you。"


def test_phrases_are_found_with_their_times(worker, folders):
    one = worker(folders["keywords"])
    (_, data, _), partials = one.hear(TONES, pause=2.9, reading="keywords", keywords=["low high", "high low"])
    found = [line.split(" ", 2) for line in data["text"].splitlines()]
    assert [phrase for _, _, phrase in found] == ["low high", "high low"], data
    # It is told when it was found, which is up to half a second late.
    assert 1_500 <= int(found[0][1]) <= 2_500 and 1_000 <= int(found[0][1]) - int(found[0][0]) <= 2_000, found
    assert partials and partials[0] == data["text"].splitlines()[0]
    (_, data, _), _ = one.hear(TONES, reading="keywords", keywords=["high low"])
    assert [line.split(" ", 2)[2] for line in data["text"].splitlines()] == ["high low"]
    assert one.hear(silence(1), reading="keywords", keywords=["high low"])[0][1]["text"] == ""


@pytest.mark.parametrize("keywords", [[], ["word"], ["low"] * 101])
def test_phrases_that_cannot_be_looked_for_are_refused(worker, folders, keywords):
    one = worker(folders["keywords"])
    one.send("transcribe", {"reading": "keywords", "keywords": keywords})
    assert one.receive()[1]["code"] == "bad_keywords"


# Models

@pytest.mark.parametrize("kind, purpose", [
    ("denoiser", "denoiser"), ("punctuation", "punctuation"), ("marks", "punctuation"), ("keywords", "keywords"),
])
def test_what_a_helper_is_for_is_found_out(folders, tmp_path, kind, purpose):
    words = "--name", "mine", "--licence", "MIT", "--data", str(tmp_path / "data"), "--json"
    told = run("models", "import", str(folders[kind]), *words, seconds=120)
    assert told.code == 0 and told.lines[-1]["kind"] == purpose, told
    (row,) = [row for row in run("models", "list", "--data", str(tmp_path / "data"), "--json").lines if row["id"] == "mine"]
    assert row["kind"] == purpose and row["about"]
    other = run("models", "import", str(folders[kind]), "--name", "other", "--kind", "voice", *words[2:], seconds=120)
    assert other.code == 6 and "not a voice" in other.lines[-1]["message"]


def test_a_single_file_is_a_model_too(folders, tmp_path):
    words = "--name", "mine", "--licence", "MIT", "--data", str(tmp_path / "data"), "--json"
    assert run("models", "import", str(folders["denoiser"] / "gtcrn.onnx"), *words, seconds=120).code == 0
    assert (tmp_path / "data/models/mine/gtcrn.onnx").exists()
    assert run("models", "verify", "mine", "--data", str(tmp_path / "data")).code == 0


def test_a_streaming_transducer_may_be_a_recogniser_or_a_spotter(folders, tmp_path):
    words = "--licence", "MIT", "--data", str(tmp_path / "data"), "--json"
    for kind in "recogniser", "keywords":
        told = run("models", "import", str(folders["keywords"]), "--name", kind, "--kind", kind, *words, seconds=120)
        assert told.lines[-1]["kind"] == kind, told


# Sources

def listen_to(voice, **settings):
    voice.ask("subscribe", events=["transcript.final", "transcript.failed", "keyword.spotted", "command.matched", "level",
                                   "source.stopped"])
    return voice.ask("source.open", **PCM, **settings)


def test_final_text_gets_punctuation_unless_the_source_wants_none(helped, talk):
    assert until(lambda: engine(helped, "punctuation"))
    texts = []
    for punctuate in None, False:
        voice = talk(helped)
        stt = {"engine": "streaming-nemo-ctc", "revise": False, "partials": False}
        opened = listen_to(voice, stt=stt | ({} if punctuate is None else {"punctuate": punctuate}))
        # The first one may find the model loading, and does not wait for it.
        for number in range(3):
            send(voice, silence(0.5) + GO + silence(1.5), opened["channel"], start=number * 400)
            texts.append(voice.until("transcript.final", 60)["text"])
            if punctuate is False or texts[-1].endswith("."):
                break
        voice.ask("source.close", source_id=opened["source_id"])
    with_marks, plain = texts[-2:]
    assert with_marks == plain[0].upper() + plain[1:] + ".", texts


#: Of the tone, in decibels below full scale, and of a quarter of it.
LOUD = 20 * numpy.log10(10_000 / 32_768 / 2**0.5)
QUIETER = LOUD + 20 * numpy.log10(stand_in_helpers.FACTOR)


def levels_until(wanted, voice, opened):
    """How loud a source was until it was as loud as is wanted; of readings only the newest may come."""
    levels = []
    while not levels or abs(levels[-1] - wanted) > 1:
        levels.append(voice.until("level", 60, source_id=opened["source_id"])["level_db"])
    return levels


def warm_up(server, voice, opened, reduces):
    """Half a second of silence, with which a model is loaded; sound that waits too long for one goes on as it is."""
    send(voice, silence(0.5), opened["channel"])
    if reduces:
        assert until(lambda: engine(server, "denoiser")["state"] == "ready", 60)


def test_noise_reduction_comes_before_everybody_who_listens(helped, talk):
    assert until(lambda: engine(helped, "denoiser"))
    for reduces in False, True:
        voice = talk(helped)
        opened = listen_to(voice, stt={"engine": "none"}, noise_reduction=reduces)
        warm_up(helped, voice, opened, reduces)
        send(voice, tone(440, 2), opened["channel"], start=25)
        assert max(levels_until(QUIETER if reduces else LOUD, voice, opened)) < LOUD + 1 - 12 * reduces
        listed = next(one for one in helped.get("/v1/sources")["sources"] if one["source_id"] == opened["source_id"])
        assert listed["noise_reduction"] is reduces
        voice.ask("source.close", source_id=opened["source_id"])


def test_noise_reduction_can_be_switched_while_a_source_runs(helped, talk):
    voice = talk(helped)
    opened = listen_to(voice, stt={"engine": "none"})
    for number, reduces in enumerate((False, True, False)):
        assert voice.ask("source.update", source_id=opened["source_id"], noise_reduction=reduces)["type"] == "ok"
        send(voice, silence(0.48), opened["channel"], start=number * 124)
        if reduces:
            assert until(lambda: engine(helped, "denoiser")["state"] == "ready", 60)
        send(voice, tone(440, 2), opened["channel"], start=number * 124 + 24)
        levels_until(QUIETER if reduces else LOUD, voice, opened)
    voice.ask("source.close", source_id=opened["source_id"])


def test_a_denoiser_that_is_killed_loses_nothing(helped, talk):
    ends = []
    for is_killed in False, True:
        voice = talk(helped)
        opened = listen_to(voice, stt={"engine": "streaming-nemo-ctc", "revise": False}, noise_reduction=True)
        send(voice, silence(0.5) + GO[:48_000], opened["channel"])
        assert until(lambda: workers(helped, "denoiser"), 60)
        voice.until("level", 60)
        if is_killed:
            for pid in workers(helped, "denoiser"):
                os.kill(pid, signal.SIGKILL)
        send(voice, GO[48_000:] + silence(1.5), opened["channel"], start=100)
        final = voice.until("transcript.final", 60)
        assert final["text"]
        ends.append((final["start_ms"], final["end_ms"]))
        voice.ask("source.close", source_id=opened["source_id"])
    (start, end), (start_again, end_again) = ends
    assert abs(start - start_again) <= 200 and abs(end - end_again) <= 400, ends


def test_no_source_reduces_noise_where_no_model_can(server, talk):
    refusal = talk(server).ask("source.open", noise_reduction=True, **PCM)
    assert (refusal["code"], refusal["field"]) == ("unknown_engine", "noise_reduction")
    assert "`hearsay models pull gtcrn`" in refusal["message"] and "for hearing" not in refusal["message"]


def test_no_source_looks_for_phrases_where_no_model_can(server, talk):
    voice = talk(server)
    refusal = voice.ask("source.open", stt={"keywords": ["lights on"]}, **PCM)
    assert (refusal["code"], refusal["field"]) == ("unknown_engine", "stt.keywords")
    assert "`hearsay models pull keywords-en`" in refusal["message"]
    opened = voice.ask("source.open", stt={"keywords": []}, **PCM)
    again = voice.ask("source.update", source_id=opened["source_id"], stt={"keywords": ["lights on"]})
    assert (again["code"], again["field"]) == ("unknown_engine", "stt.keywords")
    voice.ask("source.close", source_id=opened["source_id"])


def test_hear_prints_the_phrases_that_are_found(helped, tmp_path):
    assert until(lambda: engine(helped, "keywords"))
    path = tmp_path / "go.wav"
    with wave.open(str(path), "wb") as file:
        file.setparams((1, 2, RATE, 0, "NONE", ""))
        file.writeframes(silence(0.5) + GO + silence(1.5))
    wanted = "--engine", "none", "--keyword", "low high", "--keyword", "high low"
    result = helped.run("hear", "--source", str(path), "--fast", *wanted, seconds=120)
    assert result.code == 0 and re.search("^keyword: (low high|high low)$", result.out, re.MULTILINE), result.said
    told = helped.run("hear", "--source", str(path), "--fast", "--json", *wanted, seconds=120).lines
    assert "keyword.spotted" in {event["type"] for event in told}


def test_phrases_are_told_while_somebody_speaks(helped, talk):
    """What the spotter's twin among the recognisers writes of real speech says which phrase there is to be found."""
    assert until(lambda: engine(helped, "keywords"))
    voice = talk(helped)
    opened = listen_to(voice, stt={"engine": "none", "keywords": ["low high", "high low"]})
    send(voice, silence(0.5) + GO + silence(1.5), opened["channel"])
    spotted = voice.until("keyword.spotted", 60)
    assert spotted["keyword"] in ("low high", "high low") and 0 <= spotted["start_ms"] < spotted["end_ms"] < 5_000
    assert spotted["source_id"] == opened["source_id"] and spotted["utterance_id"]
    voice.ask("source.close", source_id=opened["source_id"])


def test_a_wake_phrase_may_be_found_in_the_sound(helped, talk):
    voice = talk(helped)
    stt = {"engine": "streaming-nemo-ctc", "revise": False, "wake": "low high", "punctuate": False}
    opened = listen_to(voice, stt=stt)
    for number in range(3):  # The first one may find the model loading.
        send(voice, silence(0.5) + GO + silence(1.5), opened["channel"], start=number * 400)
        final = voice.until("transcript.final", 60)
        if "wake" in final:
            break
    assert final["wake"] == "low high"
    voice.ask("source.close", source_id=opened["source_id"])


def test_helpers_are_listed_and_leave_when_nobody_needs_them(helped, talk):
    voice = talk(helped)
    opened = listen_to(voice, stt={"engine": "none"}, noise_reduction=True)
    send(voice, tone(440, 1), opened["channel"])
    assert until(lambda: (engine(helped, "denoiser").get("memory_bytes") or 0) > 10_000_000, 60)
    voice.ask("source.close", source_id=opened["source_id"])
    for name, kind in ("denoiser", "denoiser"), ("keywords", "keywords"), ("punctuation", "punctuation"):
        assert engine(helped, name)["kind"] == kind
        assert until(lambda: not workers(helped, name) and engine(helped, name)["state"] == "unloaded", 60), name
    assert "hearsay models pull gtcrn" in engine(helped, "gtcrn")["reason"]
