"""Figures, and the page they are kept on."""

import dataclasses
import os
import pathlib
import platform
import re
import subprocess
import time

import numpy

PAGE = pathlib.Path(__file__).resolve().parent / "results.md"
TITLES = (
    "Speech", "Speaking beside its peers", "Transport", "Hearing: words", "Hearing: detection", "Hearing: commands",
    "Hearing: drift", "Hearing: speed", "Hearing: crowds",
)


@dataclasses.dataclass
class Figure:
    """One thing measured: its values, and the bar that its issue sets for one of its percentiles."""

    name: str
    values: list
    unit: str = "ms"
    bars: dict = dataclasses.field(default_factory=dict)  # percentile: at most
    least: dict = dataclasses.field(default_factory=dict)  # percentile: at least
    note: str = ""

    def at(self, percentile):
        return float(numpy.percentile(self.values, percentile))

    @property
    def is_met(self):
        return (all(self.at(percentile) <= bar for percentile, bar in self.bars.items())
                and all(self.at(percentile) >= bar for percentile, bar in self.least.items()))

    @property
    def wanted(self):
        return ", ".join(f"p{percentile} {sign} {bar:g} {self.unit}"
                         for sign, bars in (("≤", self.bars), ("≥", self.least)) for percentile, bar in bars.items())

    @property
    def verdict(self):
        return "–" if not (self.bars or self.least) else "met" if self.is_met else "**not met**"

    @property
    def cells(self):
        if not self.values:
            return [self.name, "not measured", "", "", "0", self.wanted, self.note]
        values = [f"{self.at(percentile):.2f}" for percentile in (50, 95, 99)]
        return [f"{self.name} ({self.unit})", *values, str(len(self.values)), self.wanted, self.verdict]

    @property
    def line(self):
        cells = self.cells
        return f"{cells[0]:<74} p50 {cells[1]:>8}  p95 {cells[2]:>8}  p99 {cells[3]:>8}  n {cells[4]:>4}  {cells[5]} {cells[6]}"


def speech(figures):
    """The section about speech."""
    notes = "\n".join(f"- {figure.name}: {figure.note}" for figure in figures if figure.note)
    return table(["figure", "p50", "p95", "p99", "runs", "bar", ""], [figure.cells for figure in figures]) + f"\n\n{notes}\n"


def table(head, rows):
    rule = ["---"] + ["---:"] * (len(head) - 3) + ["---", "---"]
    return "\n".join("| " + " | ".join(row) + " |" for row in [head, rule, *rows])


def keep(title, body):
    """Replaces one section of the page; the others stay as they were measured."""
    page = PAGE.read_text() if PAGE.exists() else ""
    found = {part.split("\n", 1)[0]: part.split("\n", 1)[1].strip() for part in re.split(r"^## ", page, flags=re.M)[1:]}
    found[title] = f"{circumstances()}\n\n{body.strip()}"
    parts = [f"## {name}\n\n{found[name]}\n" for name in TITLES if name in found]
    PAGE.write_text("\n".join(["# Figures\n", *parts]))
    print(f"Written to {PAGE}")


def circumstances():
    return f"""Measured from outside by `make bench` on {time.strftime("%Y-%m-%d")}, commit {commit()}; the bars are those of the issue that asked for them.
Machine: {model()}, {os.cpu_count()} cores, {memory()} GB, {distribution()}, kernel {platform.release()}; load when begun {load()}."""


def model():
    return re.search(r"model name\s*:\s*(.+)", pathlib.Path("/proc/cpuinfo").read_text())[1]


def memory():
    return round(int(re.search(r"MemTotal:\s+(\d+)", pathlib.Path("/proc/meminfo").read_text())[1]) / 1024 ** 2)


def distribution():
    return re.search(r'PRETTY_NAME="(.+)"', pathlib.Path("/etc/os-release").read_text())[1]


BEGUN = os.getloadavg()[0]


def load():
    return f"{BEGUN:.2f}"


def commit():
    return subprocess.run(["git", "rev-parse", "--short", "HEAD"], capture_output=True, text=True).stdout.strip() or "unknown"
