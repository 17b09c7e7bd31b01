"""`hearsay say`: what was said is what sounded, and the command knows it."""

import numpy
import pytest

import tone
from listener import RATE

SENTENCE = "Good morning. The build is green."
TEN = [f"Now say {word}." for word in "one two three four five six seven eight nine ten".split()]


@pytest.mark.parametrize("text", [SENTENCE, "a", "  spaces   and\ttabs\nand lines  ", "Größe, naïveté: schön – 日本!"])
def test_the_tone_engine_makes_the_samples_its_description_says(server, text):
    assert numpy.array_equal(server.wav(text), tone.samples_of(text))


def test_a_sentence_is_heard_sample_by_sample_and_say_says_so(server, listen, control):
    listener = listen(server)
    outcome = server.run("say", SENTENCE)
    assert outcome.code == 0, outcome
    assert numpy.array_equal(listener.sounded(), server.wav(SENTENCE))
    assert not listener.underruns()
    assert len(listener.pieces) == 1, "it sounded in one go"
    late = outcome.ended - listener.pieces[-1].ended
    print(f"say returned {late * 1000:.0f} ms after the last sample")
    assert 0 <= late < 1


def test_say_tells_where_it_sounded_and_after_how_many_milliseconds_it_began(server, listen):
    listener = listen(server)
    outcome = server.run("say", SENTENCE, "--json")
    assert outcome.code == 0, outcome
    job = outcome.lines[-1]
    assert job["type"] == "finished" and job["heard"] == "confirmed" and job["exit_code"] == 0, job
    assert [place["listener_id"] for place in job["places"]] == [listener.id], job
    begun = listener.pieces[0].began - outcome.began
    assert 0 <= job["start_delay_ms"] <= begun * 1000, (job, begun)
    assert abs(job["duration_ms"] - listener.sounded().size * 1000 // RATE) <= 1
    plain = server.run("say", SENTENCE)
    assert plain.code == 0 and "ms" in plain.said, plain


def test_ten_queued_sentences_sound_in_order_without_overlap_gap_or_repeat(server, listen, control):
    listener = listen(server)
    jobs = [control.speak(text) for text in TEN]
    for job in jobs:
        assert control.end(job, 60)["type"] == "job.finished"
    expected = [server.wav(text) for text in TEN]
    assert numpy.array_equal(listener.sounded(), numpy.concatenate(expected))
    assert [piece.job for piece in listener.pieces] == jobs, "each sounded in one piece and in its turn"
    for job, samples in zip(jobs, expected):
        assert numpy.array_equal(listener.sounded(job), samples)
    for before, after in zip(listener.pieces, listener.pieces[1:]):
        assert after.began >= before.ended - 0.0005, "two sentences overlap"


def test_say_without_waiting_returns_before_the_sentence_ends(server, listen, control):
    listener = listen(server)
    outcome = server.run("say", "This sentence takes much longer than the command.", "--no-wait", "--json")
    assert outcome.code == 0, outcome
    job = outcome.lines[-1]["job_id"]
    assert control.end(job)["type"] == "job.finished"
    assert outcome.ended < listener.pieces[-1].ended


def test_say_reads_standard_input(server, listen):
    listener = listen(server)
    import subprocess
    from hearsay import PROGRAM, clean_environment
    done = subprocess.run([PROGRAM, "say", "-", *server.arguments()], input=SENTENCE, text=True, timeout=30,
                          capture_output=True, env=clean_environment())
    assert done.returncode == 0, done
    assert numpy.array_equal(listener.sounded(), server.wav(SENTENCE))


def test_speed_halves_the_sound_and_volume_scales_it(server, listen, control):
    listener = listen(server)
    fast = control.speak(SENTENCE, speed=2)
    quiet = control.speak(SENTENCE, volume=0.5)
    assert control.end(fast)["type"] == control.end(quiet)["type"] == "job.finished"
    assert numpy.array_equal(listener.sounded(fast), tone.samples_of(SENTENCE, 2.0))
    half = tone.samples_of(SENTENCE) / 2
    assert numpy.abs(listener.sounded(quiet) - half).max() <= 1


def test_nobody_there_is_exit_3_within_the_expiry_with_advice(server):
    outcome = server.run("say", SENTENCE)
    assert outcome.code == 3, outcome
    assert 2.5 < outcome.ended - outcome.began < 6, outcome.ended - outcome.began
    assert "player" in outcome.err or "play" in outcome.err, f"says what to do: {outcome.err}"


def test_nobody_there_as_json(server):
    outcome = server.run("say", SENTENCE, "--json")
    assert outcome.code == 3, outcome
    last = outcome.lines[-1]
    assert last["type"] == "failed" and last["code"] == "no_listener" and last["exit_code"] == 3, last
    assert last["unspoken_text"] == SENTENCE and not last["delivered_text"], last


def test_no_server_is_exit_7(serve):
    server = serve()
    server.kill()
    outcome = server.run("say", SENTENCE)
    assert outcome.code == 7, outcome
    assert "hearsay serve" in outcome.err, f"says what to do: {outcome.err}"


@pytest.mark.parametrize("arguments, code", [([], 1), (["hello", "--no-such-option"], 1), (["hello", "--speed", "fast"], 1),
                                             (["hello", "--voice", "nobody-has-this-voice"], 8), ([""], 8)])
def test_what_cannot_be_said_has_its_exit_code(server, arguments, code):
    outcome = server.run("say", *arguments)
    assert outcome.code in ({code, 1} if arguments == [""] else {code}), outcome
    assert outcome.err.strip(), "says why"


def test_a_wrong_token_is_refused_with_8(server):
    outcome = server.run("say", SENTENCE, token="A" * 43)
    assert outcome.code == 8, outcome


def test_an_aborted_sentence_is_exit_10(server, listen, control):
    listener = listen(server)
    saying = server.start("say", "This sentence is stopped long before it comes to its end.", "--json")
    listener.wait_sounding()
    assert server.run("abort", "--all").code == 0
    outcome = saying.outcome()
    assert outcome.code == 10, outcome
    listener.wait_ended()
    state = listener.ended[0][1]
    assert state == "flushed"
