"""Sources: what is said into a microphone or a file is read by whoever subscribed."""

import pathlib
import re
import struct
import subprocess
import wave

import pytest

from hearsay import PROGRAM, clean_environment, run, until

# Debian's package pocketsphinx-testdata.
SPEECH = pathlib.Path("/usr/share/pocketsphinx/test/data")
GO = (SPEECH / "goforward.raw").read_bytes()
WORDS = "go forward ten meters"
PCM = {"codec": "pcm_s16", "sample_rate": 16_000}


@pytest.fixture(scope="module")
def note(tmp_path_factory):
    """Two sentences with silence around them: 9 s."""
    path = tmp_path_factory.mktemp("hear") / "note.wav"
    with wave.open(str(path), "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(16_000)
        file.writeframes(bytes(32_000) + GO + bytes(48_000) + GO + bytes(48_000))
    return str(path)


def frames(samples, channel, start=0):
    """Frames of 20 ms with their headers."""
    for index in range(0, len(samples), 640):
        place = start + index // 2
        yield struct.pack("<BBHIII", 1, 1, 0, channel, place // 320, place) + samples[index : index + 640]


@pytest.mark.parametrize("options", [[], ["--codec", "opus", "--no-revise"]])
def test_a_recording_is_heard_as_it_was_spoken(server, note, options):
    result = server.run("hear", "--source", note, "--fast", *options, seconds=120)
    assert result.code == 0, result.said
    assert result.out.splitlines().count(WORDS) == 2 and result.out.startswith("speech started\n")
    assert "basic recogniser" in result.err


def test_plain_is_the_text_and_nothing_else(server, note):
    plain = server.run("hear", "--source", note, "--fast", "--plain", "--no-revise", seconds=120)
    assert (plain.code, plain.said) == (0, f"{WORDS}\n{WORDS}\n")


def test_everything_about_a_source_is_told_in_order(server, talk, note):
    follower = talk(server, server.make_token(["events"]))
    follower.ask("subscribe", events=["source.*", "speech.*", "transcript.*"])
    result = server.run("hear", "--source", note, "--fast", "--json", "--name", "desk", "--no-revise", seconds=120)
    assert result.code == 0, result.said
    facts = [event for event in result.lines if "seq" in event]
    assert {event["source_id"] for event in result.lines} == {"desk"}
    times = [event["at_ms"] for event in facts if "at_ms" in event]
    assert times == sorted(times)
    finals = [event for event in facts if event["type"] == "transcript.final"]
    for final, place in zip(finals, (1_000, 5_288)):
        assert final["text"] == WORDS and final["language"] == "en-US"
        spoken = [time for word in final["words"] for time in (word["start_ms"], word["end_ms"])]
        # The sentence begins some 500 ms into its recording.
        assert spoken == sorted(spoken) and place < spoken[0] < place + 1_200
        assert final["start_ms"] <= spoken[0] and spoken[-1] <= final["end_ms"]
    assert [event["type"] for event in facts][0] == "source.started" and facts[-1]["reason"] == "closed"
    told = []
    while not told or told[-1]["type"] != "source.stopped":
        told.append(follower.next())
    assert [event for event in told if "seq" in event] == facts


def test_a_language_that_the_recogniser_does_not_know_is_refused(server, note):
    result = server.run("hear", "--source", note, "--fast", "--language", "de")
    assert result.code == 8 and "en-US" in result.err and "`hearsay engines --kind recogniser`" in result.err
    assert "not understood" not in result.said


def test_a_recording_without_speech_is_told(server, tmp_path):
    path = tmp_path / "quiet.wav"
    with wave.open(str(path), "wb") as file:
        file.setparams((1, 2, 16_000, 0, "NONE", ""))
        file.writeframes(bytes(64_000))
    result = server.run("hear", "--source", str(path), "--fast", seconds=60)
    assert (result.code, result.out, result.err) == (0, "", "no speech was found\n")
    assert server.run("hear", "--source", str(path), "--fast", "--plain", seconds=60).said == ""


def test_engines_say_what_they_are_like(server):
    def row(name):
        return next(row for row in server.run("engines", "--json").lines if row["engine"] == name)

    own = row("pocketsphinx")
    assert own["languages"] == ["en-US"] and own["usual"] is True and "basic" in own["about"]
    assert row("flite")["languages"] == ["en-US"] and row("flite")["about"] and "usual" not in row("flite")
    assert until(lambda: len(row("espeak").get("languages", [])) > 50, 30), row("espeak")
    lines = {line.split()[0]: line for line in server.run("engines").out.splitlines()}
    assert "the usual one; basic" in lines["pocketsphinx"] and " en-US " in lines["pocketsphinx"]
    assert re.search(r" and \d+ more .*a hundred languages", lines["espeak"]), lines["espeak"]


def test_a_usual_recogniser_that_is_not_there_is_told(serve, tmp_path):
    server = serve("--hear-with", "nobody")
    server.wait_line(r"^(?=.*nobody)(?=.*pocketsphinx).*recogniser\.unknown")
    assert server.get("/status")["recogniser"] == {"name": "pocketsphinx", "missing": "nobody"}
    told = server.run("doctor", "--data", str(server.data), "--json").lines
    found, = [line for line in told if line.get("subject") == "recogniser"]
    assert found["state"] == "warning" and "nobody" in found["text"] and "pocketsphinx" in found["text"]


def test_a_pipe_of_samples_needs_their_rate(server):
    arguments = ["hear", "--source", "-", "--plain", "--no-revise", *server.arguments()]
    result = run_with_input(arguments + ["--rate", "16000"], GO)
    assert (result.returncode, result.stdout.decode()) == (0, WORDS + "\n"), result.stderr
    result = run_with_input(arguments, GO)
    assert result.returncode == 1 and b"--rate" in result.stderr


def run_with_input(arguments, data):
    return subprocess.run([PROGRAM, *arguments], input=data, capture_output=True, timeout=120, env=clean_environment())


def test_an_empty_pipe_is_told(server, tmp_path):
    for rate in ([], ["--rate", "16000"]):
        result = run_with_input(["hear", "--source", "-", *rate, *server.arguments()], b"")
        assert result.returncode == 1 and b"standard input is empty" in result.stderr, result.stderr
    (tmp_path / "empty.wav").touch()
    assert "is empty" in server.run("hear", "--source", str(tmp_path / "empty.wav")).err


@pytest.mark.parametrize("content", [b"RIFF", b"<html>no sound</html>", b"RIFF" + bytes(40), b"RIFFxxxxWAVEfmt "])
def test_what_is_no_recording_is_refused(server, tmp_path, content):
    path = tmp_path / "broken.wav"
    path.write_bytes(content)
    result = server.run("hear", "--source", str(path))
    assert result.code == 1 and result.out == "" and "ffmpeg" in result.err


@pytest.mark.parametrize("size, is_told", [(0xFFFFFFF0, True), (0xFFFFFFFF, False), (0, False)])
def test_a_recording_that_ends_before_its_header_says_is_told(server, note, tmp_path, size, is_told):
    content = bytearray(pathlib.Path(note).read_bytes())
    content[40:44] = struct.pack("<I", size)
    path = tmp_path / "cut.wav"
    path.write_bytes(content)
    hear = ["hear", "--fast", "--engine", "none"]
    result = server.run(*hear, "--source", str(path), seconds=60)
    assert result.code == 0 and result.out.splitlines().count("speech started") == 2, result.said
    assert ("before its header says" in result.err) is is_told
    # Whoever writes into a pipe cannot know.
    piped = run_with_input([*hear, "--source", "-", *server.arguments()], bytes(content))
    assert piped.returncode == 0 and b"header" not in piped.stderr, piped.stderr


def test_usage_is_explained(server, tmp_path):
    assert server.run("hear").code == 1
    assert server.run("hear", "--source", str(tmp_path / "absent.wav")).code == 1
    assert server.run("hear", "--source", "x.wav", "--codec", "mp3").code == 1
    assert server.run("hear", "--source", "x.wav", "--vad", "loudness=3").code == 1
    assert server.run("hear", "--source", "x.wav", "--channels", "2").code == 1


def test_how_speech_is_found_may_be_said(server, note):
    hear = ["hear", "--source", note, "--fast", "--json", "--engine", "none"]
    result = server.run(*hear, "--vad", "threshold=0.6,silence=700ms", "--vad", "speech=150ms,longest=30s,pad=0.4")
    assert result.code == 0, result.said
    assert result.lines[0]["vad"] == {
        "threshold": 0.6, "min_speech_ms": 150, "silence_ms": 700, "longest_ms": 30_000, "pad_ms": 400}
    assert [event["type"] for event in result.lines].count("speech.started") == 2
    # The pause of 1.5 s between both sentences ends nothing any more.
    result = server.run(*hear, "--vad", "silence=3s")
    assert [event["type"] for event in result.lines].count("speech.started") == 1


def test_a_token_without_capture_is_refused(server, note):
    result = server.run("hear", "--source", note, token=server.make_token(["events"]))
    assert result.code == 8 and "capture" in result.err, result.said


def test_a_token_that_may_not_read_is_told_so(server, note):
    result = server.run("hear", "--source", note, "--fast", token=server.make_token(["capture"]), seconds=120)
    assert (result.code, result.out) == (0, "") and "scope events" in result.err, result.said


def test_a_session_that_is_none_is_told_how_to_begin_it(server, note):
    result = server.run("hear", "--source", note, "--session", "nosuch")
    assert result.code == 8 and "hearsay sessions start nosuch" in result.err, result.said


def test_a_connection_that_breaks_in_the_middle_costs_nothing(server, talk):
    events = talk(server)
    events.ask("subscribe", events=["speech.*", "transcript.final", "source.*"], sources=["cut"])
    first = talk(server)
    opened = first.ask("source.open", source_id="cut", stt={"revise": False}, **PCM)
    assert opened["from_ms"] == 0 and opened["channel"] % 2 == 0
    for frame in frames(GO[:48_000], opened["channel"]):
        first.socket.send(frame)
    events.until("speech.started", 60)
    first.socket.socket.close()
    second = talk(server)
    opened = second.ask("source.open", source_id="cut", stt={"revise": False}, **PCM)
    # What the first connection had sent is known, and comes once more.
    assert 0 < opened["next_sequence"] <= 75
    for frame in frames(GO + bytes(48_000), opened["channel"]):
        second.socket.send(frame)
    assert events.until("transcript.final", 60)["text"] == WORDS
    assert second.ask("source.close", source_id="cut")["type"] == "ok"
    told = []
    while not told or told[-1] != "source.stopped":
        told.append(events.next(60)["type"])
    assert told == ["source.stopped"]


def test_what_is_being_said_when_the_server_stops_is_understood(serve, talk):
    server = serve()
    voice = talk(server)
    opened = voice.ask("source.open", stt={"revise": False}, **PCM)
    voice.ask("subscribe", events=["*"])
    # The first three words: everything was heard and the sentence goes on, so what is understood so far is told.
    for frame in frames(GO[:60_800], opened["channel"]):
        voice.socket.send(frame)
    partial = voice.until("transcript.partial", 120)
    assert (partial["confirmed"] + partial["tentative"]).startswith("go")
    server.process.terminate()
    assert voice.until("transcript.final", 60)["text"].startswith("go forward")
    assert voice.until("source.stopped", 60)["reason"] == "server_stopping"
    assert server.process.wait(30) == 0


def test_audio_in_any_shape_is_heard(server, talk, tmp_path):
    """44.1 kHz stereo floats: the left channel speaks, the right one is silent."""
    import numpy

    samples = numpy.frombuffer(GO + bytes(32_000), "<i2").astype(numpy.float32) / 32_768
    places = numpy.arange(int(len(samples) * 44_100 / 16_000)) * 16_000 / 44_100
    left = numpy.interp(places, numpy.arange(len(samples)), samples).astype("<f4")
    stereo = numpy.column_stack([left, numpy.zeros_like(left)]).tobytes()
    voice = talk(server)
    voice.ask("subscribe", events=["transcript.final"])
    opened = voice.ask("source.open", codec="pcm_f32", sample_rate=44_100, channels=2, stt={"revise": False})
    for index in range(0, len(stereo), 882 * 8):
        header = struct.pack("<BBHIII", 1, 1, 0, opened["channel"], index // (882 * 8), index // 8)
        voice.socket.send(header + stereo[index : index + 882 * 8])
    assert voice.until("transcript.final", 60)["text"] == WORDS
    listed = server.get("/v1/sources")["sources"]
    assert {"codec": "pcm_f32", "channels": 2}.items() <= next(
        source for source in listed if source["source_id"] == opened["source_id"]).items()
    voice.ask("source.close", source_id=opened["source_id"])


def test_a_server_that_dies_in_the_middle_costs_nothing(serve, talk, note, tmp_path):
    """The client keeps what the dead server had not understood."""
    first = serve(folder=tmp_path / "data")
    client = first.start("hear", "--source", note, "--json", "--name", "desk", "--no-revise")
    follower = talk(first)
    follower.ask("subscribe", events=["speech.started", "transcript.final"], last_seq=0)
    # A busy machine reads the first sentence while the second is said already.
    awaited = ["speech.started", "speech.started", "transcript.final"]
    while awaited:
        told = follower.next(120)["type"]
        if told in awaited:
            awaited.remove(told)
    first.kill()
    second = serve(folder=tmp_path / "data", listen=f"127.0.0.1:{first.port}")
    result = client.outcome(120)
    assert result.code == 0, result.said
    finals = [event for event in result.lines if event["type"] == "transcript.final"]
    assert [final["text"] for final in finals] == [WORDS, WORDS]
    assert finals[0]["end_ms"] <= finals[1]["start_ms"]
    assert {final["source_id"] for final in finals} == {"desk"}
    assert second.get("/v1/sources")["sources"] == []


def test_a_group_has_one_transcript_with_its_speakers(server, talk):
    voices = talk(server)
    voices.ask("subscribe", events=["group.said", "speech.started"])
    opened = [voices.ask("source.open", group="meeting", speaker=name, stt={"revise": False}, **PCM) for name in ("Ann", "Bob")]
    # Ann begins first and ends last.
    for frame in frames(GO[:48_000], opened[0]["channel"]):
        voices.socket.send(frame)
    voices.until("speech.started", 60)
    for frame in frames(GO + bytes(48_000), opened[1]["channel"]):
        voices.socket.send(frame)
    voices.until("speech.started", 60)
    for frame in frames(GO[48_000:] + bytes(48_000), opened[0]["channel"], start=24_000):
        voices.socket.send(frame)
    said = [voices.until("group.said", 60) for _ in opened]
    assert [(line["speaker"], line["text"], line["group"]) for line in said] == [
        ("Ann", WORDS, "meeting"), ("Bob", WORDS, "meeting")]
    assert said[0]["said_at"] < said[1]["said_at"]
    kept = server.get("/v1/transcripts?group=meeting&after=0")["transcripts"]
    assert [(line["speaker"], line["group"]) for line in kept] == [("Ann", "meeting"), ("Bob", "meeting")]
    assert server.get("/v1/transcripts?group=other")["transcripts"] == []
    exported = server.run("drafts", "export", "--all", "--group", "meeting").out
    assert [line.split()[1:] for line in exported.splitlines()] == [[f"{name}:", *WORDS.split()] for name in ("Ann", "Bob")]
    assert server.run("drafts", "list", "--group", "meeting").code == 1
    for source in opened:
        voices.ask("source.close", source_id=source["source_id"])


def test_hear_says_who_speaks(server, talk):
    follower = talk(server, server.make_token(["events"]))
    follower.ask("subscribe", events=["group.said"])
    client = server.start("hear", "--source", str(SPEECH / "goforward.raw"), "--rate", "16000", "--fast", "--no-revise",
                          "--group", "walk", "--speaker", "Cleo")
    assert client.outcome(60).code == 0
    said = follower.until("group.said", 60)
    assert (said["group"], said["speaker"], said["text"]) == ("walk", "Cleo", WORDS)
