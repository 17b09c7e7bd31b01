"""Neural voices on stand-in models: each kind speaks, loads when asked, leaves when idle, and harms nobody when it is bad."""

import os
import re
import shutil
import signal


import numpy
import pytest

import stand_in_models
from hearsay import Server, children, command_line, until

TEXT = "Hello there."


@pytest.fixture(scope="module")
def neural(tmp_path_factory):
    """A server with one model of each kind, unloaded a second after its last word."""
    folder = tmp_path_factory.mktemp("models")
    server = Server("--model-idle", "1s", voice="slt", folder=folder / "data")
    for kind in stand_in_models.KINDS:
        install(server, stand_in_models.write(folder / kind, kind), kind)
    yield server
    server.close()


def install(server, folder, name):
    outcome = server_models(server, "import", str(folder), "--name", name, "--licence", "MIT", "--language", "en")
    assert outcome.code == 0, outcome


def server_models(server, *words):
    from hearsay import run
    return run("models", *words, "--data", str(server.data), "--json")


def voices(server, engine):
    return [voice for voice in server.get("/v1/voices")["voices"] if voice["engine"] == engine]


def has_voices(server, engine):
    return until(lambda: voices(server, engine) and all(voice["installed"] for voice in voices(server, engine)))


def state(server, engine):
    return next((state for state in server.get("/v1/engines")["engines"] if state["engine"] == engine), None)


def workers(server):
    """Those that speak; the one that detects speech stays."""
    sherpas = [pid for pid, name in children(server.pid).items() if name.startswith("hearsay-sherpa")]
    return [pid for pid in sherpas if (command := command_line(pid)) and "--vad" not in command]


