"""What sounds is what was made."""

import numpy
import pytest

from conftest import as_floats, assert_heard, find


def test_one_sentence_sounds_sample_by_sample(player, control, server):
    player.open().until_ready()
    samples = server.samples("Good morning. The build is green.")
    # A machine with too much to do lets the sound pause; then it is said once more.
    for _ in range(3):
        before = player.heard().size
        end = control.end(control.speak("Good morning. The build is green."))
        assert end["type"] == "job.finished" and end["heard"] == "confirmed"
        heard = player.heard()[before:]
        if find(heard, as_floats(samples)) is not None:
            break
    assert_heard(heard, samples)


def test_ten_queued_sentences_sound_in_order_once_each(player, control, server):
    player.open().until_ready()
    texts = [f"This is sentence number {number}." for number in range(10)]
    jobs = [control.speak(text) for text in texts]
    assert [control.end(job)["type"] for job in jobs] == ["job.finished"] * 10
    assert_heard(player.heard(), *[server.samples(text) for text in texts])


def test_reports_follow_the_sound(player, control, server):
    player.open().until_ready()
    text = "A sentence that is long enough for several reports."
    job = control.speak(text)
    control.end(job)
    reports = player.wire.all_sent(type="playback", job_id=job)
    states = [report["state"] for report in reports]
    positions = [report["position_ms"] for report in reports]
    duration = len(server.samples(text)) * 1000 // 24_000
    assert states[0] == "started" and states[-1] == "finished" and set(states[1:-1]) == {"progress"}
    assert positions == sorted(positions) and positions[0] <= 40 and positions[-1] == duration
    steps = numpy.diff(positions[1:-1])
    assert len(steps) >= 4 and all(240 <= step <= 262 for step in steps)
    assert {report["channel"] for report in reports} == {player.wire.wait_received(type="audio.begin")["channel"]}


@pytest.mark.only_browser("chromium")
def test_finished_waits_for_the_last_sample_to_leave_the_loudspeaker(player, control):
    # A latency that no test machine has, so that it shows in the report.
    player.page.add_init_script("Object.defineProperty(AudioContext.prototype, 'outputLatency', { get: () => 0.4 })")
    player.open().until_ready()
    job = control.speak("Wait for the last of it.")
    control.end(job)
    positions = [report["position_ms"] for report in player.wire.all_sent(type="playback", state="progress")]
    assert positions[0] == 0 and 90 <= positions[1] <= 110


@pytest.mark.only_browser("firefox")
def test_the_latency_is_never_asked_where_the_question_can_kill_the_tab(player, control):
    player.page.add_init_script("""
        for (const name of ['outputLatency', 'getOutputTimestamp'])
            Object.defineProperty(AudioContext.prototype, name, { get: () => { window.wasAsked = true; return 0; } })""")
    player.open().until_ready()
    job = control.speak("Nobody asks how long it takes.")
    control.end(job)
    assert player.page.evaluate("window.wasAsked") is None
    # What is usual counts instead.
    positions = [report["position_ms"] for report in player.wire.all_sent(type="playback", state="progress")]
    assert 190 <= positions[1] - positions[0] <= 262 and 190 <= positions[0] <= 212


def test_flush_fades_and_reports_where_it_ended(player, control, server):
    player.open().until_ready()
    text = "This sentence is cut off long before its end, which nobody hears."
    job = control.speak(text)
    player.wire.wait_sent(type="playback", state="progress")
    control.abort(job)
    end = control.end(job)
    assert end["type"] == "job.aborted" and end["delivered_text"] + end["unspoken_text"] == text
    position = player.wire.wait_sent(type="playback", state="flushed", job_id=job)["position_ms"]
    samples, heard = as_floats(server.samples(text)), player.heard()
    heard = heard[: int(numpy.flatnonzero(heard)[-1]) + 1]
    heard = heard[numpy.flatnonzero(heard)[0]:]
    assert abs(len(heard) - position * 24) < 24 + 2
    assert numpy.array_equal(heard[:-120], samples[: len(heard) - 120])
    made = samples[len(heard) - 120: len(heard)]
    gains = heard[-120:][made != 0] / made[made != 0]
    assert all(numpy.diff(gains) < 0) and gains[0] > 0.95 and 0 < gains[-1] < 0.05


def test_the_sentence_after_a_flush_is_whole(player, control, server):
    player.open().until_ready()
    first = control.speak("This one is stopped in the middle of what it has to say.")
    player.wire.wait_sent(type="playback", state="progress")
    second = control.speak("This one is whole.")
    control.abort(first)
    assert control.end(second)["type"] == "job.finished"
    assert find(player.heard(), as_floats(server.samples("This one is whole."))) is not None


def test_volume_scales_and_full_volume_changes_nothing(player, control, server):
    player.open().until_ready()
    slider = player.page.get_by_role("slider", name="Volume")
    slider.fill("50")
    control.end(control.speak("Half as loud."))
    slider.fill("100")
    control.end(control.speak("As loud as it was made."))
    heard = player.heard()
    # The change itself takes 20 ms, which the first samples of a sentence may share.
    half, whole = as_floats(server.samples("Half as loud."))[960:], as_floats(server.samples("As loud as it was made."))[960:]
    assert find(heard, half * numpy.float32(0.5)) is not None
    assert find(heard, whole) is not None
