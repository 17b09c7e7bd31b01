"""A token bound to one session tries everything against another: nothing of that one may show in any byte it gets."""

import http.client
import json
import re

import pytest

from control import Control
from hearsay import Server, until
from listener import Listener
from talk import Talk
from test_listeners import make_session

SCOPES = ["speak", "listen", "capture", "events", "control"]
TEXT = "Quinces ripen late in Alicante."
NOBODY = {"session": "ses_nobodynobodynobody22", "job": "job_nobodynobodynobody22", "listener": "lis_nobodynobodynobody22",
          "output": "out_nobodynobodynobody22", "token": "tok_nobodynobodynobody22"}
FORMATS = {"kind": "outsider", "formats": ["pcm_s16"], "sample_rate": 24_000}
PLAYBACKS = ("started", "progress", "finished", "flushed", "failed")


class Alice:
    """A session with everything: a name, a listener, a job that sounds, one that waits and one that has ended."""

    def __init__(self, server):
        self.server = server
        self.session = make_session(server, session_id="alices-desk", name="Alice Springs")
        self.made = server.ask("POST", "/v1/tokens", {"scopes": ["speak"], "session_id": self.session, "label": "alices-robot"}).json
        self.listener = Listener(server.port, server.admin_token, session=self.session, kind="alices-phone", device="alices-device",
                                 output="alices-ears")
        self.control = Control(server.port, server.admin_token)
        self.ended = self.control.speak(f"{TEXT} Heard.", session_id=self.session)
        assert self.control.end(self.ended)["type"] == "job.finished"
        self.sounding = self.control.speak(TEXT + " And so on." * 300, session_id=self.session)
        self.control.event("job.started", self.sounding)
        self.waiting = self.control.speak(f"{TEXT} Next.", session_id=self.session)

    def things(self, job):
        return {"session": self.session, "job": job, "listener": self.listener.id, "output": "alices-ears", "token": self.made["token_id"]}

    @property
    def secrets(self):
        return ["lices-", "Alice", "Alicante", self.listener.id, self.ended, self.sounding, self.waiting, self.made["token_id"]]

    def is_unharmed(self):
        """What sounded sounds, what waited waits, the listener and the session are there."""
        states = {job["job_id"]: job["status"] for job in self.server.jobs()}
        assert states[self.sounding] == "speaking" and states[self.waiting] in ("queued", "held"), states
        before = self.listener.sounded().size
        assert until(lambda: self.listener.sounded().size > before, 10), "Alice hears nothing any more"
        kinds = [listener["kind"] for listener in self.server.get("/v1/listeners")["listeners"]]
        sessions = [session["session_id"] for session in self.server.get("/v1/sessions")["sessions"]]
        return kinds.count("alices-phone") == 1 and self.session in sessions

    def close(self):
        self.control.ask("abort", scope="all")
        self.control.close()
        self.listener.close()


@pytest.fixture(scope="module")
def world():
    server = Server()
    mine = make_session(server, session_id="mine")
    began = Talk(server.port, server.admin_token)
    first = began.ask("subscribe", events=["*"])["seq"]
    began.close()
    alice = Alice(server)
    yield server, alice, server.make_token(SCOPES, session_id=mine, rate="10000/s"), first
    alice.close()
    server.close()


