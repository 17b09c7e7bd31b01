"""`hearsay transcribe` turns recordings into text, without a server."""

import json
import pathlib
import signal
import socket
import struct
import subprocess
import threading
import time
import wave

import pytest

from hearsay import PROGRAM, run

# Debian's package pocketsphinx-testdata.
SPEECH = pathlib.Path("/usr/share/pocketsphinx/test/data")
GO = SPEECH / "goforward.raw"
# A busy machine takes a minute for what an idle one does in two seconds.
PATIENCE = 300


def wav(path, samples, rate=16_000, channels=1):
    """Writes samples of one channel, doubled where two are wanted."""
    frames = samples if channels == 1 else b"".join(samples[i : i + 2] * 2 for i in range(0, len(samples), 2))
    with wave.open(str(path), "wb") as file:
        file.setnchannels(channels)
        file.setsampwidth(2)
        file.setframerate(rate)
        file.writeframes(frames)
    return str(path)


def test_utterances_come_in_their_order_with_the_times_of_their_words(tmp_path):
    silence = bytes(2 * 32_000)
    speech = GO.read_bytes()
    path = wav(tmp_path / "go.wav", silence + speech + silence + speech + silence)
    result = run("transcribe", path, "--json", seconds=PATIENCE)
    assert result.code == 0, result.err
    said = [json.loads(line) for line in result.out.splitlines()]
    assert [one["text"] for one in said] == ["go forward ten meters"] * 2
    assert all(one["engine"] == "pocketsphinx" and one["language"] == "en-US" for one in said)
    first, second = said
    # Speech begins with the recording at 2 s, and 300 ms before it belong to it; a window lasts 32 ms.
    assert 1_668 <= first["start_ms"] < first["end_ms"] <= second["start_ms"] < second["end_ms"] <= 11_600
    for one in said:
        times = [time for word in one["words"] for time in (word["start_ms"], word["end_ms"])]
        assert times == sorted(times) and one["start_ms"] <= times[0] and times[-1] <= one["end_ms"]
    # The second one was said 4.8 s after the first one.
    shift = second["words"][2]["start_ms"] - first["words"][2]["start_ms"]
    assert abs(shift - (len(silence) + len(speech)) / 32) <= 60


def test_stereo_at_another_rate_comes_through_a_pipe_and_leaves_as_subtitles(tmp_path):
    command = ["ffmpeg", "-v", "error", "-i", wav(tmp_path / "go.wav", GO.read_bytes()), "-ar", "48000", "-ac", "2"]
    talk = subprocess.run([*command, "-f", "wav", "-"], capture_output=True, check=True, timeout=60).stdout
    result = subprocess.run([PROGRAM, "transcribe", "-", "--vtt"], input=talk, capture_output=True, timeout=PATIENCE)
    text = result.stdout.decode()
    assert result.returncode == 0 and text.startswith("WEBVTT\n\n00:00:0"), text
    assert " --> 00:00:0" in text and text.endswith("\ngo forward ten meters\n\n")


def test_silence_gives_no_text(tmp_path):
    result = run("transcribe", wav(tmp_path / "quiet.wav", bytes(2 * 80_000)), seconds=PATIENCE)
    assert (result.code, result.out, result.err) == (0, "", "no speech was found\n")


@pytest.mark.parametrize(
    "content",
    [b"", b"RIFF", b"<html>no sound</html>", b"RIFF" + struct.pack("<I", 0xFFFFFFFE) + b"WAVEfmt " + bytes(40)],
)
def test_what_is_no_recording_is_refused(tmp_path, content):
    path = tmp_path / "broken.wav"
    path.write_bytes(content)
    result = run("transcribe", str(path))
    assert result.code == 1 and str(path) in result.err and result.out == "" and "basic recogniser" not in result.err


def test_of_bare_samples_is_said_how_they_can_be_read():
    result = run("transcribe", str(GO))
    assert result.code == 1 and "hearsay transcribe -" in result.err and "ffmpeg -f s16le" in result.err
    raw = "-f", "s16le", "-ar", "16000", "-ac", "1", "-i", str(GO), "-f", "wav", "-"
    talk = subprocess.run(["ffmpeg", "-v", "error", *raw], capture_output=True, check=True, timeout=60).stdout
    told = subprocess.run([PROGRAM, "transcribe", "-"], input=talk, capture_output=True, timeout=PATIENCE)
    assert told.stdout == b"go forward ten meters\n" and b"basic recogniser" in told.stderr


def test_a_server_that_is_not_there_is_told_with_advice(tmp_path):
    result = run("transcribe", wav(tmp_path / "go.wav", GO.read_bytes()), "--engine", "tcp://127.0.0.1:9", seconds=PATIENCE)
    assert result.code == 6 and "Does a Wyoming server run there?" in result.err and "basic" not in result.err


