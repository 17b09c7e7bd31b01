"""Texts that are spoken while they are written, and writers who stall or die."""

import time

import numpy
import pytest

from hearsay import until
from listener import Behaviour
from tone import samples_of

WORDS = "One is here now. Two is here as well. And three comes last."


def tokens(text):
    return [text[at:at + 4] for at in range(0, len(text), 4)]


def open_text(control, **fields):
    return control.ask("speak.open", **fields)["job_id"]


def refused(control, code, command, **fields):
    with pytest.raises(AssertionError, match=code):
        control.ask(command, **fields)


def append(control, job, *texts, first=0):
    for index, text in enumerate(texts, first):
        assert control.ask("speak.append", job_id=job, text=text, index=index)["type"] == "ok"


def test_a_text_sounds_as_if_it_had_come_whole(server, listen, control):
    ear = listen(server, behaviour=Behaviour(instant=True))
    job = open_text(control)
    append(control, job, *tokens(WORDS))
    assert control.ask("speak.close", job_id=job)["job_id"] == job
    assert control.end(job)["type"] == "job.finished"
    assert numpy.array_equal(ear.received(job), samples_of(WORDS))
    words = {(each["char_index"], each["char_end"]) for message in control.messages
             if message["type"] == "job.words" and message["job_id"] == job for each in message["words"]}
    assert [WORDS[begin:end] for begin, end in sorted(words)] == WORDS.split()
    assert server.get(f"/v1/jobs/{job}")["text"] == WORDS


def test_the_first_clause_does_not_wait_for_the_second(server, listen, control):
    ear = listen(server)
    job = open_text(control)
    append(control, job, "The first clause is here. ")
    assert control.event("job.started", job)
    assert until(lambda: ear.sounded(job).size)
    append(control, job, "And here comes another one.", first=1)
    control.ask("speak.close", job_id=job)
    assert control.end(job)["type"] == "job.finished"
    assert numpy.array_equal(ear.sounded(job), samples_of("The first clause is here. And here comes another one."))


def test_a_writer_who_stalls_holds_nobody_up(server, listen, control):
    ear = listen(server)
    job = open_text(control)
    append(control, job, "This is all for now. ")
    assert control.event("job.started", job)
    other = control.speak("Meanwhile somebody else.", session_id="default")
    assert control.event("job.held", job)["reason"] == "waiting_for_text"
    assert control.end(other)["type"] == "job.finished"
    append(control, job, "And on it goes.", first=1)
    control.ask("speak.close", job_id=job)
    end = control.end(job)
    assert (end["type"], end["heard"]) == ("job.finished", "confirmed")
    assert numpy.array_equal(ear.sounded(job), samples_of("This is all for now. And on it goes."))


def test_an_abort_tells_what_was_written_and_not_heard(server, listen, control):
    listen(server)
    job = open_text(control, text="The beginning is long enough to be heard for a while. ")
    append(control, job, "And then", " it is cut")
    assert control.event("job.started", job)
    control.abort(job)
    end = control.end(job)
    assert end["delivered_text"] + end["unspoken_text"] == "The beginning is long enough to be heard for a while. And then it is cut"
    refused(control, "unknown_job", "speak.append", job_id=job, text="more")


def test_a_writer_who_is_gone_has_closed_the_text(server, listen, control, controls):
    ear = listen(server, behaviour=Behaviour(instant=True))
    writer = controls(server)
    job = open_text(writer)
    append(writer, job, "A sentence that never")
    writer.close()
    assert control.end(job)["type"] == "job.finished"
    assert numpy.array_equal(ear.received(job), samples_of("A sentence that never"))


def test_additions_may_be_repeated_on_another_connection_and_not_skipped(server, listen, control, controls):
    ear = listen(server, behaviour=Behaviour(instant=True))
    writer = controls(server)
    job = open_text(writer)
    append(writer, job, "One ", "two ")
    append(control, job, "One ", "two ", "three.")
    refused(control, "missing_text", "speak.append", job_id=job, text="x", index=9)
    control.ask("speak.close", job_id=job)
    refused(control, "text_closed|unknown_job", "speak.append", job_id=job, text="x")
    assert control.end(job)["type"] == "job.finished"
    assert numpy.array_equal(ear.received(job), samples_of("One two three."))


def test_what_waits_to_be_spoken_is_bounded(server, control):
    job = open_text(control, deliver="none")
    refused(control, "text_too_long", "speak.append", job_id=job, text="x" * 65_537)
    control.abort(job)


def test_a_token_of_another_session_finds_no_such_job(server, control, controls, talk):
    server.ask("POST", "/v1/sessions", {"session_id": "elsewhere"})
    job = open_text(control, deliver="none")
    stranger = talk(server, token=server.make_token(["speak"], session_id="elsewhere"))
    assert stranger.ask("speak.append", job_id=job, text="x")["code"] == "unknown_job"
    assert stranger.ask("speak.close", job_id=job)["code"] == "unknown_job"
    control.abort(job)


def test_a_text_that_ran_out_before_its_turn_gives_up_the_output_too(server, listen, control):
    ear = listen(server)
    first = control.speak("This one sounds for a while, long enough for the others to come.")
    assert control.event("job.started", first)
    job = open_text(control, text="Only this. ")
    last = control.speak("The last one.")
    assert control.end(last)["type"] == "job.finished"
    control.ask("speak.close", job_id=job)
    assert control.end(job)["type"] == "job.finished"
    assert numpy.array_equal(ear.sounded(job), samples_of("Only this. "))


@pytest.mark.parametrize("voice", ["slt", "en-us"])
def test_the_first_audio_follows_the_first_clause_as_soon_as_the_engine_makes_it(server, listen, control, voice):
    assert until(lambda: len(server.get("/v1/voices")["voices"]) > 20)
    ear = listen(server)
    delays = []
    for _ in range(5):
        job = open_text(control, voice=voice)
        append(control, job, "The first", " clause is", " here.")
        began = time.monotonic()
        control.ask("speak.append", job_id=job, text=" ", index=3)
        assert until(lambda: any(each.job == job and each.came for each in list(ear.playings.values())), pause=0.001)
        delays.append(ear.began_at(job) - began)
        control.abort(job)
    # It does not wait for 300 ms of silence; on a quiet machine it is some 15 ms.
    assert min(delays) < 0.3, delays
