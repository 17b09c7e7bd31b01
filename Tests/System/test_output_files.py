"""`hearsay play --output`: a file as a loudspeaker, which holds what sounded and keeps the pace of the others."""

import subprocess
import time

import numpy
import pytest

from hearsay import Running

TEXTS = ["A first sentence for the file.", "And then a second one."]


@pytest.fixture
def play(server, tmp_path):
    """Starts a file listener and waits until the server knows it; `finish` it with Ctrl-C."""
    running = []

    def play(name, *options):
        path = tmp_path / name
        running.append(Running("play", "--output", str(path), *options, *server.arguments()))
        deadline = time.monotonic() + 20
        while not any(each["kind"] == "file" and each["ready"] for each in server.get("/v1/listeners")["listeners"]):
            assert time.monotonic() < deadline and running[-1].ended is None, running[-1].parts
            time.sleep(0.02)
        return running[-1], path

    yield play
    for each in running:
        if each.ended is None:
            each.process.kill()
            each.watch.join(10)


def finish(running):
    running.process.send_signal(2)
    outcome = running.outcome(20)
    assert outcome.code == 0, outcome
    return outcome


def decoded(path, rate):
    """What ffmpeg makes of a file."""
    done = subprocess.run(["ffmpeg", "-v", "error", "-i", str(path), "-ac", "1", "-ar", str(rate), "-f", "s16le", "pipe:1"],
                          capture_output=True, check=True)
    assert not done.stderr, done.stderr
    return numpy.frombuffer(done.stdout, "<i2")


def likeness(one, other):
    """The correlation of two sounds of the same length; 1 for the same."""
    size = min(one.size, other.size)
    return float(numpy.corrcoef(one[:size].astype(float), other[:size].astype(float))[0, 1])


def test_a_wav_holds_what_was_said_sample_by_sample(server, control, play):
    running, path = play("said.wav")
    for text in TEXTS:
        assert control.end(control.speak(text))["heard"] == "confirmed"
    assert not path.exists(), "it appears when it is complete"
    assert "of sound in" in finish(running).said
    assert numpy.array_equal(decoded(path, 24_000), numpy.concatenate([server.wav(text) for text in TEXTS]))


@pytest.mark.parametrize("name, options", [("said.opus", ()), ("said.flac", ("--opus",))])
def test_other_files_hold_it_too_and_opus_on_the_way_changes_no_length(server, control, play, name, options):
    running, path = play(name, *options)
    for text in TEXTS:
        end = control.end(control.speak(text))
        assert end["heard"] == "confirmed", end
    finish(running)
    made = numpy.concatenate([server.wav(text) for text in TEXTS])
    # A file of Opus or one that came as Opus has 48 kHz; its length is exact.
    came = decoded(path, 48_000)
    assert abs(came.size - 2 * made.size) <= 48, (came.size, made.size)
    assert likeness(came[::2], made) > 0.9, likeness(came[::2], made)


def test_an_mp3_holds_it(server, control, play):
    running, path = play("said.mp3")
    control.end(control.speak(TEXTS[0]))
    finish(running)
    made, came = server.wav(TEXTS[0]), decoded(path, 24_000)
    # A stream of MP3 cannot tell its delay and fills its last frame.
    assert 0 <= came.size - made.size < 24_000 * 0.2


def test_a_file_takes_as_long_as_the_sound_and_an_abort_leaves_what_sounded(server, control, play):
    running, path = play("cut.wav")
    text = "This sentence is long enough to be cut off somewhere in the middle, well before its end has come."
    began = time.monotonic()
    job = control.speak(text)
    control.event("job.started", job)
    control.wait(lambda message: message["type"] == "job.progress" and message["position_ms"] >= 1_000)
    assert time.monotonic() - began > 0.9, "a second of sound takes a second"
    control.abort(job)
    end = control.end(job)
    finish(running)
    came = decoded(path, 24_000)
    assert end["type"] == "job.aborted" and end["delivered_text"], end
    assert abs(came.size - end["position_ms"] * 24) <= 24, (came.size, end)
    assert numpy.array_equal(came, server.wav(text)[:came.size])


def test_a_file_beside_a_listener_does_not_cut_its_turn_short(server, control, play, listen):
    ear = listen(server)
    running, path = play("both.wav")
    text = "Two of us hear this sentence to its end, one of them in a file."
    end = control.end(control.speak(text))
    assert end["type"] == "job.finished" and len(end["listeners"]) == 2, end
    finish(running)
    samples = server.wav(text)
    assert numpy.array_equal(ear.sounded(end["job_id"]), samples)
    assert numpy.array_equal(decoded(path, 24_000), samples)


def test_what_cannot_be_written_is_a_mistake_of_usage(server, tmp_path):
    outcome = server.run("play", "--output", str(tmp_path / "no" / "such.wav"))
    assert outcome.code == 1 and "cannot be written" in outcome.said
    assert server.run("play", "--output", "x.aac").code == 1