def requests(thing):
    """Everything that HTTP can ask of something."""
    session, job, listener, output = thing["session"], thing["job"], thing["listener"], thing["output"]
    say = {"text": "Mine.", "expires_in_ms": 0}
    yield from [
        ("GET", f"/v1/sessions/{session}", None), ("POST", "/v1/sessions", {"session_id": session}), ("GET", f"/v1/jobs/{job}", None),
        ("POST", "/v1/speak", {**say, "session_id": session}), ("POST", "/v1/speak?wait=finished", {**say, "deliver": listener}),
        ("POST", "/v1/speak?wait=finished", {**say, "deliver": [listener, "session"]}),
        ("POST", "/v1/speak", {**say, "session_id": session, "interrupt": "session"}),
        ("DELETE", f"/v1/jobs/{job}", None), ("DELETE", f"/v1/sessions/{session}", None),
        ("GET", f"/v1/events?sessions={session}", None), ("GET", f"/v1/events?sessions=mine,{session}&last_seq=0", None),
        ("DELETE", f"/v1/tokens/{thing['token']}", None), ("POST", f"/v1/tokens/{thing['token']}/renew", {}),
    ]
    for scope in ("job", "session", "output", "current", "all"):
        fields = {"scope": scope, "job_id": job} if scope == "job" else {"scope": scope}
        yield "POST", "/v1/abort", fields
        yield "POST", "/v1/abort", {**fields, "session_id": session}
        yield "POST", "/v1/abort", {**fields, "output": output}
    for interrupt in ("session", "output", "all"):
        yield "POST", "/v1/speak?wait=finished", {**say, "interrupt": interrupt}


def commands(thing):
    """Everything that a WebSocket can ask of something; those without an answer are followed by a ping."""
    session, job, listener, output = thing["session"], thing["job"], thing["listener"], thing["output"]
    say = {"text": "Mine.", "expires_in_ms": 0}
    yield from [
        ("subscribe", {"events": ["*"], "sessions": [session]}), ("subscribe", {"events": ["*"], "sessions": [session], "last_seq": 0}),
        ("subscribe", {"events": ["*"], "sessions": ["mine", session]}), ("unsubscribe", {"events": ["job.*"], "sessions": [session]}),
        ("speak", {**say, "session_id": session}), ("speak", {**say, "deliver": listener}), ("speak", {**say, "deliver": "all"}),
        ("speak", {**say, "deliver": [listener, "session", "any"]}), ("speak", {**say, "interrupt": "all"}),
        ("speak", {**say, "interrupt": "output"}), ("listener.state", {"listener_id": listener, "ready": False, "reason": "muted"}),
        ("listener.close", {"listener_id": listener}), ("listener.open", {**FORMATS, "session_id": session}),
        ("listener.open", {**FORMATS, "session_id": "mine", "resume": {"listener_id": listener, "job_id": job, "received_ms": 100}}),
        ("session.start", {"session_id": session}), ("session.end", {"session_id": session}),
    ]
    for scope in ("job", "session", "output", "current", "all"):
        fields = {"scope": scope, "job_id": job} if scope == "job" else {"scope": scope}
        yield "abort", fields
        yield "abort", {**fields, "session_id": session}
        yield "abort", {**fields, "output": output}
    for state in PLAYBACKS:
        yield "playback", {"job_id": job, "listener_id": listener, "state": state, "position_ms": 5}


def plain(text, thing):
    """An answer without what the asker itself said, and without names and numbers that differ each time."""
    for name, value in thing.items():
        text = text.replace(value, f"<{name}>")
    text = re.sub(r"\b(job|lis|out|tok)_[a-z2-7]{20}\b", r"<own \1>", text)
    return re.sub(r"[0-9][0-9TZ:.-]*", "0", text)


def answers_over_http(server, token, thing):
    for method, path, body in requests(thing):
        if path.startswith("/v1/events"):
            answer = head(server, token, path)
        else:
            answer = server.ask(method, path, body, token=token)
        yield f"{method} {plain(path, thing)} {plain(json.dumps(body), thing)}", answer.status, plain(answer.data.decode(), thing)


def head(server, token, path):
    """The beginning of what may never end."""
    from hearsay import Answer
    connection = http.client.HTTPConnection("127.0.0.1", server.port, timeout=5)
    connection.request("GET", path, headers={"Authorization": f"Bearer {token}"})
    response = connection.getresponse()
    data = response.read() if response.status != 200 else response.readline()
    connection.close()
    return Answer(response.status, {}, data)


def answers_over_socket(server, token, thing, keep):
    talk = Talk(server.port, token)
    keep.append(json.dumps(talk.welcome))
    for command, fields in commands(thing):
        if command == "playback":
            talk.say(command, **fields)
            answer = talk.ask("ping")
        else:
            answer = talk.ask(command, **fields)
        del answer["req"]
        yield f"{command} {plain(json.dumps(fields), thing)}", 0, plain(json.dumps(answer, sort_keys=True), thing)
    talk.ask("ping")
    keep.extend(plain(json.dumps(message), {}) if isinstance(message, dict) else "audio" for message in talk.kept)
    talk.close()


