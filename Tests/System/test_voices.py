"""The voices that are there straight after installation: many enough, told apart by ear, and for many languages."""

import pathlib
import subprocess

import numpy
import pytest

from hearsay import PROGRAM, until
from listener import RATE, Behaviour
from pitch import median_pitch

TEXT = "Good morning. The build is green, and nobody has to look at it."


@pytest.fixture(scope="module")
def voices(server):
    """All voices, once espeak has said what it offers."""
    assert until(lambda: len(server.get("/v1/voices")["voices"]) > 20)
    return {voice.get("id") or voice["voice_id"]: voice for voice in server.get("/v1/voices")["voices"]}


def test_at_least_fourteen_english_voices_differ_by_engine_or_two_semitones(server, voices):
    names = ["slt", "rms", "awb"] + [name for name in voices if name.startswith("en-us") and name != "en-us-nyc"]
    heard = {name: median_pitch(server.wav(TEXT, "--voice", name), RATE) for name in names}
    assert len(heard) >= 14
    for engine in ("flite", "espeak"):
        pitches = sorted(heard[name] for name in names if voices[name]["engine"] == engine and heard[name] is not None)
        assert all(numpy.diff(pitches) >= 2), (engine, heard)
    assert [name for name in names if heard[name] is None] == ["en-us+whisper"], "one has no pitch at all"


def test_a_hundred_languages(voices):
    assert len({voice["language"].split("-")[0].lower() for voice in voices.values()}) >= 100


@pytest.mark.parametrize("language, voice", [("de", "de"), ("de-CH", "de"), ("fr", "fr-fr"), ("sv", "sv"), ("en-GB", "slt"), ("pt", "pt")])
def test_a_language_finds_its_voice(server, control, voices, language, voice):
    server.ask("POST", "/v1/sessions", {"session_id": "languages", "voice": "slt"})
    job = control.speak("Hallo.", session_id="languages", language=language, deliver="none")
    assert control.event("job.finished", job)
    assert server.get(f"/v1/jobs/{job}")["voice"] == voice


def test_a_language_that_nobody_speaks_is_told(server, voices):
    answer = server.ask("POST", "/v1/speak", {"text": "Hello.", "language": "tlh"})
    assert (answer.status, answer.error["code"], answer.error["field"]) == (422, "unknown_language", "language")


def test_words_of_another_script_are_found_in_the_text(server, listen, control, voices):
    listen(server, behaviour=Behaviour(instant=True))
    text = "Добрый день, мир! Как дела?"
    job = control.speak(text, language="ru")
    control.end(job)
    words = [each for each in control.messages if each["type"] == "job.words" and each["job_id"] == job][-1]["words"]
    assert [text[each["char_index"]:each["char_end"]] for each in words] == ["Добрый", "день", "мир", "Как", "дела"]
    times = [each["start_ms"] for each in words]
    assert times == sorted(times) and times[-1] > 500


@pytest.mark.parametrize("speed", [0.25, 0.5, 2, 4])
def test_espeaks_speed_is_real(server, voices, speed):
    usual = server.wav(TEXT, "--voice", "de").size
    assert server.wav(TEXT, "--voice", "de", "--speed", str(speed)).size * speed == pytest.approx(usual, rel=0.15)


def test_only_the_program_under_the_gpl_links_espeak():
    folder = pathlib.Path(PROGRAM).parent
    needed = {path.name: subprocess.run(["readelf", "-d", path], capture_output=True, text=True, check=True).stdout
              for path in folder.glob("hearsay*") if path.is_file() and path.suffix == ""}
    assert {name for name, text in needed.items() if "espeak" in text} == {"hearsay-espeak"}
    assert {"hearsay", "hearsay-flite"} <= needed.keys()
