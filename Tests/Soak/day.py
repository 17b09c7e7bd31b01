"""What happens in a house on one day, how often, and what must come of it."""

import dataclasses
import http.client
import os
import random
import signal
import socket
import threading
import time

from control import Control
from hearsay import children
from listener import Behaviour, Listener
from sse import Events
from talk import Talk

WORDS = "the build is green and nobody has to look at it before lunch unless the kettle boils over again".split()
SESSIONS = ["kitchen", "desk", "workshop", "default"]


def text(chance, most):
    return " ".join(chance.choice(WORDS) for _ in range(chance.randint(1, most))) + "."


@dataclasses.dataclass
class Activity:
    per_hour: float
    perform: object  # called with the house and a source of chance


class House:
    """The server, those who always listen, and a number of idle connections."""

    def __init__(self, server):
        self.server = server
        self.lock = threading.Lock()
        self.listeners, self.idle = {}, []
        self.accident_at = 0.0
        for session in [*SESSIONS, "guest"]:
            answer = server.ask("POST", "/v1/sessions", {"session_id": session})
            assert answer.status in (200, 201), answer
        for session in SESSIONS:
            self.seat(session)
        for _ in range(50):
            self.idle.append(Talk(server.port, server.admin_token))

    def seat(self, session):
        """Puts a new listener in the place of the present one."""
        fresh = Listener(self.server.port, self.server.admin_token, session, Behaviour(instant=True))
        with self.lock:
            before, self.listeners[session] = self.listeners.get(session), fresh
        if before:
            before.close()
            assert not before.faults, before.faults

    def fill(self):
        """Fills what is bounded, the 10,000 events and the 1,000 ended jobs that are kept; four events are a job's least."""
        control = Control(self.server.port, self.server.admin_token)
        for _ in range(3_000):
            control.ask("abort", scope="job", job_id=control.speak("Never mind.", deliver="none"))
        control.close()

    def call_the_roll(self):
        """Opens again what was lost without anybody's doing, as the player page does by itself; how many those were."""
        with self.lock:
            lost = [session for session, each in self.listeners.items() if each.is_dead]
        for session in lost:
            self.seat(session)
        return len(lost)

    @property
    def had_accident(self):
        """Whether an engine has just died: what it was saying fails then, and says so."""
        return time.monotonic() - self.accident_at < 15

    def close(self):
        for each in [*self.listeners.values(), *self.idle]:
            each.close()


def speaks(house, chance):
    control = Control(house.server.port, house.server.admin_token)
    try:
        job = control.speak(text(chance, 60), session_id=chance.choice(SESSIONS), voice=chance.choice(["slt", "rms", "tone"]))
        end = control.end(job, 120)
        assert end["type"] == "job.finished" or house.had_accident and end["code"] == "engine_failed", end
    finally:
        control.close()


def changes_mind(house, chance):
    control = Control(house.server.port, house.server.admin_token)
    try:
        job = control.speak(text(chance, 40), session_id=chance.choice(SESSIONS))
        time.sleep(chance.random() * 0.2)
        control.ask("abort", scope="job", job_id=job)
        assert control.end(job, 60)["type"] in ("job.aborted", "job.finished")
    finally:
        control.close()


def asks_over_http(house, chance):
    body = {"text": text(chance, 20), "session_id": chance.choice(SESSIONS)}
    answer = house.server.ask("POST", "/v1/speak?wait=finished", body)
    assert answer.status == 200 or house.had_accident, answer


def writes(house, chance):
    """A text that is spoken while it is still being written; sometimes its writer leaves in the middle."""
    control = Control(house.server.port, house.server.admin_token)
    try:
        job = control.ask("speak.open", session_id=chance.choice(SESSIONS))["job_id"]
        for index in range(chance.randint(1, 4)):
            control.ask("speak.append", job_id=job, text=text(chance, 12) + " ", index=index)
        if chance.random() < 0.8:
            control.ask("speak.close", job_id=job)
            end = control.end(job, 60)
            assert end["type"] == "job.finished" or house.had_accident and end["code"] == "engine_failed", end
    finally:
        control.close()