def shows(text, alice):
    return [secret for secret in alice.secrets if secret in text]


@pytest.mark.parametrize("which", ["ended", "sounding", "waiting"])
def test_another_session_is_answered_like_one_that_never_was(world, which):
    server, alice, token, _ = world
    told = []
    theirs, nobodys = alice.things(getattr(alice, which)), NOBODY
    for ask in (lambda thing: answers_over_http(server, token, thing), lambda thing: answers_over_socket(server, token, thing, told)):
        for real, invented in zip(ask(theirs), ask(nobodys), strict=True):
            assert real == invented
            assert not shows(real[2], alice), real
    assert not [message for message in told if shows(message, alice)]
    assert alice.is_unharmed()


def test_lists_and_counts_hold_nothing_of_another_session(world):
    server, alice, token, _ = world
    for path in ("/v1/jobs", "/v1/sessions", "/v1/listeners", "/v1/voices", "/v1/engines", "/status"):
        text = server.ask("GET", path, token=token).data.decode()
        assert not shows(text, alice), (path, text)
    status = server.get("/status", token=token)
    assert status["sessions"] == 1 and status["listeners"] == [] and "speaker" not in status, status
    assert status["jobs"]["waiting"] == status["jobs"]["speaking"] == 0, status


def test_events_hold_nothing_of_another_session_live_or_replayed(world):
    server, alice, token, first = world
    live, replayed = Talk(server.port, token), Talk(server.port, token)
    live.ask("subscribe", events=["*"])
    replayed.ask("subscribe", events=["*"], last_seq=first)
    moment = Listener(server.port, server.admin_token, session=alice.session, kind="alices-second", output="alices-second")
    job = alice.control.speak(f"{TEXT} Once more.", session_id=alice.session)
    alice.control.abort(job)
    moment.close()
    own = live.ask("speak", text="Mine.", expires_in_ms=0)["job_id"]
    told = everything_until(live, own) + everything_until(replayed, own)
    assert len(told) > 4 and not [message for message in told if shows(json.dumps(message), alice) or job in json.dumps(message)]
    told = [message for message in told if message["type"] != "ok"]
    assert {message.get("session_id", "mine") for message in told} == {"mine"}, told
    assert not [message for message in told if message["type"] == "queue.changed"], told
    stream = ""
    for line in event_lines(server, token, first):
        stream += line
        if own in line and "job.failed" in line:
            break
    assert stream.count("event: ") > 2 and not shows(stream, alice) and job not in stream, stream
    live.close(), replayed.close()
    assert alice.is_unharmed()


def everything_until(talk, job):
    """All that a connection is told until a job has failed."""
    told = []
    while not told or (told[-1]["type"], told[-1].get("job_id")) != ("job.failed", job):
        told.append(talk.next())
    return told


def event_lines(server, token, first):
    connection = http.client.HTTPConnection("127.0.0.1", server.port, timeout=10)
    connection.request("GET", "/v1/events", headers={"Authorization": f"Bearer {token}", "Last-Event-ID": str(first)})
    response = connection.getresponse()
    assert response.status == 200
    while line := response.readline().decode():
        yield line
    connection.close()


def test_a_listener_on_everybody_hears_its_own_session_alone(world):
    server, alice, token, _ = world
    listener = Listener(server.port, token, session="*", output="outsiders-ears")
    job = alice.control.speak(f"{TEXT} To everybody?", session_id=alice.session, deliver="any", expires_in_ms=0)
    assert alice.control.end(job)["type"] == "job.failed"
    assert not [message for message in listener.messages if shows(json.dumps(message), alice)], listener.messages
    assert not listener.sounded().size
    own = Control(server.port, token)
    assert own.end(own.speak("Mine."))["type"] == "job.finished"
    assert listener.sounded().size
    own.close(), listener.close()
