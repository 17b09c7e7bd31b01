"""Who speaks next, measured on what sounded: policies, interruptions, pauses, holds, places in line, and aborts."""

import collections
import concurrent.futures
import itertools
import pathlib
import time

import numpy
import pytest

from hearsay import children, until
from tone import samples_of

LONG = "one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen"
SPEED = 4  # of the many short jobs: 55 ms each


def words():
    """Made-up words, each with samples of its own."""
    for letters in itertools.product("bdfgklmn", "aeiou", "bdfgklmn"):
        yield "".join(letters)


def told(control, *kinds):
    with control.changed:
        return [message for message in control.messages if message["type"] in kinds]


def by_policy(policy, queued):
    """The order in which jobs must sound, from the events that told their acceptance."""
    if policy == "fifo":
        return queued
    if policy == "priority":
        return sorted(queued, key=lambda job: -job["priority"])  # stable: by acceptance where it is equal
    sessions, rounds = [], collections.Counter()
    for job in queued:
        if job["session_id"] not in sessions:
            sessions.append(job["session_id"])
        job["round"] = rounds[job["session_id"]]
        rounds[job["session_id"]] += 1
    return sorted(queued, key=lambda job: (job["round"], sessions.index(job["session_id"])))


@pytest.mark.parametrize("policy, count", [("round_robin", 100), ("priority", 30), ("fifo", 30)])
def test_many_at_once_sound_one_after_the_other_in_the_order_of_the_policy(serve, listen, controls, policy, count):
    server = serve("--queue", policy)
    control, listener = controls(server), listen(server)
    sessions = [f"ses_{number}" for number in range(10)]
    for session in sessions:
        assert server.ask("POST", "/v1/sessions", {"session_id": session}).status == 201
    assert server.run("queue", "hold").code == 0
    texts = dict(zip(range(count), words()))

    def speak(number):
        body = {"text": texts[number], "session_id": sessions[number % 10], "priority": number * 7 % 21 - 10,
                "speed": SPEED, "deliver": listener.id}
        answer = server.ask("POST", "/v1/speak", body)
        assert answer.status == 202, answer
        assert answer.json["position"] >= 1 and answer.json["estimated_wait_ms"] >= 0, answer.json
        return answer.json["job_id"], {"text": texts[number], "priority": body["priority"]}

    with concurrent.futures.ThreadPoolExecutor(count) as pool:
        jobs = dict(pool.map(speak, range(count)))
    control.wait(lambda _: len(told(control, "job.queued")) == count)
    assert not listener.pieces, "nothing begins while the queue is held"
    queued = [{**message, **jobs[message["job_id"]]} for message in told(control, "job.queued")]
    assert server.run("queue", "resume").code == 0
    listener.wait_ended(count, 60)
    heard = [playing.job for playing, _, _ in listener.ended]
    assert heard == [job["job_id"] for job in by_policy(policy, queued)]
    for (playing, state, _) in listener.ended:
        assert state == "finished"
        assert numpy.array_equal(listener.sounded(playing.job), samples_of(jobs[playing.job]["text"], SPEED))
    turns = [(listener.began_at(playing.job), ended) for playing, _, ended in listener.ended]
    for (_, ended), (began, _) in zip(turns, turns[1:]):
        assert began >= ended, "no frame of the next job came before the present one had been heard"
    assert {message["heard"] for message in told(control, "job.finished")} <= {"confirmed"}


def test_a_pause_silences_at_once_and_resume_goes_on_at_the_word(server, listen, control):
    listener = listen(server)
    job = control.speak(LONG)
    control.event("job.started", job)
    listener.wait(lambda each: each.sounded(job).size > 24_000)
    assert ", paused" in server.run("queue", "pause").out
    assert control.event("job.held", job)["reason"] == "paused"
    before = listener.sounded(job).size
    assert server.get(f"/v1/jobs/{job}")["status"] == "held"
    later = control.speak("Later.")
    assert server.get(f"/v1/jobs/{later}")["status"] == "held"
    assert listener.sounded().size == before, "nothing sounds meanwhile"
    assert server.run("queue", "resume").code == 0
    moved = control.event("job.moved", job)
    assert moved["from"] == moved["to"] == [listener.id]
    assert control.end(job)["type"] == "job.finished" and control.end(later)["type"] == "job.finished"
    first, second = listener.of(job)
    assert second.at <= first.end and first.end - second.at < 24_000, "it goes back to the start of a word, not further"
    whole = samples_of(LONG)
    assert numpy.array_equal(first.samples, whole[:first.end]) and numpy.array_equal(second.samples, whole[second.at:])
    assert len([each for each in told(control, "job.started") if each["job_id"] == job]) == 1