def test_an_mp3_is_read(tmp_path):
    path = str(tmp_path / "go.mp3")
    subprocess.run(["ffmpeg", "-v", "error", "-i", wav(tmp_path / "go.wav", GO.read_bytes()), path], check=True, timeout=60)
    result = run("transcribe", path, "--srt", seconds=PATIENCE)
    assert result.code == 0 and "go forward ten meters" in result.out, result.err


def test_wrong_options_are_refused(tmp_path):
    path = wav(tmp_path / "go.wav", bytes(3_200))
    assert run("transcribe", path, "--srt", "--vtt").code == 1
    assert run("transcribe", path, "--engine", "http://box").code == 1
    assert run("transcribe", str(tmp_path / "absent.wav")).code == 1


def test_a_recogniser_that_is_not_here_is_refused_with_the_way_to_it(tmp_path):
    path, data = wav(tmp_path / "go.wav", GO.read_bytes()), ("--data", str(tmp_path / "data"))
    known = run("transcribe", path, "--engine", "whisper-tiny", *data)
    assert known.code == 1 and "`hearsay models pull whisper-tiny`" in known.err and "pocketsphinx" in known.err
    other = run("transcribe", path, "--engine", "nobody", *data)
    assert other.code == 1 and "`hearsay models list`" in other.err and "pull" not in other.err


def test_a_language_that_the_recogniser_does_not_know_is_refused_with_advice(tmp_path):
    result = run("transcribe", wav(tmp_path / "go.wav", GO.read_bytes()), "--language", "de", seconds=PATIENCE)
    assert result.code == 6 and "pocketsphinx understands en-US, not de" in result.err and "--engine" in result.err


def test_the_recogniser_that_comes_with_it_can_be_named(tmp_path):
    result = run("transcribe", wav(tmp_path / "go.wav", GO.read_bytes()), "--engine", "pocketsphinx", seconds=PATIENCE)
    assert (result.code, result.out) == (0, "go forward ten meters\n"), result.err


def test_another_makers_recogniser_is_asked(tmp_path):
    """A Wyoming server of a few lines, which knows none of our own additions."""
    heard = []
    server = socket.create_server(("127.0.0.1", 0))
    thread = threading.Thread(target=serve, args=(server, heard), daemon=True)
    thread.start()
    path = wav(tmp_path / "go.wav", GO.read_bytes())
    result = run("transcribe", path, "--engine", f"tcp://127.0.0.1:{server.getsockname()[1]}", "--json", seconds=PATIENCE)
    server.close()
    assert result.code == 0, result.err
    assert [json.loads(line)["text"] for line in result.out.splitlines()] == ["Whatever you say."]
    assert heard[0]["audio-chunk"] > 10 and heard[0]["audio-stop"] == 1
    assert "basic" not in result.err


def serve(server, heard):
    while True:
        try:
            connection, _ = server.accept()
        except OSError:
            return
        threading.Thread(target=converse, args=(connection, heard), daemon=True).start()


def converse(connection, heard):
    stream = connection.makefile("rwb")
    counts = {}
    for line in stream:
        header = json.loads(line)
        stream.read(header.get("data_length", 0) + header.get("payload_length", 0))
        counts[header["type"]] = counts.get(header["type"], 0) + 1
        answer = None
        if header["type"] == "describe":
            maker = {"name": "somebody", "url": "http://x.example"}
            program = {"name": "whisper", "installed": True, "attribution": maker}
            answer = {"type": "info", "data": {"asr": [{**program, "models": [{**program, "languages": ["en"]}]}]}}
        if header["type"] == "audio-stop":
            heard.append(counts)
            answer = {"type": "transcript", "data": {"text": " Whatever you say."}}
        if answer:
            stream.write(json.dumps(answer).encode() + b"\n")
            stream.flush()


def test_it_leaves_nothing_behind_when_it_is_interrupted(tmp_path):
    path = wav(tmp_path / "long.wav", (GO.read_bytes() + bytes(32_000)) * 20)
    process = subprocess.Popen([PROGRAM, "transcribe", path], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)
    process.stdout.readline()
    children = pathlib.Path(f"/proc/{process.pid}/task/{process.pid}/children")
    workers = [child for task in children.parent.parent.iterdir() for child in (task / "children").read_text().split()]
    assert workers
    process.send_signal(signal.SIGINT)
    process.wait(PATIENCE)
    deadline = time.monotonic() + PATIENCE
    while any(pathlib.Path(f"/proc/{worker}").exists() for worker in workers):
        assert time.monotonic() < deadline, "a recogniser is left"
        time.sleep(0.05)
