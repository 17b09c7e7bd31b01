"""The voices that are there straight after installation: many enough, told apart by ear, and for many languages."""

import pathlib
import subprocess

import numpy
import pytest

from hearsay import PROGRAM, until
from listener import RATE, Behaviour
from loudness import loudness
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


def test_every_voice_is_equally_loud(server, voices, languages=("de", "fr-fr", "hi", "ru", "cmn")):
    names = ["slt", "rms", "awb", "kal16", *languages] + [name for name in voices if name.startswith("en-us+")]
    heard = {name: loudness(server.wav(TEXT, "--voice", name), RATE) for name in names}
    assert all(abs(value - -21) < 2 for value in heard.values()), heard


@pytest.mark.parametrize("voice", ["slt", "rms", "en-us", "en-us+f4"])
def test_clauses_are_joined_by_a_pause_of_their_mark_and_without_a_click(server, voices, voice):
    samples = server.wav("The first one is here. The second one is here, and it is much longer than the "
                         "first one, as everybody can hear; the third one is not.", "--voice", voice).astype(int)
    quiet = runs(numpy.abs(samples) <= 130)
    rests = [length / RATE for start, length in quiet if 0 < start < samples.size - length]
    assert 0.3 < max(rests) < 0.5, rests
    assert samples[0] == samples[-1] == 0
    silences = runs(samples == 0)
    for start, length in silences:
        if length > RATE // 10:
            assert abs(samples[start - 1]) < 100 and abs(samples[start + length]) < 100, "a jump to or from silence"


def test_a_pause_lasts_as_long_as_it_says(server, voices):
    for text in ("One. [pause:1.5s] Two.", "<speak>One.<break time='1500ms'/>Two.</speak>"):
        longest = max(length for _, length in runs(server.wav(text, "--voice", "slt") == 0))
        assert longest / RATE == pytest.approx(1.5, abs=0.01)


def runs(claims):
    """Where it is true for a while: first place and length."""
    edges = numpy.flatnonzero(numpy.diff(numpy.concatenate([[0], claims.astype(int), [0]])))
    return list(zip(edges[::2].tolist(), (edges[1::2] - edges[::2]).tolist()))


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


def test_voices_are_listed_with_what_is_known_of_them(server, voices):
    lines = server.run("voices").out.splitlines()
    assert [each.split()[:6] for each in lines if each.startswith("slt ")] == [["slt", "en-US", "female", "flite", "16000", "LicenseRef-Flite"]]
    assert all({"language", "engine", "sample_rate", "installed"} <= voice.keys() for voice in voices.values())
    assert all(voice.get("gender") and voice.get("licence") for voice in voices.values() if voice["installed"] and voice["engine"] != "tone")


def test_a_preview_speaks_in_each_voice(server, voices, listen, control):
    ear = listen(server, behaviour=Behaviour(instant=True))
    outcome = server.run("voices", "--preview", "--language", "de")
    assert (outcome.code, outcome.out.split()[:1]) == (0, ["de"])
    one = server.run("voices", "--preview", "rms", "--json")
    assert (one.code, [(line["voice"], line["heard"]) for line in one.lines]) == (0, [("rms", "confirmed")])
    ear.wait_ended(2)
    assert server.run("voices", "--preview", "nobody").code == 1
