"""Memory, descriptors and threads of a server over time, and whether they stayed flat."""

import dataclasses
import pathlib
import re
import statistics
import sys
import threading
import time

sys.path.append(str(pathlib.Path(__file__).resolve().parents[1] / "System"))

from hearsay import descriptors, resident

BARS = "▁▂▃▄▅▆▇█"
# Engines, pools and caches grow to their size first.
WARM_UP = 0.1
SLACK = {"memory (KiB)": 2048, "descriptors": 8, "threads": 2}
GROWTH = 0.05


@dataclasses.dataclass
class Gauge:
    name: str
    values: list

    @property
    def settled(self):
        return self.values[int(len(self.values) * WARM_UP):]

    @property
    def first(self):
        """The median of the first fifth after warming up."""
        return statistics.median(self.settled[:max(1, len(self.settled) // 5)])

    @property
    def last(self):
        return statistics.median(self.settled[-max(1, len(self.settled) // 5):])

    @property
    def is_flat(self):
        return self.last <= self.first * (1 + GROWTH) + SLACK[self.name]

    def picture(self, width=48):
        step = max(1, len(self.values) // width)
        points = [statistics.median(self.values[at:at + step]) for at in range(0, len(self.values), step)]
        low, high = min(points), max(points)
        return "".join(BARS[int((point - low) / max(1, high - low) * 7)] for point in points)


def own_memory(pid):
    """What is the process's own, in bytes: without files, which the system takes back when it likes."""
    status = pathlib.Path(f"/proc/{pid}/status").read_text()
    return int(re.search(r"RssAnon:\s+(\d+) kB", status)[1]) * 1024


class Gauges:
    def __init__(self, pid, period, memory=resident):
        self.pid, self.period, self.is_over, self.measure = pid, period, threading.Event(), memory
        self.memory, self.descriptors, self.threads = (Gauge(name, []) for name in SLACK)
        self.thread = threading.Thread(target=self.watch, daemon=True)
        self.thread.start()

    def watch(self):
        while not self.is_over.wait(self.period):
            self.memory.values.append(self.measure(self.pid) // 1024)
            self.descriptors.values.append(descriptors(self.pid))
            self.threads.values.append(len(list(pathlib.Path(f"/proc/{self.pid}/task").iterdir())))

    def end(self):
        self.is_over.set()
        self.thread.join()
        return [self.memory, self.descriptors, self.threads]
