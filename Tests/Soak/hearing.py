"""Lets up to 200 sources come and go on one server, well and badly, and tells whether it heard all and stayed as it was.

usage: hearing.py [MINUTES]    (20 for all of it; 2 are a taste)
"""

import collections
import pathlib
import random
import sys
import threading
import time
import traceback

HERE = pathlib.Path(__file__).resolve().parent
sys.path[:0] = [str(HERE), str(HERE.parent / "System")]

from caller import MOST_SOURCES, Caller
from earwitness import EarWitness
from gauges import Gauges, own_memory
from hearing_page import describe
from hearsay import Server, children, descriptors, until
from sounds import Sounds
from talk import Talk
from trouble import TROUBLES

CALLERS = 50
# In this part of the time engines, pools and caches grow to their size, and what stays of many sources spreads over the
# pages of the C library. Measured at rest after 4, 12 and 20 minutes: 18.7, 20.5 and 20.9 MB, with 13.9, 14.1 and 14.2 in use.
WARM_UP = 0.4
# The bounded store of events is full before memory is read for the first time.
EVENTS = 10_000
GROWTH, SLACK = 0.05, 1024
# The server gives memory back once a minute.
REST = 65
FULL = 20


class Hearing:
    most_sources = CALLERS * MOST_SOURCES

    def __init__(self, minutes):
        self.minutes, self.seed = minutes, random.randrange(1 << 32)
        self.server = Server("--rate-admin", "none", "--limit", f"sources={self.most_sources}", "--limit", f"sources_per_session={self.most_sources}",
                             voice="slt")
        self.witness = EarWitness(self.server.port, self.server.admin_token)
        self.operator, self.operating = Talk(self.server.port, self.server.admin_token), threading.Lock()
        self.sessions = [f"room-{number}" for number in range(10)]
        self.recogniser = next(one["engine"] for one in self.server.get("/v1/engines")["engines"] if one["kind"] == "recogniser")
        # Held by whoever opens or ends sources of others, so that it is known what had to come of it.
        self.doors = threading.Lock()
        self.is_over, self.done, self.sounded_ms = threading.Event(), collections.Counter(), 0
        self.rows, self.readings, self.failures = [], [], []

    def fail(self, why):
        self.failures.append(why)
        self.is_over.set()

    def run(self):
        print(f"{self.minutes:g} minutes, seed {self.seed}", flush=True)
        try:
            self.sounds = Sounds(self.server, random.Random(self.seed))
            for session in self.sessions:
                assert self.operator.ask("session.start", session_id=session)["type"] == "ok"
            self.fill()
            self.measure("warming up", self.minutes * 60 * WARM_UP)
            gauges = Gauges(self.server.pid, max(0.2, self.minutes * 60 / 720), own_memory)
            self.measure("all of it", self.minutes * 60 * (1 - WARM_UP), gauges)
        except Exception:
            self.fail(traceback.format_exc())
        self.judge()
        self.end()
        self.report()

    def fill(self):
        """Fills what is bounded, the 10,000 events that are kept."""
        opened = self.operator.ask("source.open", codec="pcm_s16", sample_rate=16_000, source_id="filler", stt={"engine": "none"})
        for number in range(EVENTS):
            self.operator.say("source.update", source_id="filler", vad={"silence_ms": 300 + number % 2})
        self.witness.wait_begun("filler")
        self.witness.allow("filler", "closed")
        assert opened["type"] == self.operator.ask("source.close", source_id="filler")["type"] == "ok"
        assert self.witness.wait_stopped("filler")

    def measure(self, name, seconds, gauges=None):
        """Everything happens for so long, then every source is closed and nothing may be left of it."""
        before, began = self.witness.counts.copy(), time.monotonic()
        self.is_over.clear()
        callers = [Caller(self, random.Random(f"{self.seed} {name} {number}")) for number in range(CALLERS)]
        troubles = [threading.Thread(target=self.repeat, args=(each, name)) for each in TROUBLES]
        for thread in troubles:
            thread.start()
        while (left := began + seconds - time.monotonic()) > 0 and not self.is_over.wait(min(30, left)):
            self.tell(name, 1 - left / seconds)
            if self.witness.faults:
                break
        readings = gauges.end() if gauges else []
        self.is_over.set()
        for thread in [*troubles, *(caller.thread for caller in callers)]:
            thread.join(180)
        assert not self.failures and not self.witness.faults
        assert self.witness.wait_stopped(), f"sources or groups without an end: {sorted(self.witness.lives)[:5]} {sorted(self.witness.unsaid)[:5]}"
        took, most = time.monotonic() - began, own_memory(self.server.pid) // 1024
        time.sleep(REST if self.minutes >= FULL else 5)
        assert self.server.get("/v1/sources")["sources"] == []
        counts, self.readings = self.witness.counts - before, readings
        self.rows.append((name, counts["source.stopped"], counts["speech.stopped"], counts["transcript.final"] + counts["transcript.failed"],
                          took, most, own_memory(self.server.pid) // 1024, descriptors(self.server.pid)))
        print(self.rows[-1], flush=True)

    def order(self, command, **fields):
        """Asks as the operator, of whom there is one for all threads."""
        with self.operating:
            return self.operator.ask(command, **fields)

    def repeat(self, trouble, part):
        """At random moments, so often on average."""
        chance = random.Random(f"{self.seed} {part} {trouble.perform.__name__}")
        while not self.is_over.wait(chance.expovariate(trouble.per_minute / 60)):
            try:
                trouble.perform(self, chance)
                self.done[trouble.perform.__name__] += 1
            except Exception:
                self.fail(traceback.format_exc())

    def tell(self, name, share):
        print(f"{name} {share:4.0%}  {len(self.witness.lives)} sources, {self.sounded_ms / 1000:.0f} s of sound, {self.witness.count} events;"
              f" memory {own_memory(self.server.pid) // 1024}, {descriptors(self.server.pid)} descriptors", flush=True)

    # What came of it

    def judge(self):
        self.failures += self.witness.faults[:5]
        self.failures += [f"{each.name} grew from {each.first:.0f} to {each.last:.0f}" for each in self.readings if not each.is_flat]
        memory = [row[-2] for row in self.rows]
        if self.minutes >= FULL and len(memory) == 2 and memory[1] > memory[0] * (1 + GROWTH) + SLACK:
            self.failures.append(f"memory grew from {memory[0]} to {memory[1]} KiB")

    def end(self):
        family = children(self.server.pid)
        self.operator.close()
        if self.server.terminate(60) != 0:
            self.failures.append("the server did not end in good order")
        if not until(lambda: not any(pathlib.Path(f"/proc/{child}").exists() for child in family), 10):
            self.failures.append(f"some of {family} were left")
        self.server.close()

    def report(self):
        page = describe(self)
        print(page + "\n" + "\n".join(map(str, self.failures)), flush=True)
        if not self.failures and self.minutes >= FULL:
            (HERE / "last-hearing.md").write_text(page)


if __name__ == "__main__":
    hearing = Hearing(float(sys.argv[1]) if len(sys.argv) > 1 else FULL)
    hearing.run()
    sys.exit(bool(hearing.failures))