def test_a_hold_of_one_session_leaves_the_others_alone(server, listen, control):
    for session in ("ses_free", "ses_held"):
        server.ask("POST", "/v1/sessions", {"session_id": session})
    listener, other = listen(server, session="ses_free"), listen(server, session="ses_held")
    queue = control.ask("queue.set", session_id="ses_held", held=True, for_ms=60_000)
    assert [each["session_id"] for each in queue["brakes"]] == ["ses_held"] and not queue["held"], queue
    held, free = control.speak("Held.", session_id="ses_held"), control.speak("Free.", session_id="ses_free")
    assert control.end(free)["type"] == "job.finished"
    assert server.get(f"/v1/jobs/{held}")["status"] == "held"
    control.ask("queue.set", session_id="ses_held", held=False)
    assert control.end(held)["type"] == "job.finished"
    assert listener.sounded().size and other.sounded().size


def test_an_interruption_cuts_what_sounds_and_goes_first(server, listen, control):
    listener = listen(server)
    cut = control.speak(LONG)
    waiting = control.speak("Waiting.")
    listener.wait(lambda each: each.sounded(cut).size > 24_000)
    new = control.speak("Now.", interrupt="session")
    aborted = control.end(cut)
    assert aborted["type"] == "job.aborted" and aborted["reason"] == "interrupted"
    assert control.end(new)["type"] == "job.finished" and control.end(waiting)["type"] == "job.finished"
    assert list(dict.fromkeys(piece.job for piece in listener.pieces)) == [cut, new, waiting]


def test_what_was_delivered_ends_with_a_word_that_was_heard(server, listen, control):
    listener = listen(server)
    job = control.speak(LONG)
    listener.wait(lambda each: each.sounded(job).size > 36_000)
    assert control.abort(job)["aborted"] == [job]
    aborted = control.end(job)
    delivered = aborted["delivered_text"]
    assert delivered + aborted["unspoken_text"] == LONG and not aborted["estimated"]
    heard = listener.sounded(job).size
    assert abs(aborted["position_ms"] - heard / 24) < 2
    # The tone of each word ends 40 ms before the next one begins.
    assert samples_of(delivered).size - 960 <= heard < samples_of(next_word(delivered)).size


def next_word(delivered):
    return " ".join(LONG.split()[:len(delivered.split()) + 1])


def test_a_reply_tells_position_and_wait(server, listen, control):
    listen(server)
    first = control.ask("speak", text=LONG)
    control.event("job.started", first["job_id"])
    replies = [control.ask("speak", text=LONG) for _ in range(3)]
    assert [reply["position"] for reply in replies] == [1, 2, 3]
    waits = [reply["estimated_wait_ms"] for reply in replies]
    assert waits[0] > 1_000 and waits[1] - waits[0] > 3_000 and waits[2] - waits[1] > 3_000
    outputs = server.get("/v1/queue")["outputs"]
    assert {"depth": 3, "job_id": first["job_id"]}.items() <= outputs[0].items()
    assert set(control.ask("abort", scope="session")["aborted"]) == {first["job_id"], *(each["job_id"] for each in replies)}


def test_sessions_are_started_listed_and_ended(server, listen, control):
    name = server.run("sessions", "start", "--name", "Build", "--voice", "tone", "--json").lines[0]["session_id"]
    listener = listen(server, session=name)
    job = control.speak(LONG, session_id=name)
    listener.wait_sounding()
    row = next(line for line in server.run("sessions", "--json").lines if line["session_id"] == name)
    assert row["name"] == "Build" and row["jobs"] == 1
    assert server.ask("PATCH", f"/v1/sessions/{name}", {"name": "Release"}).json["name"] == "Release"
    assert control.wait(lambda each: each["type"] == "session.updated" and each.get("session_id") == name)["name"] == "Release"
    assert server.run("sessions", "end", name).code == 0
    assert control.end(job)["type"] == "job.aborted"
    assert server.ask("GET", f"/v1/sessions/{name}").status == 404


@pytest.mark.parametrize("voice, worker", [("slt", "hearsay-flite"), ("en-us", "hearsay-espeak")])
def test_the_engine_of_an_aborted_job_rests(server, control, voice, worker):
    assert until(lambda: voice in [each.get("id") or each["voice_id"] for each in server.get("/v1/voices")["voices"]])
    job = control.speak("The quick brown fox jumps over the lazy dog. " * 1_400, voice=voice, deliver="none")
    before = ticks(server, worker)
    assert until(lambda: ticks(server, worker) > before + 5, 30), "the engine works"
    assert control.abort(job)["aborted"] == [job]
    # It rests when 200 ms pass without work; the text would keep it busy for far longer than the deadline.
    assert until(lambda: rests(server, worker), 5), f"{worker} works on"


def rests(server, worker):
    before = ticks(server, worker)
    time.sleep(0.2)
    return ticks(server, worker) == before


def ticks(server, worker):
    """Hundredths of a second that the engine's workers have computed."""
    total = 0
    for pid, name in children(server.pid).items():
        if worker.startswith(name):
            fields = pathlib.Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()
            total += int(fields[11]) + int(fields[12])
    return total
