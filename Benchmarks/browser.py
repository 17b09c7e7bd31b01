"""From the wire into a real browser's loudspeaker: what Tests/Browser/bench.py sees."""

import os
import pathlib
import re
import shutil
import subprocess
import sys

from hearsay import PROGRAM
from report import Figure

NAME = "WebSocket to sound in Chromium"
BENCH = pathlib.Path(__file__).resolve().parents[1] / "Tests" / "Browser" / "bench.py"


def sound(quick):
    if not shutil.which("chromium"):
        yield Figure(NAME, [], bars={50: 20}, note="no Chromium here: `make test-deps` installs it")
        return
    environment = {**os.environ, "HEARSAY": PROGRAM, "HEARSAY_ARGUMENTS": "--no-speaker --tone --voice tone"}
    done = subprocess.run([sys.executable, BENCH], env=environment, capture_output=True, text=True, timeout=300)
    found = re.search(r"first frame.*?: p50 ([\d.]+) ms, p95 ([\d.]+) ms, worst ([\d.]+) ms, (\d+) times", done.stdout)
    if not found:
        yield Figure(NAME, [], bars={50: 20}, note=f"failed: {(done.stderr or done.stdout).strip().splitlines()[-1:]}")
        return
    yield Percentiles(NAME, *found.groups())


class Percentiles(Figure):
    """A figure of which only percentiles are known."""

    def __init__(self, name, p50, p95, worst, count):
        super().__init__(name, [float(worst)] * int(count), bars={50: 20},
                         note="first frame on the wire to the page's `started` on the wire, with the way in, the audio thread and the way out; p99 is the worst")
        self.known = {50: float(p50), 95: float(p95), 99: float(worst)}

    def at(self, percentile):
        return self.known[percentile]
