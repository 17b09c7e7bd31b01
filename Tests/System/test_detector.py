"""The detector: Silero VAD in a process of its own, and what stands in for it."""

import json
import os
import pathlib
import shutil
import signal
import struct
import wave

import numpy
import pytest

import hearsay
from hearsay import Server, children, command_line, run, until

# Debian's package pocketsphinx-testdata.
GO = pathlib.Path("/usr/share/pocketsphinx/test/data/goforward.raw").read_bytes()
WORDS = "go forward ten meters"
RATE = 16_000
PATIENCE = 300


def wav(path, samples):
    with wave.open(str(path), "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(RATE)
        file.writeframes(samples)
    return str(path)


def noises():
    """12 s that sound like nobody: hiss, rumble, clicks, a siren, a chord that swells."""
    random, time = numpy.random.default_rng(5), numpy.arange(2 * RATE) / RATE
    hiss = random.normal(size=time.size) * 0.1
    rumble = numpy.cumsum(random.normal(size=time.size))
    clicks = (random.random(time.size) < 0.0005) * 0.9
    siren = 0.4 * numpy.sin(2 * numpy.pi * (600 * time - 100 * numpy.cos(2 * numpy.pi * time)))
    chord = sum(numpy.sin(2 * numpy.pi * tone * time) for tone in (220, 277, 330)) * 0.1 * numpy.sin(numpy.pi * time / 2)
    pieces = [hiss, 0.5 * rumble / abs(rumble).max(), clicks, siren, chord, numpy.zeros(time.size)]
    return (numpy.concatenate(pieces) * 32_767).clip(-32_768, 32_767).astype("<i2").tobytes()


@pytest.fixture
def elsewhere(tmp_path, monkeypatch):
    """The programs without what `make sherpa` fetches; a network may be laid beside them."""
    source, target = pathlib.Path(os.path.realpath(hearsay.PROGRAM)).parent, tmp_path / "programs"
    (target / "sherpa").mkdir(parents=True)
    for name in ("hearsay", "hearsay-flite", "hearsay-pocketsphinx", "hearsay-sherpa"):
        try:
            os.link(source / name, target / name)
        except OSError:
            shutil.copy2(source / name, target / name)
    os.symlink((source / "sherpa" / "libonnxruntime.so").resolve(), target / "sherpa" / "libonnxruntime.so")
    monkeypatch.setattr(hearsay, "PROGRAM", str(target / "hearsay"))
    return target / "sherpa"


def detector(server):
    return server.get("/status")["detector"]


def worker(server):
    """The detector's process."""
    def find():
        return next((child for child in children(server.pid) if "--vad" in command_line(child)), None)
    return until(find, seconds=60)


def test_noise_gives_no_text_and_speech_after_it_does(tmp_path):
    path = wav(tmp_path / "mixed.wav", noises() + GO + bytes(RATE))
    result = run("transcribe", path, "--json", seconds=PATIENCE)
    assert result.code == 0, result.said
    said = [json.loads(line) for line in result.out.splitlines()]
    assert [one["text"] for one in said] == [WORDS]
    assert said[0]["start_ms"] >= 11_500


def test_a_server_says_which_detector_listens(server):
    assert detector(server) == {"name": "silero"}
    assert "silero tells speech from noise" in server.run("doctor").out


def test_a_detector_that_dies_again_and_again_costs_no_word(server, tmp_path):
    path = wav(tmp_path / "talk.wav", (bytes(RATE) + GO) * 3 + bytes(2 * RATE))
    hearing = server.start("hear", "--source", path, "--plain", "--no-revise")
    deaths = set()
    while len(deaths) < 3:
        process = worker(server)
        if process not in deaths:
            deaths.add(process)
            os.kill(process, signal.SIGKILL)
    outcome = hearing.outcome(PATIENCE)
    assert (outcome.code, outcome.out.splitlines()) == (0, [WORDS] * 3), outcome.said
    assert worker(server) not in deaths


def test_without_a_network_the_built_in_detector_listens_and_says_so(elsewhere, tmp_path):
    server = Server()
    try:
        assert detector(server) == {"name": "energy", "reason": "Silero VAD is not installed"}
        advice = server.run("doctor").out
        assert "Silero VAD is not installed" in " ".join(advice.split()) and "make sherpa" in advice
        path = wav(tmp_path / "go.wav", bytes(RATE) + GO + bytes(2 * RATE))
        assert server.run("hear", "--source", path, "--fast", "--plain", "--no-revise", seconds=120).out == f"{WORDS}\n"
    finally:
        server.close()


@pytest.mark.parametrize("network", [b"", b"<html>not found</html>", struct.pack("<64I", *range(64))])
def test_a_broken_network_costs_its_process_and_no_word(elsewhere, tmp_path, network):
    (elsewhere / "silero_vad.onnx").write_bytes(network)
    server = Server()
    try:
        path = wav(tmp_path / "go.wav", bytes(RATE) + GO + bytes(2 * RATE))
        assert server.run("hear", "--source", path, "--fast", "--plain", "--no-revise", seconds=120).out == f"{WORDS}\n"
        state = until(lambda: (state := detector(server)).get("reason") and state, seconds=60)
        assert state["name"] == "energy" and state["reason"].startswith("silero failed: ")
    finally:
        server.close()
