"""What is spoken for a text: the voice sounds as if the words had been written out, and places are those of the text."""

import json

import numpy
import pytest

from hearsay import until
from listener import RATE
from pitch import median_pitch
from tone import samples_of


@pytest.fixture
def espeak(server):
    """Waits until espeak has said what it offers."""
    assert until(lambda: len(server.get("/v1/voices")["voices"]) > 20)


@pytest.fixture
def english(serve):
    return serve(voice="slt")


@pytest.mark.parametrize("written, words", [
    ("It cost $5.20.", "It cost five dollars and twenty cents."),
    ("**Done** in `1h30m`", "Done in one hour thirty minutes"),
    ("See https://example.org/a?b=c for it", "See example dot org for it"),
    ("<speak><sub alias='hello'>x</sub> <emphasis>there</emphasis></speak>", "hello there"),
])
def test_english_is_read_out(english, tmp_path, written, words):
    files = [tmp_path / "written.wav", tmp_path / "words.wav"]
    for file, text in zip(files, (written, words)):
        assert english.run("say", text, "--wav", str(file)).code == 0
    assert files[0].read_bytes() == files[1].read_bytes() and files[0].stat().st_size > 10_000


def test_a_pause_is_a_silence_of_its_length(server):
    rate = 24_000
    one, two = server.wav("one"), server.wav("two")
    both = server.wav("one [pause:1.5s] two")
    assert numpy.array_equal(both, numpy.concatenate([one, numpy.zeros(rate * 3 // 2, one.dtype), two]))


def test_prosody_reaches_the_samples(server):
    written = "<speak>one <prosody rate='2' pitch='+50%' volume='0.5'>two</prosody></speak>"
    two = numpy.round(samples_of("two", speed=2, pitch=1.5) * 0.5 + 1e-9).astype("<i2")
    heard = server.wav(written, "--voice", "tone")
    assert numpy.array_equal(heard[:samples_of("one").size], samples_of("one"))
    assert numpy.abs(heard[samples_of("one").size:].astype(int) - two).max() <= 1


@pytest.mark.parametrize("voice", ["slt", "rms", "kal16", "de", "en-us+f2"])
@pytest.mark.parametrize("semitones", [-5, 4])
def test_the_pitch_of_prosody_is_real(server, espeak, voice, semitones):
    text = "Good morning. Everybody is in the garden now."
    usual, moved = (median_pitch(server.wav(f"<speak><prosody pitch='{change:+}st'>{text}</prosody></speak>",
                                            "--voice", voice), RATE) for change in (0, semitones))
    assert moved - usual == pytest.approx(semitones, abs=1.3)


def test_the_emotion_of_a_request_is_that_of_its_marker(server):
    wished = server.wav("Go on with it now.", "--voice", "slt", "--emotion", "excited").size
    assert wished == pytest.approx(server.wav("[💥 excited] Go on with it now.", "--voice", "slt").size, rel=0.01)
    assert wished < server.wav("Go on with it now.", "--voice", "slt").size * 0.97


def test_phonemes_are_spoken_where_an_engine_takes_them(server, espeak):
    def count(text, voice="en-us"):
        return server.wav(text, "--voice", voice).size

    said = {sound: count(f"<speak><phoneme ph='{sound}'>gif</phoneme></speak>") for sound in ("dʒɪf", "ˈdʒɪf", "dʒ☃f")}
    # espeak's own length of a text varies by some samples from one time to the next.
    assert said["dʒɪf"] == pytest.approx(said["ˈdʒɪf"], abs=60)
    assert said["dʒɪf"] - count("gif") > 120
    assert said["dʒ☃f"] == pytest.approx(count("gif"), abs=60), "the word as it is written"
    assert count("<speak><phoneme ph='dʒɪf'>gif</phoneme></speak>", "slt") == count("gif", "slt"), "flite takes none"


def test_words_point_into_the_text_as_it_was_written(english, listen, controls):
    text = "**Now** it cost $5.20, and [here](https://example.org) it ends."
    control, _ = controls(english), listen(english)
    job = control.speak(text)
    assert control.end(job)["type"] == "job.finished"
    words = {}
    for message in control.messages:
        if message["type"] == "job.words" and message["job_id"] == job:
            words |= {(word["char_index"], word["char_end"]): word for word in message["words"]}
    assert [text[begin:end] for begin, end in sorted(words)] == ["Now", "it", "cost", "$5.20", "and", "here", "it", "ends"]


def test_what_was_heard_ends_behind_a_word_of_the_text(english, listen, controls):
    text = "Before it cost $1,234.56 it cost nothing, and nobody knew what it was or why anybody wanted one."
    control, _ = controls(english), listen(english)
    job = control.speak(text)
    control.wait(lambda each: each["type"] == "job.progress" and each["job_id"] == job and each["position_ms"] > 1_500)
    control.abort(job)
    end = control.end(job)
    assert end["delivered_text"] + end["unspoken_text"] == text
    assert end["delivered_text"].split() == text.split()[:len(end["delivered_text"].split())], end


def test_the_dictionary_is_read_again_when_its_file_changes(serve, tmp_path):
    file = tmp_path / "words.json"
    file.write_text(json.dumps({"replacements": [{"term": "nginx", "phonetic": "engine x", "note": "a server"}]}))
    server = serve("--pronunciations", str(file))
    assert numpy.array_equal(server.wav("nginx runs"), server.wav("engine x runs"))
    file.write_text('{"replacements": [\n  {"phonetic": "x"},\n  {"term": "nginx", "phonetic": "engine of ten"}\n]}')
    assert until(lambda: numpy.array_equal(server.wav("nginx runs"), server.wav("engine of ten runs")))
    assert any("line 2: the entry has no term" in line for line in server.lines)


def test_a_dictionary_that_is_not_there_is_refused(serve, tmp_path):
    with pytest.raises(AssertionError):
        serve("--pronunciations", str(tmp_path / "nothing.json"))