def takes_a_file(house, chance):
    body = {"input": text(chance, 30), "voice": "slt", "response_format": chance.choice(["wav", "pcm", "opus", "mp3", "flac"])}
    answer = house.server.ask("POST", "/v1/audio/speech", body)
    assert answer.status == 200 or house.had_accident, answer


def looks(house, chance):
    path = chance.choice(["/health", "/status", "/v1/jobs", "/v1/sessions", "/v1/listeners", "/v1/voices", "/player"])
    assert house.server.ask("GET", path).status == 200


def comes_back(house, chance):
    house.seat(chance.choice(SESSIONS))


def loses_connection(house, chance):
    listener = Listener(house.server.port, house.server.admin_token, "guest", Behaviour(instant=True))
    control = Control(house.server.port, house.server.admin_token)
    try:
        job = control.speak(text(chance, 30), session_id="guest", private=True)
        listener.tear()
        control.ask("abort", scope="job", job_id=job)
        control.end(job, 60)
    finally:
        control.close()
        listener.close()


def follows_events(house, chance):
    first = Events(house.server)
    house.server.ask("POST", "/v1/speak", {"text": "One.", "session_id": chance.choice(SESSIONS)})
    number = first.next()[0]
    while number is None:
        number = first.next()[0]
    first.close()
    again = Events(house.server, last=number - 1)
    assert again.next()[0] == number
    again.close()


def lends_a_token(house, chance):
    made = house.server.ask("POST", "/v1/tokens", {"scopes": ["listen", "events"], "session_id": "guest"}).json
    talk = Talk(house.server.port, made["token"])
    assert house.server.ask("DELETE", f"/v1/tokens/{made['token_id']}").status in (200, 204)
    assert talk.closed(5) == 4401


def runs_a_command(house, chance):
    outcome = house.server.run("say", text(chance, 8), "--session", chance.choice(SESSIONS))
    assert outcome.code == 0 or house.had_accident and outcome.code == 6, outcome


def rests(house, chance):
    """One of fifty silent connections leaves, another comes."""
    with house.lock:
        house.idle.append(Talk(house.server.port, house.server.admin_token))
        leaving = house.idle.pop(chance.randrange(len(house.idle)))
    leaving.close()


def guesses(house, chance):
    token = "".join(chance.choice("abcdefghijklmnop") for _ in range(43))
    assert house.server.ask("GET", "/v1/jobs", token=token).status in (401, 429)


def sends_rubbish(house, chance):
    with socket.create_connection(("127.0.0.1", house.server.port), 10) as raw:
        raw.sendall(chance.randbytes(chance.randint(1, 4000)))
        raw.shutdown(socket.SHUT_WR)
        while raw.recv(65536):
            pass


def hangs_up(house, chance):
    connection = http.client.HTTPConnection("127.0.0.1", house.server.port, timeout=10)
    connection.request("POST", "/v1/speak?wait=finished", '{"text":"Nobody waits.","session_id":"desk"}',
                       {"Authorization": f"Bearer {house.server.admin_token}", "Content-Type": "application/json"})
    connection.close()


def kills_an_engine(house, chance):
    house.accident_at = time.monotonic()
    for pid, name in children(house.server.pid).items():
        if "flite" in name:
            os.kill(pid, signal.SIGKILL)
            return


DAY = [
    Activity(90, speaks), Activity(30, changes_mind), Activity(30, asks_over_http), Activity(600, looks),
    Activity(12, comes_back), Activity(12, loses_connection), Activity(12, follows_events), Activity(12, lends_a_token),
    Activity(6, runs_a_command), Activity(60, rests), Activity(120, guesses), Activity(30, sends_rubbish),
    Activity(12, writes), Activity(12, takes_a_file), Activity(12, hangs_up), Activity(1, kills_an_engine),
]
