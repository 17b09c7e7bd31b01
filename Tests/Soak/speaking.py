"""Gives one server more to say than it ever gets, and tells whether each job had one end and memory stayed as it was.

usage: speaking.py [SHARE]    (of the whole; 0.1 is a taste)
"""

import collections
import os
import pathlib
import platform
import random
import sys
import threading
import time
import traceback

import numpy

HERE = pathlib.Path(__file__).resolve().parent
sys.path[:0] = [str(HERE), str(HERE.parent / "System")]

from chronicle import Chronicle
from gauges import own_memory
from hearsay import Server, descriptors, run
from listener import Behaviour, Listener
from talk import Talk

WORDS = "the build is green and nobody has to look at it before lunch unless the kettle boils over again".split()
SESSIONS = [f"room-{number}" for number in range(10)]
VOICES = ["slt", "rms", "tone"]
# The bounded stores (1,000 ended jobs, 10,000 events, the pages of the journal that are kept at hand) are full before memory is
# read for the first time: with 1,200 jobs they were not, and from the second reading on nothing grew any more.
WARM_UP = 4_000
GROWTH, SLACK = 0.05, 1024
# The server gives memory back once a minute.
REST = 65


def text(chance, most):
    return " ".join(chance.choice(WORDS) for _ in range(chance.randint(1, most))) + "."