def pitch(samples, rate=24_000):
    """In hertz, of a steady tone."""
    middle = samples[len(samples) // 4:len(samples) * 3 // 4].astype(float)
    spectrum = numpy.abs(numpy.fft.rfft(middle * numpy.hanning(len(middle))))
    return numpy.argmax(spectrum) * rate / len(middle)


@pytest.mark.parametrize("kind, voice, hertz", [
    ("piper", "piper", 220), ("speakers", "speakers-0", 220), ("speakers", "speakers-1", 330),
    ("kokoro", "kokoro-af_low", 180), ("kokoro", "kokoro-bm_high", 260), ("kitten", "kitten-af_low", 180),
    ("kitten", "kitten-bm_high", 260), ("matcha", "matcha", 220), ("supertonic", "supertonic-1", 220),
    ("pocket", "pocket-ben", 220),
])
def test_a_model_of_each_kind_speaks_with_each_of_its_voices(neural, kind, voice, hertz):
    assert has_voices(neural, kind)
    samples = neural.wav(TEXT, "--voice", voice)
    assert len(samples) > 24_000 * 0.3
    assert abs(pitch(samples) - hertz) < 8


def test_a_voice_tells_what_is_known_of_it(neural):
    assert has_voices(neural, "kokoro")
    low, high = voices(neural, "kokoro")
    assert (low["language"], low["gender"], low["sample_rate"]) == ("en-US", "female", 24_000)
    assert (high["language"], high["gender"], high["licence"]) == ("en-GB", "male", "MIT")


def test_what_is_said_goes_as_sounds_into_the_model(neural):
    """The stand-in hums for as long as there are signs, so more sounds are more time, and a quicker pace is less."""
    assert has_voices(neural, "piper")
    short, long = (len(neural.wav(text, "--voice", "piper")) for text in ("Hi.", "Extraordinary circumstances."))
    assert long > short * 3
    assert len(neural.wav("Extraordinary circumstances.", "--voice", "piper", "--speed", "2")) < long * 0.6


def test_a_model_is_loaded_when_it_is_asked_for_and_leaves_when_nobody_wants_it(neural, listen, controls):
    assert has_voices(neural, "matcha")
    assert until(lambda: state(neural, "matcha")["state"] == "unloaded" and not workers(neural), 60)
    listen(neural)
    control = controls(neural)
    control.ask("subscribe", events=["engine.changed", "job.*"])
    job = control.speak(TEXT, voice="matcha")
    told = lambda phase: control.wait(
        lambda message: message.get("type") == "engine.changed" and message["engine"] == "matcha"
        and message["state"] == phase)
    assert told("starting")["usual_start_ms"] >= 0
    told("ready")
    assert control.end(job)["type"] == "job.finished"
    told("unloaded")
    assert until(lambda: not workers(neural))


def test_the_memory_of_a_loaded_model_is_told(neural, listen, controls):
    assert has_voices(neural, "piper")
    listen(neural)
    control = controls(neural)
    job = control.speak("A sentence that is long enough. " * 3, voice="piper")
    megabytes = until(lambda: state(neural, "piper").get("memory_bytes"))
    assert megabytes > 10_000_000
    assert until(lambda: neural.metrics().get(("hearsay_engine_memory_bytes", ("engine", "piper")), 0) > 10_000_000)
    control.ask("abort", job_id=job)


def test_a_worker_that_is_killed_is_not_missed(neural, listen, controls):
    assert has_voices(neural, "piper")
    undisturbed = neural.wav(TEXT, "--voice", "piper")
    assert until(lambda: workers(neural))
    for pid in workers(neural):
        os.kill(pid, signal.SIGKILL)
    assert numpy.array_equal(neural.wav(TEXT, "--voice", "piper"), undisturbed)


def test_the_maker_of_phonemes_may_die_too(neural):
    assert has_voices(neural, "piper")
    undisturbed = neural.wav(TEXT, "--voice", "piper")
    helpers = [pid for worker in workers(neural) for pid, name in children(worker).items() if "espeak" in name]
    assert helpers
    for pid in helpers:
        os.kill(pid, signal.SIGKILL)
    assert numpy.array_equal(neural.wav(TEXT, "--voice", "piper"), undisturbed)


def test_a_model_comes_and_goes_while_the_server_runs(neural, tmp_path):
    install(neural, stand_in_models.write(tmp_path / "guest", "piper"), "guest")
    assert has_voices(neural, "guest")
    assert len(neural.wav(TEXT, "--voice", "guest")) > 0
    assert server_models(neural, "remove", "guest").code == 0
    assert until(lambda: not voices(neural, "guest"))
    assert neural.run("say", TEXT, "--voice", "guest").code in (6, 8)
    assert len(neural.wav(TEXT, "--voice", "piper")) > 0


def test_a_model_that_ends_its_worker_costs_its_own_job_and_no_other(neural, tmp_path):
    """Installed whole, then swapped for one that sherpa-onnx does not understand: it ends the process that loads it."""
    install(neural, stand_in_models.write(tmp_path / "swapped", "piper"), "swapped")
    assert has_voices(neural, "swapped")
    model = neural.data / "models/swapped/model.onnx"
    size = model.stat().st_size
    impostor = (stand_in_models.write(tmp_path / "impostor", "impostor") / "model.onnx").read_bytes()
    # A field that nobody knows fills the file up to its size, so that only its content tells.
    rest = size - len(impostor)
    padding = bytes([0xFA, 0x7F, (rest - 4) & 0x7F | 0x80, (rest - 4) >> 7]) + bytes(rest - 4)
    model.write_bytes(impostor + padding)
    outcome = neural.run("say", TEXT, "--voice", "swapped", "--wav", str(tmp_path / "none.wav"), seconds=90)
    assert outcome.code == 6, outcome
    broken = until(lambda: [voice for voice in voices(neural, "swapped") if not voice["installed"]])
    assert broken and re.search("code 255", broken[0]["reason"])
    assert len(neural.wav(TEXT, "--voice", "piper")) > 0
    assert neural.run("say", TEXT, "--wav", str(tmp_path / "other.wav")).code == 0
    assert server_models(neural, "remove", "swapped").code == 0


def test_a_model_whose_files_are_gone_is_listed_with_the_reason(neural, tmp_path):
    install(neural, stand_in_models.write(tmp_path / "broken", "piper"), "broken")
    (neural.data / "models/broken/tokens.txt").unlink()
    # What comes into the folder makes the server look again.
    install(neural, stand_in_models.write(tmp_path / "later", "piper"), "later")
    assert has_voices(neural, "later")
    (voice,) = voices(neural, "broken")
    assert not voice["installed"] and "tokens.txt" in voice["reason"]
    for name in "broken", "later":
        shutil.rmtree(neural.data / "models" / name)


def test_models_that_could_be_fetched_are_listed_with_the_way_to_them(neural):
    (voice,) = voices(neural, "kitten-nano")
    assert not voice["installed"] and "hearsay models pull kitten-nano" in voice["reason"]
