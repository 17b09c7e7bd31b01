"""On plain HTTP from another machine browsers withhold the worklet: the page listens all the same and says what is missing."""

import numpy
import pytest

from conftest import as_floats


@pytest.fixture
def open_player(player):
    player.open(host="voice.lan")
    assert player.page.evaluate("isSecureContext") is False
    return player.until_ready()


def test_it_says_why_and_what_to_do(open_player):
    note = open_player.page.get_by_role("note")
    note.get_by_text("plain HTTP").wait_for()
    assert "ssh -L" in note.inner_text() and "https" in note.inner_text()


def test_sentences_sound_sample_by_sample(open_player, control, server):
    texts = ["Heard over plain HTTP.", "And another one behind it."]
    jobs = [control.speak(text) for text in texts]
    assert [control.end(job)["type"] for job in jobs] == ["job.finished"] * 2
    open_player.page.wait_for_timeout(1_000)
    heard = open_player.heard()
    loud = heard[heard != 0]
    expected = numpy.concatenate([as_floats(server.samples(text)) for text in texts])
    assert numpy.array_equal(loud, expected[expected != 0])


def test_a_flush_is_reported(open_player, control):
    job = control.speak("This sentence is stopped in the middle of what it has to say.")
    open_player.wire.wait_sent(type="playback", state="progress")
    control.abort(job)
    assert control.end(job)["type"] == "job.aborted"
    open_player.wire.wait_sent(type="playback", state="flushed", job_id=job)


def test_reports_follow_the_clock_of_the_sound(open_player, control):
    job = control.speak("A sentence that is long enough for several reports.")
    control.end(job)
    reports = open_player.wire.all_sent(type="playback", job_id=job)
    assert reports[0]["state"] == "started" and reports[-1]["state"] == "finished"
    positions = [report["position_ms"] for report in reports]
    assert positions == sorted(positions) and len(positions) >= 6
