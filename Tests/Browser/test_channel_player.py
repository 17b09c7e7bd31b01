"""The player of the audio thread, by itself: what it renders and reports for what it is told."""

import pytest

PLAY = """async (steps) => {
    const { ChannelPlayer } = await import('/web/sound/channel-player.js');
    const reports = [], heard = [];
    const player = new ChannelPlayer(1000, ({ state, job, channel, positionMs }) => reports.push([state, job, channel, positionMs]));
    let frame = 0;
    const samples = (from, count) => Int16Array.from({ length: count }, (_, i) => from + i + 1);
    for (const [step, ...rest] of steps) {
        if (step === 'begin') player.begin({ job: rest[0], channel: rest[1], fromMs: rest[2] ?? 0, preSkip: rest[3] ?? 0 });
        if (step === 'write') player.write(rest[0], samples(rest[1], rest[2]));
        if (step === 'end') player.end(rest[0]);
        if (step === 'flush') player.flush(rest[0]);
        if (step === 'latency') player.latency = rest[0];
        if (step === 'render') {
            const out = new Float32Array(rest[0]);
            player.render(out, frame);
            frame += rest[0];
            heard.push(...Array.from(out, (each) => each * 32768));
        }
    }
    return { reports, heard };
}"""


@pytest.fixture(scope="module")
def play(browser, server):
    page = browser.new_page()
    page.goto(f"http://127.0.0.1:{server.port}/player")
    yield lambda *steps: page.evaluate(PLAY, list(steps)).values()
    page.close()


def run(first, last):
    return list(range(first, last + 1))


def test_a_channel_starts_and_finishes_once(play):
    reports, heard = play(("begin", "a", 1), ("write", 1, 0, 50), ("end", 1), ("render", 30), ("render", 30), ("render", 30))
    assert heard == run(1, 50) + [0] * 40
    assert reports == [["started", "a", 1, 30], ["finished", "a", 1, 50]]


def test_nothing_starts_before_one_frame_is_there(play):
    reports, heard = play(("begin", "a", 1), ("write", 1, 0, 19), ("render", 10), ("write", 1, 19, 1), ("render", 10))
    assert heard == [0] * 10 + run(1, 10) and reports[0][0] == "started"


def test_latency_delays_positions_and_the_end(play):
    reports, _ = play(("latency", 0.1), ("begin", "a", 1), ("write", 1, 0, 300), ("end", 1), *[("render", 50)] * 8)
    assert reports == [["started", "a", 1, 0], ["progress", "a", 1, 150], ["finished", "a", 1, 300]]


def test_a_job_goes_on_in_another_channel_without_a_seam(play):
    reports, heard = play(("begin", "a", 1), ("write", 1, 0, 60), ("render", 30),
                          ("begin", "a", 3, 60), ("write", 3, 60, 40), ("end", 3), ("render", 100))
    assert heard == run(1, 100) + [0] * 30
    assert reports == [["started", "a", 1, 30], ["started", "a", 3, 30], ["finished", "a", 3, 100]]


def test_what_is_already_here_does_not_sound_again(play):
    _, heard = play(("begin", "a", 1), ("write", 1, 0, 60), ("render", 30),
                    ("begin", "a", 3, 40), ("write", 3, 40, 60), ("end", 3), ("render", 100))
    assert heard == run(1, 100) + [0] * 30


def test_a_job_held_whole_finishes_in_its_new_channel(play):
    reports, heard = play(("begin", "a", 1), ("write", 1, 0, 60), ("end", 1), ("render", 100), ("begin", "a", 3, 60), ("end", 3), ("render", 10))
    assert heard == run(1, 60) + [0] * 50
    assert reports[-2:] == [["started", "a", 3, 60], ["finished", "a", 3, 60]]


def test_pre_skip_is_dropped_at_the_start_of_a_channel(play):
    _, heard = play(("begin", "a", 1, 0, 12), ("write", 1, 0, 50), ("end", 1), ("render", 40))
    assert heard == run(13, 50) + [0, 0]


def test_two_jobs_follow_each_other_in_one_block(play):
    reports, heard = play(("begin", "a", 1), ("write", 1, 0, 30), ("end", 1), ("begin", "b", 3), ("write", 3, 100, 30), ("end", 3), ("render", 70))
    assert heard == run(1, 30) + run(101, 130) + [0] * 10
    assert [report[:3] for report in reports] == [["started", "a", 1], ["started", "b", 3], ["finished", "a", 1], ["finished", "b", 3]]


def test_running_dry_is_told_once_and_gathers_before_it_goes_on(play):
    reports, heard = play(("begin", "a", 1), ("write", 1, 0, 20), ("render", 40), ("write", 1, 20, 30), ("render", 10),
                          ("write", 1, 50, 30), ("end", 1), ("render", 70))
    assert heard == run(1, 20) + [0] * 30 + run(21, 80) + [0] * 10
    assert [report[0] for report in reports] == ["started", "underrun", "finished"]


def test_a_flush_fades_the_sounding_channel_and_drops_the_rest(play):
    reports, heard = play(("begin", "a", 1), ("write", 1, 1000, 100), ("render", 20), ("flush", 1), ("write", 1, 1100, 50), ("render", 20))
    assert heard[:20] == run(1001, 1020) and heard[25:] == [0] * 15
    assert all(later < sooner for sooner, later in zip(heard[20:25], heard[21:25])) and heard[24] > 0
    assert reports[-1] == ["flushed", "a", 1, 25]


def test_a_flush_of_all_reports_each_channel(play):
    reports, heard = play(("begin", "a", 1), ("write", 1, 0, 50), ("end", 1), ("begin", "b", 3), ("write", 3, 0, 50), ("flush", 0), ("render", 10))
    assert heard == [0] * 10
    assert sorted(reports) == [["flushed", "a", 1, 0], ["flushed", "b", 3, 0]]


def test_a_flush_of_a_continued_job_ends_where_the_sound_ends(play):
    reports, _ = play(("begin", "a", 1), ("write", 1, 1000, 100), ("render", 20), ("begin", "a", 3, 100), ("write", 3, 1100, 100),
                      ("flush", 3), ("render", 20))
    assert reports[-1] == ["flushed", "a", 3, 25] and len(reports) == 3


def test_after_a_flush_the_same_job_may_sound_again(play):
    _, heard = play(("begin", "a", 1), ("write", 1, 0, 100), ("render", 20), ("flush", 0), ("render", 10),
                    ("begin", "a", 3, 5), ("write", 3, 5, 40), ("end", 3), ("render", 40))
    assert heard[30:] == run(6, 45)


def test_a_flush_behind_the_last_sample_is_answered(play):
    reports, _ = play(("latency", 0.1), ("begin", "a", 1), ("write", 1, 0, 30), ("end", 1), ("render", 40), ("flush", 1), ("render", 200))
    assert reports == [["started", "a", 1, 0], ["flushed", "a", 1, 30]]


def test_late_samples_of_an_old_channel_are_dropped(play):
    _, heard = play(("begin", "a", 1), ("write", 1, 0, 30), ("end", 1), ("begin", "b", 3), ("write", 1, 500, 30), ("write", 3, 100, 30), ("end", 3), ("render", 70))
    assert heard == run(1, 30) + run(101, 130) + [0] * 10


def test_more_than_it_can_hold_is_a_failure_not_a_repeat(play):
    reports, heard = play(("begin", "a", 1), ("write", 1, 0, 4000), ("write", 1, 4000, 500), ("render", 10))
    assert reports == [["failed", "a", 1, 0]] and heard == [0] * 10
