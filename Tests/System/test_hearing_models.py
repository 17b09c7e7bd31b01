"""Recognisers of a user's on stand-in models: each kind hears, tells times where it can, and loses nothing when it dies."""

import json
import os
import pathlib
import re
import signal
import struct
import subprocess
import wave

import numpy
import pytest

import stand_in_hearing
import stand_in_models
from hearsay import Server, children, command_line, run, until
from wyoming_worker import WyomingWorker

RATE = 16_000
# Debian's package pocketsphinx-testdata.
GO = pathlib.Path("/usr/share/pocketsphinx/test/data/goforward.raw").read_bytes()
PCM = {"codec": "pcm_s16", "sample_rate": RATE}
WITHOUT_TIMES = ("streaming-paraformer", "paraformer") + stand_in_hearing.LENGTH


def silence(seconds):
    return bytes(2 * int(RATE * seconds))


def tone(hertz, seconds):
    waves = numpy.sin(2 * numpy.pi * hertz * numpy.arange(int(RATE * seconds)) / RATE)
    return (waves * 10_000).astype("<i2").tobytes()


#: Deep from 0.3 to 1.1 s, bright from 1.5 to 2.3 s, deep from 2.7 to 3.5 s.
TONES = b"".join((silence(0.3), tone(300, 0.8), silence(0.4), tone(3_000, 0.8), silence(0.4), tone(300, 0.8), silence(0.4)))


@pytest.fixture(scope="module")
def folders(tmp_path_factory):
    """Where the stand-ins lie, by their kind."""
    folder = tmp_path_factory.mktemp("stand-ins")
    return {kind: stand_in_hearing.write(folder / kind, kind) for kind in stand_in_hearing.KINDS}


@pytest.fixture
def worker(tmp_path):
    made = []

    def worker(folder, *arguments):
        made.append(WyomingWorker(folder, tmp_path, *arguments))
        return made[-1]

    yield worker
    for each in made:
        each.close()


@pytest.mark.parametrize("kind", stand_in_hearing.KINDS)
def test_a_worker_hears_with_a_model_of_each_kind(worker, folders, kind):
    is_streaming = kind in stand_in_hearing.STREAMING
    (event, data, _), partials = worker(folders[kind]).hear(TONES, pause=2.5 if is_streaming else None)
    assert event == "transcript", data
    if kind in stand_in_hearing.LENGTH:
        assert re.fullmatch("second( second)*", data["text"]) and 2 <= data["text"].count("second") <= 4
    elif kind == "streaming-paraformer":
        # It counts sound, not changes; a word in which both tones sound is neither.
        words = [word for word in data["text"].split() if word != "quiet"]
        assert re.fullmatch("low( low)*( high)+( low)+", " ".join(words)), data
    else:
        assert data["text"].replace("quiet", "").split() == ["low", "high", "low"], data
    assert bool(partials) == is_streaming
    assert all(data["text"].startswith(partial) for partial in partials)


@pytest.mark.parametrize("kind", [kind for kind in stand_in_hearing.KINDS if kind not in WITHOUT_TIMES])
def test_words_have_the_times_at_which_they_sound(worker, folders, kind):
    (_, data, _), _ = worker(folders[kind]).hear(TONES)
    words = [(word["text"], word["start_ms"] / 1_000) for word in data["words"]]
    assert [text for text, _ in words] == ["low", "high", "low"]
    for (_, start), wanted in zip(words, (0.3, 1.5, 2.7)):
        assert abs(start - wanted) <= 0.1, words
    assert all(word["start_ms"] <= word["end_ms"] <= 4_000 for word in data["words"])
    if kind in ("transducer", "nemo-transducer"):
        assert data["confidence"] > 0.9 and all(word["confidence"] > 0.9 for word in data["words"])


def test_a_model_that_is_told_the_language_knows_which_there_are(worker, folders):
    whisper = worker(folders["whisper"])
    (event, data, _), _ = whisper.hear(TONES, language="de-AT")
    assert (event, data["language"]) == ("transcript", "de")
    (event, data, _), _ = whisper.hear(TONES, language="en")
    assert (event, data["language"]) == ("transcript", "en")
    whisper.send("transcribe", {"language": "fr"})
    assert whisper.receive()[1]["code"] == "unknown_language"


