"""A thousand sentences, aborted at random moments: nothing stays behind."""

import random
import threading
import time

from control import Control
from hearsay import ENDS, children, descriptors, resident, until
from listener import Behaviour, Listener

COUNT = 1_000
SESSIONS = 5
TEXTS = ["a b c d e f", "One sentence of six short words.", "Two. Sentences. Of. One word each."]


class Caller:
    """Speaks and aborts in one session, with a listener that says at once that it played everything."""

    def __init__(self, server, number, count):
        self.server, self.random, self.count = server, random.Random(number), count
        answer = server.ask("POST", "/v1/sessions", {})
        self.session = answer.json["session_id"]
        self.control = Control(server.port, server.admin_token)
        behaviour = Behaviour(instant=True) if number % 2 else Behaviour()
        self.listener = Listener(server.port, server.admin_token, session=self.session, behaviour=behaviour)
        self.jobs, self.faults, self.looked, self.missed = [], [], 0, 0

    def work(self):
        try:
            for _ in range(self.count):
                self.once()
        except BaseException as fault:
            self.faults.append(repr(fault))

    def once(self):
        self.get_ready_again()
        job = self.control.speak(self.random.choice(TEXTS), session_id=self.session, expires_in_ms=5_000)
        self.jobs.append(job)
        moment = self.random.choice(("at once", "started", "soon", "mid"))
        if moment == "started":
            self.control.wait(lambda each: each.get("job_id") == job and each["type"] in (*ENDS, "job.started"))
        elif moment != "at once":
            time.sleep(self.random.uniform(0, 0.01 if moment == "soon" else 0.1))
        scope = self.random.choice(("job", "session", "current"))
        self.control.ask("abort", scope=scope, **({"job_id": job} if scope == "job" else {"session_id": self.session}))
        if scope == "current":
            self.control.abort(job)
        self.control.end(job)

    def get_ready_again(self):
        """Who confirms too late, as on a machine with other things to do, must say again that it is ready."""
        with self.control.changed:
            new, self.looked = self.control.messages[self.looked:], len(self.control.messages)
        if any(each["type"] == "listener.failed" and each["listener_id"] == self.listener.id for each in new):
            self.missed += 1
            self.listener.set_ready(True)

    def close(self):
        self.control.ask("ping")
        # The test asserts it of all callers, after what it has to say of the server.
        self.left_open = [] if until(lambda: not self.listener.left_open(), 2) else self.listener.left_open()
        self.control.close()
        self.listener.close()


def test_a_thousand_random_aborts_leave_nothing_behind(serve, controls):
    server = serve()
    round_of(server, 50)
    before = children(server.pid), descriptors(server.pid), resident(server.pid)
    files = names(server)
    callers = round_of(server, COUNT)
    assert sum(len(caller.jobs) for caller in callers) == COUNT
    for caller in callers:
        assert_one_end_each(caller)
    print(f"{sum(caller.missed for caller in callers)} confirmations came too late")
    stuck = [job for job in server.jobs() if job["status"] not in ("finished", "aborted", "failed")]
    assert not stuck, stuck
    assert children(server.pid) == before[0], "no process more than before"
    assert until(lambda: descriptors(server.pid) <= before[1] + 2), (descriptors(server.pid), before[1])
    assert not names(server) - files, "no file more than before"
    grown = resident(server.pid) - before[2]
    print(f"resident memory grew by {grown // 1024} KiB over {COUNT} aborts")
    assert grown < 16 << 20
    for caller in callers:
        left = caller.left_open
        assert not left, f"channels {left} began and were neither ended nor flushed; flushed too early: {caller.listener.early_flushes}"
    control = controls(server)
    listener = Listener(server.port, server.admin_token)
    job = control.speak("And then it speaks.")
    assert control.end(job)["type"] == "job.finished"
    listener.close()


def round_of(server, count):
    callers = [Caller(server, number, count // SESSIONS) for number in range(SESSIONS)]
    threads = [threading.Thread(target=caller.work) for caller in callers]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(150)
    for caller in callers:
        assert not caller.faults, caller.faults
        assert not caller.listener.faults, caller.listener.faults
        caller.close()
    return callers


def assert_one_end_each(caller):
    ends, mine = {}, set(caller.jobs)
    for message in caller.control.messages:
        if message["type"] in ENDS and message["job_id"] in mine:
            ends.setdefault(message["job_id"], []).append(message)
    assert ends.keys() == mine
    assert all(len(each) == 1 for each in ends.values()), [each for each in ends.values() if len(each) > 1][:2]


def names(server):
    import pathlib
    temporary = {str(path) for path in pathlib.Path("/tmp").glob("*hearsay*") if str(server.pid) in path.name}
    return {str(path) for path in server.data.rglob("*")} | temporary
