"""Lets a household use one server for a day, faster than it would, and tells whether the server stayed as it was.

usage: soak.py HOURS MINUTES
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

HERE = pathlib.Path(__file__).resolve().parent
sys.path[:0] = [str(HERE), str(HERE.parent / "System"), str(HERE.parent / "Browser")]

from day import DAY, House
from gauges import Gauges
from hearsay import Server, run
from witness import Witness


class Soak:
    def __init__(self, hours, minutes):
        self.hours, self.seconds = hours, minutes * 60
        self.pace = hours * 3600 / self.seconds
        self.seed = random.randrange(1 << 32)
        self.done, self.failures = collections.Counter(), []
        self.is_over = threading.Event()

    def run(self):
        print(f"{self.hours} hours in {self.seconds / 60:.0f} minutes, seed {self.seed}", flush=True)
        server = Server(voice="slt")
        witness, house = Witness(server.port, server.admin_token), House(server)
        house.fill()
        gauges = Gauges(server.pid, max(0.2, self.seconds / 720))
        threads = [threading.Thread(target=self.repeat, args=(each, house)) for each in DAY]
        began = time.monotonic()
        for thread in threads:
            thread.start()
        while (gone := time.monotonic() - began) < self.seconds and not self.failures:
            self.is_over.wait(min(60, self.seconds - gone))
            self.tell(time.monotonic() - began, gauges, witness)
            self.done["loses a listener by itself"] += house.call_the_roll()
        self.is_over.set()
        for thread in threads:
            thread.join(180)
        if not witness.wait_silence():
            left = [server.ask("GET", f"/v1/jobs/{job}").json for job in sorted(witness.living)[:5]]
            self.failures.append(f"jobs without an end: {left}; listeners: {server.ask('GET', '/v1/listeners').json}")
        self.failures += witness.faults
        readings = gauges.end()
        self.failures += [f"{each.name} grew from {each.first:.0f} to {each.last:.0f}" for each in readings if not each.is_flat]
        house.close()
        if server.terminate() != 0:
            self.failures.append("the server did not end in good order")
        self.report(readings, witness)
        server.close()

    def repeat(self, activity, house):
        """At random moments, so often on average; late ones are made up for."""
        chance = random.Random(f"{self.seed} {activity.perform.__name__}")
        due = time.monotonic()
        while True:
            due += chance.expovariate(activity.per_hour * self.pace / 3600)
            if self.is_over.wait(max(0, due - time.monotonic())):
                return
            try:
                activity.perform(house, chance)
                self.done[activity.perform.__name__] += 1
            except Exception:
                self.failures.append(f"{activity.perform.__name__}: {traceback.format_exc()}")
                return

    def tell(self, gone, gauges, witness):
        latest = [each.values[-1] for each in (gauges.memory, gauges.descriptors, gauges.threads) if each.values]
        print(f"{gone / self.seconds:5.0%}  {sum(self.done.values())} activities, {witness.ended} jobs, {witness.count} events;"
              f" memory, descriptors, threads: {latest}", flush=True)

    def report(self, readings, witness):
        verdict = "flat, nothing lost" if not self.failures else "FAILED"
        version = run("--version").out.strip()
        lines = [
            "# The last soak", "",
            f"{time.strftime('%Y-%m-%d')}, {version}, {platform.system()} {platform.release()}, {os.cpu_count()} cores;"
            f" {self.hours:g} hours in {self.seconds / 60:.0f} minutes, seed {self.seed}: **{verdict}**.", "",
            f"{witness.ended} jobs, each with one end; {witness.count} events, none missing.", "",
            "| | after warming up | at the end | least | most | over time |", "|---|---|---|---|---|---|",
            *(f"| {each.name} | {each.first:.0f} | {each.last:.0f} | {min(each.settled)} | {max(each.settled)} | {each.picture()} |" for each in readings),
            "", "| what happened | times |", "|---|---|",
            *(f"| {name.replace('_', ' ')} | {count} |" for name, count in self.done.most_common()), "",
        ]
        text = "\n".join(lines)
        print(text + "\n" + "\n".join(map(str, self.failures)), flush=True)
        if not self.failures:
            (HERE / "last.md").write_text(text)


if __name__ == "__main__":
    soak = Soak(float(sys.argv[1]), float(sys.argv[2]))
    soak.run()
    sys.exit(bool(soak.failures))
