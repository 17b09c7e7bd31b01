"""Events over SSE and WebSocket: numbered, replayed, none missing, none twice."""

import json
import threading

import pytest

from listener import Behaviour
from sse import Events
from talk import Talk

MANY = 120


def told(messages):
    return [message["seq"] for message in messages if "seq" in message]


def make_facts(control, count):
    """Jobs that nobody hears: each is a few facts."""
    jobs = [control.speak(f"Fact {number}.", expires_in_ms=0) for number in range(count)]
    for job in jobs:
        control.end(job)
    return jobs


def test_events_are_numbered_named_and_dated(server, control):
    events = Events(server)
    assert events.response.status == 200
    assert events.response.getheader("content-type").startswith("text/event-stream")
    assert events.response.getheader("cache-control") in ("no-store", "no-cache")
    job = control.speak("One " + "word " * 30, expires_in_ms=0)
    events.until(lambda event: event["type"] == "job.failed" and event["job_id"] == job)
    queued = next(event for _, _, event in events.seen if event.get("job_id") == job)
    assert queued["text_preview"] == ("One " + "word " * 30)[:80] + "…", "what is cut says so"
    for number, name, event in events.seen:
        assert event["v"] == 1 and name in (event["type"], "message") and event["at"].endswith("Z"), event
        assert number == event.get("seq"), (number, event)
        assert all(value != "" for key, value in event.items() if key != "delivered_text"), event
    names = [event["type"] for _, _, event in events.seen if event.get("job_id") == job]
    assert names[0] == "job.queued" and names[-1] == "job.failed" and names.count("job.failed") == 1, names
    events.close()


def test_none_is_missing_or_repeated_across_reconnects_of_sse(server, control):
    whole = control.ask("ping") and len(control.messages)
    first = control.ask("subscribe", events=["*"])["seq"]
    work = threading.Thread(target=make_facts, args=(control, MANY))
    work.start()
    seen, last = [], first
    for part in range(6):
        events = Events(server, last=last)
        for _ in range(25):
            number, _, _ = events.next()
            if number is not None:
                seen.append(number)
                last = number
        events.close()
    work.join(30)
    expected = [number for number in sorted(set(told(control.messages))) if first < number <= last]
    assert seen == expected
    assert whole is not None


def test_none_is_missing_or_repeated_across_reconnects_of_websockets(server, control):
    first = control.ask("subscribe", events=["*"])["seq"]
    work = threading.Thread(target=make_facts, args=(control, MANY))
    work.start()
    seen, last = [], first
    for part in range(6):
        connection = Talk(server.port, server.admin_token)
        answer = connection.ask("subscribe", events=["*"], last_seq=last)
        assert answer["type"] == "ok" and answer["oldest"] <= last + 1, answer
        for _ in range(25):
            message = connection.next()
            if "seq" in message and message["type"] not in ("ok", "welcome"):
                seen.append(message["seq"])
                last = message["seq"]
        connection.close()
    work.join(30)
    expected = [number for number in sorted(set(told(message for message in control.messages if message["type"] != "ok"))) if first < number <= last]
    assert seen == expected


def test_only_what_was_subscribed_comes(server, talk, control):
    connection = talk(server)
    connection.ask("subscribe", events=["job.failed"])
    jobs = make_facts(control, 3)
    for job in jobs:
        message = connection.next()
        assert message["type"] == "job.failed" and message["job_id"] == job, message
    connection.ask("unsubscribe", events=["job.failed"])
    make_facts(control, 1)
    connection.ask("ping")
    assert not connection.kept


def test_a_prefix_matches_its_family(server, talk, control):
    connection = talk(server)
    connection.ask("subscribe", events=["job.*"])
    job = make_facts(control, 1)[0]
    names = []
    while not names or names[-1] != "job.failed":
        names.append(connection.next()["type"])
    assert set(names) <= {"job.queued", "job.held", "job.failed"} and "job.queued" in names, (names, job)


def test_one_listening_session_is_filtered_from_others(server, talk, control):
    session = server.ask("POST", "/v1/sessions", {}).json["session_id"]
    connection = talk(server)
    connection.ask("subscribe", events=["job.*"], sessions=[session])
    make_facts(control, 2)
    job = control.speak("Mine.", session_id=session, expires_in_ms=0)
    assert connection.next()["job_id"] == job


def test_progress_is_a_reading_and_is_not_replayed(server, listen, talk, control):
    listen(server)
    before = control.ask("subscribe", events=["*"])["seq"]
    job = control.speak("This one makes a little progress.")
    control.end(job)
    live = [message for message in control.messages if message.get("job_id") == job]
    assert any(message["type"] == "job.progress" for message in live)
    assert all("seq" not in message for message in live if message["type"] in ("job.progress", "job.words"))
    connection = talk(server)
    connection.ask("subscribe", events=["*"], last_seq=before)
    connection.until("job.finished", job_id=job)
    names = [message["type"] for message in live if "seq" in message]
    assert names == ["job.queued", "job.started", "job.finished"], names


def test_the_words_of_a_job_tell_what_was_delivered(server, listen, control):
    listener = listen(server)
    text = "This sentence will be stopped in its middle, after a few words."
    job = control.speak(text)
    control.wait(lambda each: each["type"] == "job.progress" and each["job_id"] == job and each["position_ms"] > 600)
    control.abort(job)
    end = control.end(job)
    assert end["type"] == "job.aborted" and end["reason"], end
    assert end["delivered_text"] + end["unspoken_text"] == text and end["delivered_text"] and end["unspoken_text"]
    heard_ms = listener.sounded(job).size * 1000 // 24_000
    assert 0 < end["spoken_percent"] < 100
    assert abs(end["position_ms"] - heard_ms) <= 60, (end, heard_ms)
    words = next(each for each in control.messages if each["type"] == "job.words" and each["job_id"] == job)["words"]
    for word in words:
        assert text[word["char_index"]:word["char_end"]].strip(), word


def test_numbers_rise_over_a_restart_and_what_is_too_old_is_lost(serve, controls):
    server = serve()
    control = controls(server)
    make_facts(control, 3)
    last = max(told(control.messages))
    server.terminate()
    again = serve(folder=server.data)
    later = controls(again)
    make_facts(later, 2)
    assert min(message["seq"] for message in later.messages if "seq" in message and message["type"] != "ok") > last
    connection = Talk(again.port, again.admin_token)
    connection.say("subscribe", req=9, events=["*"], last_seq=1)
    messages = [connection.next(), connection.next()]
    kinds = [message["type"] for message in messages]
    assert "events.lost" in kinds, messages
    lost = next(message for message in messages if message["type"] == "events.lost")
    assert lost["from"] == 2 and lost["to"] < min(told(m for m in later.messages if m["type"] != "ok")), lost
    connection.close()
    events = Events(again, last=1)
    assert events.next()[2]["type"] == "events.lost"
    events.close()


def test_a_ring_of_ten_thousand(serve, talk):
    server = serve()
    connection = talk(server)
    for number in range(4_000):
        connection.say("speak", text=f"{number}.", expires_in_ms=0)
    connection.ask("speak", text="Last.", expires_in_ms=0)
    reader = talk(server)
    answer = reader.ask("subscribe", events=["*"], last_seq=1)
    assert answer["type"] == "ok"
    if answer["oldest"] > 2:
        kinds = [message["type"] for message in reader.kept] + [reader.next()["type"]]
        assert "events.lost" in kinds[:2], kinds
