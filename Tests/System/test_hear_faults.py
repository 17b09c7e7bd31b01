"""Sources when something breaks: the line, the recogniser, the client's manners."""

import os
import pathlib
import signal
import struct
import subprocess
import wave

import pytest

from bad_line import BadLine
from hearsay import PROGRAM, Running, clean_environment, resident, run, until

# Debian's package pocketsphinx-testdata.
SPEECH = pathlib.Path("/usr/share/pocketsphinx/test/data")
GO = (SPEECH / "goforward.raw").read_bytes()
WORDS = "go forward ten meters"
# With one of them a cut begins by a reset, with the other by silence.
SEEDS = {"pcm": 4, "opus": 6}
PCM = {"codec": "pcm_s16", "sample_rate": 16_000}


def frame(channel, number, payload, kind=1, version=1):
    return struct.pack("<BBHIII", version, kind, 0, channel, number, number * 320) + payload


def send(talk, samples, channel, start=0):
    """Frames of 20 ms."""
    for index in range(0, len(samples), 640):
        talk.socket.send(frame(channel, start + index // 640, samples[index : index + 640]))


@pytest.fixture(scope="module")
def talkative(tmp_path_factory):
    """Four sentences: 20 s."""
    path = tmp_path_factory.mktemp("hear") / "talkative.wav"
    with wave.open(str(path), "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(16_000)
        file.writeframes(bytes(16_000) + 4 * (GO + bytes(80_000)))
    return str(path)


def test_a_line_that_is_cut_5_s_in_every_20_gives_the_same_words(server, talkative):
    """At the recording's own pace, as a microphone would send it; both codecs at once."""
    lines = {codec: BadLine(server.port, seed) for codec, seed in SEEDS.items()}
    assert {line.is_silent[0] for line in lines.values()} == {True, False}
    clients = {}
    for codec, line in lines.items():
        arguments = ["--source", talkative, "--codec", codec, "--json", "--no-revise", "--name", codec, "--token",
                     server.admin_token, "--server", f"http://127.0.0.1:{line.port}"]
        clients[codec] = Running("hear", *arguments)
    for codec, client in clients.items():
        result = client.outcome(120)
        assert result.code == 0, result.said
        assert lines[codec].cuts > 0
        finals = [event for event in result.lines if event["type"] == "transcript.final"]
        assert [final["text"] for final in finals] == 4 * [WORDS], (codec, result.said)
        starts = [final["start_ms"] for final in finals]
        assert starts == sorted(starts)
        assert not [event for event in result.lines if event["type"] in ("source.gap", "transcript.failed")]
        lines[codec].close()
    assert max(line.resets for line in lines.values()) > 0


@pytest.mark.parametrize("codec", ["pcm", "opus"])
def test_a_line_that_dies_without_a_word_is_left_in_time_and_costs_none(server, talkative, codec):
    line = BadLine(server.port, 1, gap=0)
    client = Running(
        "hear", "--source", talkative, "--codec", codec, "--json", "--no-revise", "--token", server.admin_token,
        "--server", f"http://127.0.0.1:{line.port}")
    assert until(lambda: line.carried > {"pcm": 160_000, "opus": 15_000}[codec], 30)
    line.swallow()
    dead = len(line.pairs)
    # 6 s without an answer, and what making a connection takes: of the 30 s that are kept nothing is missing.
    assert until(lambda: len(line.pairs) > dead, 15), "the client does not notice"
    result = client.outcome(120)
    line.close()
    assert result.code == 0, result.said
    assert [event["text"] for event in result.lines if event["type"] == "transcript.final"] == 4 * [WORDS], result.said
    assert not [event for event in result.lines if event["type"] in ("source.gap", "transcript.failed")]


def test_a_pause_of_what_is_piped_in_is_no_dead_line(server):
    line = BadLine(server.port, 1, gap=0)
    program = subprocess.Popen(
        [PROGRAM, "hear", "--source", "-", "--rate", "16000", "--plain", "--no-revise", "--token", server.admin_token,
         "--server", f"http://127.0.0.1:{line.port}"],
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE, env=clean_environment())
    program.stdin.write(GO + bytes(48_000))
    program.stdin.flush()
    assert until(lambda: line.carried > len(GO), 60)
    # Longer than a line that answers nothing is given.
    assert not until(lambda: len(line.pairs) > 1, 9)
    said, errors = program.communicate(GO, timeout=60)
    connections = len(line.pairs)
    line.close()
    assert program.returncode == 0 and said.decode().split("\n").count(WORDS) == 2, (said, errors)
    assert connections == 1 and b"lost" not in errors


def test_audio_takes_no_more_of_the_line_than_promised(server, talkative):
    lines = {codec: BadLine(server.port, 1, gap=0) for codec in ("pcm", "opus")}
    clients = [Running(
        "hear", "--source", talkative, "--codec", codec, "--fast", "--no-revise", "--token", server.admin_token,
        "--server", f"http://127.0.0.1:{line.port}") for codec, line in lines.items()]
    for client in clients:
        assert client.outcome(120).code == 0
    with wave.open(talkative) as file:
        seconds = file.getnframes() / 16_000
    bits = {codec: line.carried * 8 / seconds for codec, line in lines.items()}
    for line in lines.values():
        line.close()
    assert 250_000 < bits["pcm"] <= 260_000 and 10_000 < bits["opus"] <= 32_000, bits


def test_a_recogniser_that_is_killed_in_the_middle_loses_nothing(server, talk):
    voice = talk(server)
    voice.ask("subscribe", events=["transcript.*", "engine.*"])
    opened = voice.ask("source.open", stt={"revise": False}, **PCM)
    send(voice, GO[:48_000], opened["channel"])
    voice.until("transcript.partial", 60)
    killed = kill_recognisers(server)
    assert killed
    send(voice, GO[48_000:] + bytes(48_000), opened["channel"], start=75)
    assert voice.until("transcript.final", 60)["text"] == WORDS
    assert not killed & recognisers(server)
    voice.ask("source.close", source_id=opened["source_id"])


def recognisers(server):
    """The numbers of the server's processes that read speech."""
    found = set()
    for path in pathlib.Path("/proc").glob("[0-9]*/stat"):
        try:
            name, rest = path.read_text().split("(", 1)[1].rsplit(")", 1)
        except OSError:
            continue
        if name.startswith("hearsay-pocket") and int(rest.split()[1]) == server.pid:
            found.add(int(path.parent.name))
    return found


def kill_recognisers(server):
    pids = recognisers(server)
    for pid in pids:
        os.kill(pid, signal.SIGKILL)
    return pids


BAD_OPENINGS = [
    ({}, "codec"),
    ({"codec": "mp3", "sample_rate": 16_000}, "codec"),
    ({"codec": 7, "sample_rate": 16_000}, "codec"),
    ({"codec": "pcm_s16"}, "sample_rate"),
    ({"codec": "pcm_s16", "sample_rate": 7_999}, "sample_rate"),
    ({"codec": "pcm_s16", "sample_rate": 192_001}, "sample_rate"),
    ({"codec": "pcm_s16", "sample_rate": "16000"}, "sample_rate"),
    ({"codec": "pcm_s16", "sample_rate": 1e300}, "sample_rate"),
    ({"codec": "opus", "sample_rate": 44_100}, "sample_rate"),
    ({**PCM, "channels": 0}, "channels"),
    ({**PCM, "channels": 33}, "channels"),
    ({**PCM, "role": "dog"}, "role"),
    ({**PCM, "source_id": ""}, "source_id"),
    ({**PCM, "source_id": "x" * 200}, "source_id"),
    ({**PCM, "source_id": ["x"]}, "source_id"),
    ({**PCM, "session_id": "nobody"}, "session_id"),
    ({**PCM, "vad": 1}, "vad"),
    ({**PCM, "vad": {"threshold": 2}}, "vad.threshold"),
    ({**PCM, "vad": {"silence_ms": -1}}, "vad.silence_ms"),
    ({**PCM, "vad": {"pad_ms": 1e9}}, "vad.pad_ms"),
    ({**PCM, "stt": "fast"}, "stt"),
    ({**PCM, "stt": {"engine": "nobody"}}, "stt.engine"),
    ({**PCM, "stt": {"partials": "yes"}}, "stt.partials"),
]


@pytest.mark.parametrize("fields, culprit", BAD_OPENINGS)
def test_a_source_that_cannot_be_opened_is_told_why(server, talk, fields, culprit):
    voice = talk(server)
    answer = voice.ask("source.open", **fields)
    assert answer["type"] == "error" and answer["code"] and answer["message"], answer
    assert answer.get("field") == culprit, answer
    assert voice.ask("ping")["type"] == "ok"


@pytest.mark.parametrize("command", ["update", "pause", "resume", "flush", "close"])
def test_orders_to_no_source_are_told(server, talk, command):
    voice = talk(server)
    answer = voice.ask(f"source.{command}", source_id="nobody")
    assert (answer["type"], answer["code"], answer["field"]) == ("error", "unknown_source", "source_id")
    answer = voice.ask(f"source.{command}")
    assert (answer["type"], answer["field"]) == ("error", "source_id")


def test_frames_that_are_none_are_told_and_the_rest_is_heard(server, talk):
    voice = talk(server)
    voice.ask("subscribe", events=["transcript.final", "source.gap"])
    opened = voice.ask("source.open", stt={"revise": False}, **PCM)
    packets = voice.ask("source.open", codec="opus", sample_rate=48_000)
    channel = opened["channel"]
    rubbish = [
        (b"", "unknown_channel"), (b"\x01", "unknown_channel"), (frame(channel, 0, bytes(640), version=9), "unknown_channel"),
        (frame(channel, 0, bytes(640), kind=2), "unknown_channel"), (frame(9_998, 0, bytes(640)), "unknown_channel"),
        (frame(channel, 0, b""), "bad_audio"), (frame(channel, 0, bytes(639)), "bad_audio"),
        (frame(channel, 0, bytes(2 * 16 * 121)), "bad_audio"), (frame(packets["channel"], 0, b""), "bad_audio"),
        # Code 3 of RFC 6716, section 3.2.5, with no frames.
        (frame(packets["channel"], 0, b"\x03\x00"), "bad_audio"),
    ]
    for data, code in rubbish:
        voice.socket.send(data)
        assert voice.until("error")["code"] == code, data[:20]
    send(voice, GO + bytes(48_000), channel)
    assert voice.until("transcript.final", 60)["text"] == WORDS
    for source in (opened, packets):
        voice.ask("source.close", source_id=source["source_id"])


def test_a_source_that_floods_is_told_what_is_missing_and_disturbs_no_other(server, talk, talkative):
    """It sends an hour of silence as fast as the line takes it; what nobody could hear in time is passed over."""
    flood, seconds, before = talk(server), 3_600, resident(server.pid)
    flood.ask("subscribe", events=["source.gap", "source.stopped"])
    opened = flood.ask("source.open", stt={"revise": False}, **PCM)
    hears = server.start("hear", "--source", talkative, "--json", "--no-revise")
    for number in range(50 * seconds):
        flood.socket.send(frame(opened["channel"], number, bytes(640)))
    flood.say("source.close", source_id=opened["source_id"])
    missing, told = 0, flood.next(60)
    while not isinstance(told, dict) or told["type"] != "source.stopped":
        missing += told["ms"] if isinstance(told, dict) and told["type"] == "source.gap" else 0
        told = flood.next(60)
    # What 30 s of burst, 30 s in the queue and 5 times real time cannot take.
    assert missing > 1_000 * seconds / 2, missing
    assert resident(server.pid) - before < 64 << 20
    result = hears.outcome(120)
    told = [event for event in result.lines if event["type"] in ("transcript.final", "transcript.failed", "source.gap")]
    assert [event.get("text") for event in told] == 4 * [WORDS], result.said


def test_a_source_whose_clock_jumps_is_heard_in_its_new_place(server, talk):
    voice = talk(server)
    voice.ask("subscribe", events=["transcript.final", "source.gap"])
    opened = voice.ask("source.open", stt={"revise": False}, **PCM)
    sentence, hour = GO + bytes(48_000), 3_600 * 50
    send(voice, sentence, opened["channel"])
    first = voice.until("transcript.final", 60)
    send(voice, sentence, opened["channel"], start=hour)
    gap = voice.until("source.gap", 60)
    assert abs(gap["ms"] - (3_600_000 - len(sentence) / 32)) <= 20
    second = voice.until("transcript.final", 60)
    assert [first["text"], second["text"]] == [WORDS, WORDS]
    assert abs(second["start_ms"] - first["start_ms"] - 3_600_000) <= 64
    # What lies before is known, whatever it holds.
    send(voice, sentence, opened["channel"], start=hour // 2)
    send(voice, sentence, opened["channel"], start=hour + len(sentence) // 640)
    third = voice.until("transcript.final", 60)
    assert third["start_ms"] > second["end_ms"] and third["text"] == WORDS
    voice.ask("source.close", source_id=opened["source_id"])


def test_an_operator_elsewhere_pauses_a_source(server, talk):
    owner, operator = talk(server, server.make_token(["capture", "events"])), talk(server, server.make_token(["control"]))
    opened = owner.ask("source.open", source_id="desk", stt={"revise": False}, **PCM)
    stranger = talk(server, server.make_token(["capture"], session_id=opened_session(server)))
    assert stranger.ask("source.pause", source_id="desk")["code"] == "unknown_source"
    assert operator.ask("source.pause", source_id="desk")["type"] == "ok"
    assert owner.until("source.control")["state"] == "pause"
    assert server.get("/v1/sources")["sources"][0]["paused"] is True
    assert operator.ask("source.update", source_id="desk", stt={"engine": "none"}, vad={"silence_ms": 400})["type"] == "ok"
    listed = server.get("/v1/sources")["sources"][0]
    assert listed["stt"]["engine"] == "none" and listed["stt"]["revise"] is False
    assert listed["vad"] == {"silence_ms": 400}
    assert operator.ask("source.resume", source_id="desk")["type"] == "ok"
    assert owner.until("source.control")["state"] == "resume"
    assert operator.ask("source.close", source_id="desk")["type"] == "ok"
    assert owner.until("source.control")["state"] == "stop"


def test_a_source_whose_name_has_a_slash_is_changed_by_requests(server, talk):
    owner = talk(server, server.make_token(["capture", "events"]))
    assert owner.ask("source.open", source_id="..", **PCM)["code"] == "out_of_range"
    owner.ask("source.open", source_id="a/b", stt={"revise": False}, **PCM)
    paused = server.ask("POST", "/v1/sources/a%2Fb/pause")
    assert paused.status == 200 and paused.json["source_id"] == "a/b" and paused.json["paused"] is True, paused
    assert owner.until("source.control")["state"] == "pause"
    assert server.ask("POST", "/v1/sources/a/b/resume").error["code"] == "not_found"
    resumed = server.run("sources", "resume", "a/b")
    assert resumed.code == 0 and owner.until("source.control")["state"] == "resume", resumed.said
    assert server.ask("DELETE", "/v1/sources/a%2Fb").json == {"closed": "a/b"}
    assert owner.until("source.control")["state"] == "stop"


def opened_session(server):
    answer = server.ask("POST", "/v1/sessions", {"session_id": "elsewhere"})
    assert answer.status in (200, 201), answer
    return "elsewhere"


def test_a_large_server_elsewhere_reads_what_a_small_one_hears(serve, talk, tmp_path):
    large = serve(folder=tmp_path / "large")
    token = large.make_token(["capture", "events"])
    small = serve("--recogniser", f"big=hearsay+http://127.0.0.1:{large.port}", environment={"HEARSAY_ENGINE_BIG_KEY": token})
    voice = talk(small)
    voice.ask("subscribe", events=["transcript.*"])
    opened = voice.ask("source.open", **PCM)
    send(voice, GO[:48_000], opened["channel"])
    voice.until("transcript.partial", 60)
    # The large one dies in the middle; what it had heard is sent again to its successor.
    large.kill()
    again = serve(folder=tmp_path / "large", listen=f"127.0.0.1:{large.port}")
    send(voice, GO[48_000:] + bytes(48_000), opened["channel"], start=75)
    final = voice.until("transcript.final", 60)
    assert (final["text"], final["engine"]) == (WORDS, "big")
    assert [word["text"] for word in final["words"]] == WORDS.split()
    assert final["start_ms"] <= final["words"][0]["start_ms"] <= final["words"][-1]["end_ms"] <= final["end_ms"]
    voice.ask("source.close", source_id=opened["source_id"])
    assert again.get("/v1/sources")["sources"] == []


def test_a_large_server_elsewhere_keeps_nothing_of_it_and_obeys_nothing(serve, talk, tmp_path):
    book = tmp_path / "commands.txt"
    book.write_text("[go]\nphrase = go forward\ndraft = begins\n")
    large = serve("--commands", str(book))
    token = large.make_token(["capture", "events"])
    small = serve(
        "--commands", str(book), "--recogniser", f"big=hearsay+http://127.0.0.1:{large.port}",
        environment={"HEARSAY_ENGINE_BIG_KEY": token})
    voice, follower = talk(small), talk(large)
    voice.ask("subscribe", events=["source.stopped"])
    follower.ask("subscribe", events=["*"])
    opened = voice.ask("source.open", **PCM, record=True)
    send(voice, GO + bytes(48_000), opened["channel"])
    voice.ask("source.close", source_id=opened["source_id"])
    voice.until("source.stopped", 60)
    kept = lambda server: [said["text"] for said in server.get("/v1/transcripts")["transcripts"]]
    until(lambda: small.get("/v1/drafts")["total"] == 1, 10)
    assert kept(small) == [WORDS]
    assert {"command.matched", "draft.started", "recording.saved"} <= told_so_far(talk(small))
    # The large one tells what it reads to those who are there, and makes nothing of it.
    told = {follower.next(60)["type"]}
    while "source.stopped" not in told:
        told.add(follower.next(60)["type"])
    assert "transcript.final" in told
    assert not [name for name in told if name.startswith(("command", "attention", "draft", "recording"))]
    assert kept(large) == [] and large.get("/v1/drafts")["total"] == 0
    later = told_so_far(talk(large))
    assert "source.stopped" in later and "transcript.final" not in later


def test_a_large_server_reads_a_second_time_when_it_has_nothing_else_to_do(serve, talk):
    large = serve()
    token = large.make_token(["capture", "events"])
    small = serve(
        "--recogniser", f"big=hearsay+http://127.0.0.1:{large.port}", "--hear-with", "pocketsphinx", "--revise-by", "big",
        environment={"HEARSAY_ENGINE_BIG_KEY": token})
    voice, follower = talk(small), talk(large)
    voice.ask("subscribe", events=["transcript.*"])
    follower.ask("subscribe", events=["source.started", "transcript.final"])
    opened = voice.ask("source.open", **PCM)
    # The first sentence is late, since the recogniser starts with it, and what is late is not read again.
    said = GO + bytes(48_000)
    for sentence in range(2):
        send(voice, said, opened["channel"], start=sentence * len(said) // 640)
        assert voice.until("transcript.final", 60)["engine"] == "pocketsphinx"
    again = follower.until("source.started", 60)
    assert (again["role"], again["stt"]["spare"]) == ("relay", True)
    assert follower.until("transcript.final", 60)["text"] == WORDS


def told_so_far(follower):
    """The names of all events that a server still knows."""
    newest = follower.ask("subscribe", events=["*"], last_seq=0)["seq"]
    names, last = set(), {"seq": 0}
    while last.get("seq", 0) < newest:
        last = follower.next(10)
        names.add(last["type"])
    return names


@pytest.mark.parametrize("value", ["big", "big=", "=hearsay+http://box", "none=hearsay+http://box", "big=http://box", "big=hearsay+ftp://box"])
def test_a_recogniser_needs_a_name_and_an_address(value):
    result = run("serve", "--recogniser", value)
    assert result.code == 1 and "big=hearsay+https://box:7780" in result.err