def test_whisper_translates_where_it_knows_several_languages(worker, folders):
    whisper = worker(folders["whisper"])
    plain = whisper.hear(TONES, language="de")[0][1]["text"].split()
    (event, data, _), _ = whisper.hear(TONES, language="de", reading="translation")
    assert (event, data["language"], data["text"].split()) == ("transcript", "en", ["this", *plain[1:]]) and "words" not in data
    assert whisper.hear(TONES, language="de")[0][1]["text"].split() == plain
    whisper.close()
    for kind in "streaming-transducer", "nemo-ctc":
        other = worker(folders[kind])
        other.send("transcribe", {"reading": "translation"})
        assert other.receive()[1]["code"] == "unsupported_reading"
        other.close()


def test_an_utterance_without_sound_is_no_text(worker, folders):
    for kind in "streaming-transducer", "whisper", "nemo-ctc":
        one = worker(folders[kind])
        assert one.hear(b"")[0][1]["text"] == "" and one.hear(silence(0.05))[0][1]["text"] == ""
        assert one.hear(silence(2))[0][1]["text"] == ""
        one.close()


def test_a_worker_goes_on_after_an_utterance_that_nobody_waited_for(worker, folders):
    one = worker(folders["streaming-nemo-ctc"])
    one.send("transcribe", {"partials": True})
    one.send("audio-start", {"rate": RATE, "width": 2, "channels": 1})
    one.send("audio-chunk", {"rate": RATE, "width": 2, "channels": 1}, tone(3_000, 1))
    one.reader.close()
    one.socket.close()
    one.connect()
    assert one.hear(TONES)[0][1]["text"] == "low high low"


@pytest.fixture(scope="module")
def hearing(tmp_path_factory, folders):
    """A server with one model of each kind, unloaded a second after its last word."""
    folder = tmp_path_factory.mktemp("hearing")
    server = Server("--model-idle", "1s", folder=folder / "data")
    for kind in stand_in_hearing.KINDS:
        install(server, folders[kind], kind)
    yield server
    server.close()


def install(server, folder, name, *words):
    outcome = models(server, "import", str(folder), "--name", name, "--licence", "MIT", *words)
    assert outcome.code == 0, outcome
    return outcome.lines[-1]


def models(server, *words):
    return run("models", *words, "--data", str(server.data), "--json", seconds=120)


def engine(server, name):
    return next((one for one in server.get("/v1/engines")["engines"] if one["engine"] == name), None)


def workers(server, name):
    """The processes of a model."""
    commands = {pid: command_line(pid) for pid in children(server.pid)}
    return [pid for pid, command in commands.items() if ("--name", name) in zip(command, command[1:])]