class Flood:
    def __init__(self, share):
        self.share, self.seed = share, random.randrange(1 << 32)
        self.chance = random.Random(self.seed)
        # Nothing may be refused here: what is asked for is what is counted.
        self.server = Server("--rate-admin", "none", "--rate-token", "none", "--limit", "jobs=10000", "--limit", "jobs_per_session=10000",
                             voice="tone")
        self.chronicle = Chronicle(self.server.port, self.server.admin_token)
        self.talk = Talk(self.server.port, self.server.admin_token)
        self.listeners, self.lock = {}, threading.Lock()
        self.rows, self.failures, self.facts = [], [], collections.Counter()
        self.is_over = threading.Event()

    def run(self):
        print(f"seed {self.seed}", flush=True)
        for session in SESSIONS:
            assert self.talk.ask("session.start", session_id=session)["type"] == "ok"
            self.seat(session)
        visits = threading.Thread(target=self.come_and_go)
        visits.start()
        try:
            for name, part in (("warming up", self.warm_up), ("four hours of speech", self.four_hours), ("a hundred jobs a second", self.rush),
                               ("ten thousand jobs, aborted at random", self.aborts), ("as at the beginning", self.warm_up)):
                self.measure(name, part)
        except Exception:
            self.failures.append(traceback.format_exc())
        self.is_over.set()
        visits.join(60)
        self.judge()
        self.talk.close()
        for listener in self.listeners.values():
            listener.close()
        if self.server.terminate(60) != 0:
            self.failures.append("the server did not end in good order")
        self.server.close()
        self.report()

    def measure(self, name, part):
        before, began = self.chronicle.ended, time.monotonic()
        told = part()
        self.chronicle.wait_below(1, 600)
        took = time.monotonic() - began
        most = self.memory()
        time.sleep(REST)
        row = (name, self.chronicle.ended - before, took, most, self.memory(), descriptors(self.server.pid), told or "")
        print(row, flush=True)
        self.rows.append(row)

    def memory(self):
        """In KiB."""
        return own_memory(self.server.pid) // 1024

    # What is asked of it

    def speak(self, words, **fields):
        answer = self.talk.ask("speak", text=text(self.chance, words), session_id=self.chance.choice(SESSIONS), **fields)
        assert "job_id" in answer, answer

    def warm_up(self):
        for number in range(WARM_UP):
            # Mostly the voice that costs least; the others must have spoken, too.
            self.speak(60, voice=self.chance.choice(VOICES) if number % 6 == 0 else "tone")
            self.chronicle.wait_below(100)

    def four_hours(self):
        """A queue that is never empty, heard by listeners whose time flies."""
        began = self.chronicle.sounded_ms
        due = 4 * 3600 * 1000 * self.share
        while (sounded := self.chronicle.sounded_ms - began) < due:
            self.speak(60, voice=self.chance.choice(VOICES), priority=self.chance.randint(0, 10))
            self.chronicle.wait_below(200)
        return f"{sounded / 3_600_000:.1f} hours of it"

    def rush(self):
        """So many accepted each second, whatever becomes of them."""
        waits, began = [], time.monotonic()
        count = int(100 * 60 * self.share)
        for number in range(count):
            time.sleep(max(0, began + number / 100 - time.monotonic()))
            asked = time.perf_counter()
            self.speak(5)
            waits.append((time.perf_counter() - asked) * 1000)
        took = time.monotonic() - began
        if took > count / 100 * 1.02:
            self.failures.append(f"{count} jobs were accepted in {took:.1f} s")
        return f"{count / took:.0f} accepted a second, {len(self.chronicle.living)} of them waiting at the end; " \
               f"replies p50 {numpy.percentile(waits, 50):.1f} ms, p99 {numpy.percentile(waits, 99):.1f} ms, worst {max(waits):.1f} ms"

    def aborts(self):
        """Jobs that are taken back at any moment of their lives, alone and with others."""
        other = Talk(self.server.port, self.server.admin_token)
        taken = collections.Counter()
        for _ in range(int(10_000 * self.share)):
            cuts = {"interrupt": self.chance.choice(["session", "output"])} if self.chance.random() < 0.05 else {}
            self.speak(20, voice=self.chance.choice(VOICES), **cuts)
            if self.chance.random() < 0.5:
                time.sleep(self.chance.random() * 0.01)
                taken.update([self.abort(other)])
            self.chronicle.wait_below(300)
        other.close()
        return ", ".join(f"{count} × {scope}" for scope, count in taken.most_common())

    def abort(self, talk):
        scope = self.chance.choices(["job", "current", "session", "all"], [60, 30, 9, 1])[0]
        about = {"session_id": self.chance.choice(SESSIONS)} if scope in ("current", "session") else {}
        if scope == "job":
            about["job_id"] = self.chronicle.some_job(self.chance)
            if not about["job_id"]:
                return "nothing"
        # A job that has just ended is no fault of anybody's.
        answer = talk.ask("abort", scope=scope, **about)
        assert answer["type"] == "ok" or answer["code"] in ("unknown_job", "job_ended", "invalid"), answer
        return scope

    # Who hears it

    def seat(self, session):
        fresh = Listener(self.server.port, self.server.admin_token, session, Behaviour(instant=True))
        with self.lock:
            before, self.listeners[session] = self.listeners.get(session), fresh
        return before

    def come_and_go(self):
        """Someone takes another one's place, in good order or by a connection that breaks, and a guest stays for a moment."""
        chance = random.Random(f"{self.seed} visits")
        while not self.is_over.wait(chance.expovariate(2)):
            try:
                kind = chance.choice(["leaves", "breaks", "visits"])
                if kind == "visits":
                    guest = Listener(self.server.port, self.server.admin_token, chance.choice(SESSIONS), Behaviour(instant=True))
                    time.sleep(chance.random())
                    guest.close()
                else:
                    before = self.seat(chance.choice(SESSIONS))
                    before.tear() if kind == "breaks" else before.close()
                    before.close()
                    if before.faults:
                        self.failures.append(f"a listener saw {before.faults[:3]}")
                self.facts[kind] += 1
            except Exception:
                self.failures.append(traceback.format_exc())
                return

    # What came of it

    def judge(self):
        self.failures += self.chronicle.faults[:5]
        if self.chronicle.living:
            self.failures.append(f"jobs without an end: {sorted(self.chronicle.living)[:5]}")
        readings = [row[4] for row in self.rows]
        if readings and readings[-1] > readings[0] * (1 + GROWTH) + SLACK:
            self.failures.append(f"memory grew from {readings[0]} to {readings[-1]} KiB")

    def report(self):
        verdict = "flat, each job with one end" if not self.failures else "FAILED"
        ends = ", ".join(f"{count} {name}" for name, count in self.chronicle.ends.most_common())
        lines = [
            "# The last flood of speech", "",
            f"{time.strftime('%Y-%m-%d')}, {run('--version').out.strip()}, {platform.system()} {platform.release()}, {os.cpu_count()} cores,"
            f" share {self.share:g}, seed {self.seed}: **{verdict}**.", "",
            f"{self.chronicle.ended} jobs ({ends}); {self.chronicle.count} events, none missing. Listeners: "
            + ", ".join(f"{count} × {name}" for name, count in self.facts.most_common()) + ".", "",
            "| | jobs | seconds | memory when it ended (KiB) | after a minute | descriptors | |", "|---|---:|---:|---:|---:|---:|---|",
            *(f"| {name} | {jobs} | {took:.0f} | {most} | {memory} | {files} | {told} |" for name, jobs, took, most, memory, files, told in self.rows),
            "",
        ]
        page = "\n".join(lines)
        print(page + "\n" + "\n".join(map(str, self.failures)), flush=True)
        if not self.failures and self.share >= 1:
            (HERE / "last-flood.md").write_text(page)


if __name__ == "__main__":
    flood = Flood(float(sys.argv[1]) if len(sys.argv) > 1 else 1)
    flood.run()
    sys.exit(bool(flood.failures))
