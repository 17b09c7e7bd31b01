"""How listeners are set: what they mute, how late they begin, when they are quiet, and what is shown of what is said."""

import stat
import time

import numpy
import pytest

from hearsay import Running

TEXT = "One sentence for whoever wants to hear it."


def test_a_muted_voice_sounds_at_the_others(server, listen, control):
    mute = {"voices": ["tone"]}
    silent, ear = listen(server, mute=mute), listen(server)
    job = control.speak(TEXT)
    end = control.end(job)
    assert end["type"] == "job.finished" and end["listeners"] == [ear.id], end
    assert silent.sounded(job).size == 0 and numpy.array_equal(ear.sounded(job), server.wav(TEXT))
    shown = {each["listener_id"]: each for each in server.get("/v1/listeners")["listeners"]}
    assert shown[silent.id]["mute"]["voices"] == ["tone"] and shown[ear.id]["mute"]["voices"] == []


def test_a_muted_session_goes_on_to_the_next_step(server, listen, control):
    silent, star = listen(server, mute={"sessions": ["default"]}), listen(server, session="*")
    end = control.end(control.speak(TEXT))
    assert end["listeners"] == [star.id], end
    assert not silent.pieces


def test_a_delayed_listener_begins_later_and_hears_everything(server, listen, control):
    late, prompt = listen(server, delay_ms=400), listen(server)
    job = control.speak(TEXT)
    end = control.end(job)
    assert end["type"] == "job.finished" and set(end["listeners"]) == {late.id, prompt.id}, end
    samples = server.wav(TEXT)
    assert numpy.array_equal(late.sounded(job), samples) and numpy.array_equal(prompt.sounded(job), samples)
    # What came at all came that much later; how much later still is the machine's affair.
    assert late.of(job)[0].began - prompt.of(job)[0].began >= 0.35


def test_nothing_sounds_in_quiet_hours(server, control, tmp_path):
    """Quiet around the clock but for a minute that is far away."""
    now = time.localtime()
    start = (now.tm_hour * 60 + now.tm_min + 720) % 1_440
    hours = f"{(start + 1) % 1_440 // 60}:{(start + 1) % 60:02}-{start // 60}:{start % 60:02}"
    running = Running("play", "--output", str(tmp_path / "night.wav"), "--quiet", hours, "--json", *server.arguments())
    try:
        deadline = time.monotonic() + 20
        while not (known := [each for each in server.get("/v1/listeners")["listeners"] if each["kind"] == "file"]):
            assert time.monotonic() < deadline, "the listener never came"
            time.sleep(0.02)
        assert known[0]["ready"] is False and known[0]["reason"] == "quiet_hours", known
        end = control.end(control.speak(TEXT, expires_in_ms=0))
        assert end["type"] == "job.failed" and end["code"] == "no_listener" and end["unspoken_text"] == TEXT, end
    finally:
        running.process.send_signal(2)
        assert running.outcome(20).code == 0
    assert not (tmp_path / "night.wav").exists()


@pytest.mark.parametrize("is_there", [True, False])
def test_a_notification_shows_what_is_said(server, control, tmp_path, is_there):
    shown, programs = tmp_path / "shown", tmp_path / "bin"
    programs.mkdir()
    if is_there:
        program = programs / "notify-send"
        program.write_text(f'#!/bin/sh\nfor last; do :; done\nprintf "%s\\n" "$last" >> "{shown}"\n')
        program.chmod(program.stat().st_mode | stat.S_IXUSR)
    path = f"{programs}:/usr/bin:/bin" if is_there else str(programs)
    running = Running("play", "--output", str(tmp_path / "a.wav"), "--notify", *server.arguments(),
                      environment={"PATH": path})
    try:
        deadline = time.monotonic() + 20
        while not any(each["ready"] for each in server.get("/v1/listeners")["listeners"]):
            assert time.monotonic() < deadline, "the listener never came"
            time.sleep(0.02)
        assert control.end(control.speak("Tests & <b>builds</b> are done."))["heard"] == "confirmed"
        while is_there and not (shown.exists() and shown.read_text().endswith("\n")):
            assert time.monotonic() < deadline, "nothing was shown"
            time.sleep(0.02)
    finally:
        running.process.send_signal(2)
        outcome = running.outcome(20)
    assert outcome.code == 0, outcome
    if is_there:
        assert shown.read_text() == "Tests &amp; &lt;b&gt;builds&lt;/b&gt; are done.\n"
    else:
        assert "libnotify-bin" in outcome.said, outcome