@pytest.fixture(scope="module")
def go(tmp_path_factory):
    path = tmp_path_factory.mktemp("go") / "go.wav"
    with wave.open(str(path), "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(RATE)
        file.writeframes(silence(0.5) + GO + silence(1.5))
    return str(path)


def send(talk, samples, channel, start=0):
    """Frames of 20 ms."""
    for index in range(0, len(samples), 640):
        number = start + index // 640
        head = struct.pack("<BBHIII", 1, 1, 0, channel, number, number * 320)
        talk.socket.send(head + samples[index:index + 640])


@pytest.mark.parametrize("kind", stand_in_hearing.KINDS)
def test_a_source_is_read_by_the_model_it_names(hearing, go, kind):
    assert until(lambda: engine(hearing, kind))
    result = hearing.run("hear", "--source", go, "--fast", "--engine", kind, "--no-revise", "--json", seconds=120)
    finals = [event for event in result.lines if event["type"] == "transcript.final"]
    assert result.code == 0 and finals, result.said
    for final in finals:
        assert final["engine"] == kind and re.fullmatch("[a-z]+( [a-z]+)*", final["text"]), final
        words = final.get("words", [])
        assert kind in WITHOUT_TIMES or words
        assert all(final["start_ms"] <= word["start_ms"] <= word["end_ms"] <= final["end_ms"] for word in words), final
    told = {event["type"] for event in result.lines}
    assert ("transcript.partial" in told) <= (kind in stand_in_hearing.STREAMING)


def test_a_streaming_model_tells_what_it_understands_while_somebody_speaks(hearing, talk):
    voice = talk(hearing)
    voice.ask("subscribe", events=["transcript.*"])
    opened = voice.ask("source.open", stt={"engine": "streaming-transducer"}, **PCM)
    send(voice, silence(0.5) + GO[:48_000], opened["channel"])
    partial = voice.until("transcript.partial", 60)
    assert partial["tentative"]
    send(voice, GO[48_000:] + silence(1.5), opened["channel"], start=100)
    final = voice.until("transcript.final", 60)
    assert final["text"].startswith(partial["tentative"]) and final["engine"] == "streaming-transducer"
    voice.ask("source.close", source_id=opened["source_id"])


def test_another_model_reads_a_second_time(hearing, talk):
    voice = talk(hearing)
    voice.ask("subscribe", events=["transcript.*"])
    opened = voice.ask(
        "source.open", stt={"engine": "streaming-nemo-ctc", "revise_by": "whisper", "partials": False}, **PCM)
    send(voice, silence(0.5) + GO + silence(1.5), opened["channel"])
    final = voice.until("transcript.final", 60)
    revised = voice.until("transcript.revised", 60)
    assert final["utterance_id"] == revised["utterance_id"]
    assert (final["engine"], revised["engine"]) == ("streaming-nemo-ctc", "whisper")
    assert "second" in revised["text"] and "second" not in final["text"]
    voice.ask("source.close", source_id=opened["source_id"])


def test_a_recording_is_translated_by_the_model_that_can(hearing, tmp_path):
    with wave.open(str(tmp_path / "talk.wav"), "wb") as file:
        file.setparams((1, 2, RATE, 0, "NONE", ""))
        file.writeframes(silence(0.5) + GO + silence(1))
    ask = lambda *model: json.loads(subprocess.run(
        ["curl", "-sS", "-H", f"Authorization: Bearer {hearing.admin_token}", "-F", f"file=@{tmp_path / 'talk.wav'}", *model,
         f"http://127.0.0.1:{hearing.port}/v1/audio/translations"], capture_output=True, check=True, timeout=120).stdout)
    until(lambda: "whisper" in [model["id"] for model in hearing.get("/v1/models")["data"]], 30)
    # Of all that are installed, and none of which need be loaded, one does it.
    for model in "whisper-1", "nemo-ctc", "whisper":
        answer = ask("-F", f"model={model}")
        assert answer.get("text", "").startswith("this second"), answer


@pytest.mark.parametrize("name", ["engine", "revise_by"])
def test_a_model_that_is_not_there_is_named_in_the_refusal(hearing, talk, name):
    voice = talk(hearing)
    refusal = voice.ask("source.open", stt={name: "moonshine-tiny"}, **PCM)
    assert refusal["type"] == "error" and refusal["code"] == "unknown_engine"
    assert refusal["message"].endswith("`hearsay models pull moonshine-tiny` fetches it"), refusal
    assert "`hearsay engines`" in voice.ask("source.open", stt={name: "nobody"}, **PCM)["message"]


@pytest.mark.parametrize("kind", ["streaming-transducer", "nemo-ctc"])
def test_a_model_that_is_killed_in_mid_utterance_loses_nothing(hearing, talk, kind):
    texts = []
    for is_killed in False, True:
        voice = talk(hearing)
        voice.ask("subscribe", events=["transcript.*"])
        opened = voice.ask("source.open", stt={"engine": kind, "revise": False}, **PCM)
        send(voice, silence(0.5) + GO[:48_000], opened["channel"])
        assert until(lambda: workers(hearing, kind), 60)
        if is_killed:
            if kind in stand_in_hearing.STREAMING:
                voice.until("transcript.partial", 60)
            killed = workers(hearing, kind)
            for pid in killed:
                os.kill(pid, signal.SIGKILL)
        send(voice, GO[48_000:] + silence(1.5), opened["channel"], start=100)
        texts.append(voice.until("transcript.final", 60)["text"])
        if is_killed:
            assert not set(killed) & set(workers(hearing, kind))
        voice.ask("source.close", source_id=opened["source_id"])
    assert texts[0] == texts[1] != ""


def test_engines_are_listed_with_what_is_known_of_them(hearing, go):
    assert until(lambda: engine(hearing, "sense-voice"))
    known = engine(hearing, "sense-voice")
    assert (known["kind"], known["installed"]) == ("recogniser", True)
    assert known["languages"] == ["zh", "en", "ja", "ko", "yue"]
    absent = engine(hearing, "moonshine-tiny")
    assert (absent["kind"], absent["installed"], absent["languages"]) == ("recogniser", False, ["en"])
    assert "hearsay models pull moonshine-tiny" in absent["reason"]
    assert engine(hearing, "flite")["kind"] == "voice"
    listed = hearing.run("engines", "--json").lines
    assert {"sense-voice", "moonshine-tiny", "pocketsphinx"} <= {one["engine"] for one in listed}
    assert "sense-voice" in hearing.run("engines", "--kind", "recogniser").out


def test_a_model_is_loaded_when_it_is_asked_for_and_leaves_when_nobody_speaks(hearing, talk):
    assert until(lambda: not workers(hearing, "moonshine") and engine(hearing, "moonshine")["state"] == "unloaded", 60)
    voice = talk(hearing)
    voice.ask("subscribe", events=["transcript.*", "engine.changed"])
    opened = voice.ask("source.open", stt={"engine": "moonshine"}, **PCM)
    send(voice, silence(0.5) + GO[:48_000], opened["channel"])
    assert until(lambda: (engine(hearing, "moonshine").get("memory_bytes") or 0) > 10_000_000, 60)
    send(voice, GO[48_000:] + silence(1.5), opened["channel"], start=100)
    assert voice.until("transcript.final", 60)["engine"] == "moonshine"
    voice.ask("source.close", source_id=opened["source_id"])
    assert until(lambda: not workers(hearing, "moonshine") and engine(hearing, "moonshine")["state"] == "unloaded", 60)


def test_a_model_that_goes_while_its_source_runs_is_told(hearing, folders, talk):
    install(hearing, folders["nemo-ctc"], "guest")
    assert until(lambda: engine(hearing, "guest"))
    voice = talk(hearing)
    voice.ask("subscribe", events=["transcript.*"])
    opened = voice.ask("source.open", stt={"engine": "guest"}, **PCM)
    assert models(hearing, "remove", "guest").code == 0
    assert until(lambda: not engine(hearing, "guest"))
    send(voice, silence(0.5) + GO + silence(1.5), opened["channel"])
    assert voice.until("transcript.failed", 60)["code"] == "engine_failed"
    assert voice.ask("source.open", stt={"engine": "guest"}, **PCM)["code"] == "unknown_engine"
    voice.ask("source.close", source_id=opened["source_id"])


def test_a_model_that_ends_its_worker_costs_its_own_source_and_no_other(hearing, folders, talk, tmp_path):
    """Installed whole, then swapped for one that sherpa-onnx does not understand: it ends the process that loads it."""
    install(hearing, folders["nemo-ctc"], "swapped")
    assert until(lambda: engine(hearing, "swapped"))
    model = hearing.data / "models/swapped/model.onnx"
    impostor = (stand_in_models.write(tmp_path / "impostor", "recogniser") / "model.onnx").read_bytes()
    # A field that nobody knows fills the file up to its size, so that only its content tells.
    rest = model.stat().st_size - len(impostor)
    model.write_bytes(impostor + bytes([0xFA, 0x7F, (rest - 4) & 0x7F | 0x80, (rest - 4) >> 7]) + bytes(rest - 4))
    voice = talk(hearing)
    voice.ask("subscribe", events=["transcript.*"])
    bad = voice.ask("source.open", source_id="bad", stt={"engine": "swapped", "patience_ms": 2_000}, **PCM)
    good = voice.ask("source.open", source_id="good", stt={"engine": "streaming-nemo-ctc", "revise": False}, **PCM)
    for opened in bad, good:
        send(voice, silence(0.5) + GO + silence(1.5), opened["channel"])
    ends = {}
    while len(ends) < 2:
        event = voice.next(90)
        if event["type"] in ("transcript.failed", "transcript.final"):
            ends[event["source_id"]] = event["type"]
    assert ends == {"bad": "transcript.failed", "good": "transcript.final"}
    broken = until(lambda: (one := engine(hearing, "swapped"))["state"] == "failed" and one, 60)
    assert not broken["installed"] and "code 255" in broken["reason"]
    assert models(hearing, "remove", "swapped").code == 0


def test_the_usual_recogniser_may_be_a_model(folders, go, tmp_path):
    server = Server("--hear-with", "mine", folder=tmp_path / "data")
    try:
        install(server, folders["nemo-transducer"], "mine", "--language", "en")
        assert until(lambda: engine(server, "mine"))
        result = server.run("hear", "--source", go, "--fast", "--json", "--no-revise", seconds=120)
        assert {event["engine"] for event in result.lines if event["type"] == "transcript.final"} == {"mine"}
    finally:
        server.close()


def test_a_recording_is_read_by_an_installed_model_without_a_server(folders, go, tmp_path):
    data = str(tmp_path / "data")
    words = "--name", "mine", "--licence", "MIT", "--data", data
    assert run("models", "import", str(folders["sense-voice"]), *words, seconds=120).code == 0
    result = run("transcribe", go, "--engine", "mine", "--data", data, "--json", seconds=120)
    assert result.code == 0 and result.lines and all(one["engine"] == "mine" for one in result.lines), result
    unknown = run("transcribe", go, "--engine", "other", "--data", data)
    assert unknown.code == 1 and "Here are mine, pocketsphinx." in unknown.said


def test_what_a_model_is_for_is_found_out_and_told(folders, tmp_path):
    data = str(tmp_path / "data")
    words = "--data", data, "--name", "mine", "--licence", "MIT", "--json"
    told = run("models", "import", str(folders["whisper"]), *words, seconds=120).lines[-1]
    assert (told["kind"], told["voices"]) == ("recogniser", [])
    (row,) = [row for row in run("models", "list", "--data", data, "--json").lines if row["id"] == "mine"]
    assert (row["kind"], row["languages"], row["about"]) == (
        "recogniser", ["en", "de"], "A neural recogniser (Whisper)")
    assert run("models", "verify", "mine", "--data", data, "--json").code == 0
    refused = run("models", "import", str(folders["whisper"]), *words[:2], "--name", "other", "--kind", "denoiser",
                  "--json", seconds=120)
    assert refused.code == 6 and "a recogniser (Whisper), not" in refused.lines[-1]["message"]


@pytest.mark.parametrize("kind, file", [
    ("transducer", "joiner-epoch-99-avg-1.int8.onnx"), ("whisper", "tiny-tokens.txt"), ("nemo-ctc", "tokens.txt"),
    ("moonshine", "cached_decode.int8.onnx"), ("sense-voice", "model.int8.onnx"),
])
def test_a_model_with_a_damaged_or_missing_file_is_refused(tmp_path, kind, file):
    for number, damage in enumerate((pathlib.Path.unlink, lambda path: path.write_bytes(b"<!DOCTYPE html>"))):
        folder = stand_in_hearing.write(tmp_path / f"{kind}-{number}", kind)
        damage(folder / file)
        outcome = run("models", "import", str(folder), "--name", "mine", "--licence", "MIT", "--data",
                      str(tmp_path / "data"), "--json", seconds=120)
        assert (outcome.code, outcome.lines[-1]["error"]) == (6, "bad_model"), outcome
