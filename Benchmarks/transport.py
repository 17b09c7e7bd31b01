"""Measures the transport beside that of its peers, in one run, with one load generator.

    Benchmarks/run transport            # all figures, into the section "Transport" of Benchmarks/results.md
    Benchmarks/run transport --quick    # one short round, nothing written
    Benchmarks/run transport saturated  # some of the cases, nothing written
"""

import functools
import json
import pathlib
import re
import resource
import statistics
import subprocess
import sys
import tempfile

sys.path.append(str(pathlib.Path(__file__).resolve().parent.parent / "Tests" / "System"))

import relays
import report

LOAD = relays.BUILT / "transport-load"
CERTIFICATE = ()


class Case:
    """One scenario of the load generator, run several times against each relay in turn."""

    def __init__(self, scenario, tls=False, **options):
        self.scenario, self.tls, self.options = scenario, tls, options

    def run(self, relay, quick):
        options = dict(self.options)
        if quick and "seconds" in options:
            options["seconds"] = 2
        files = CERTIFICATE if self.tls else ()
        with relays.started(relay, files) as (port, process):
            return load(self.scenario, port, process.pid, tls=int(self.tls), **options)


def load(scenario, port, pid, **options):
    arguments = [f"{name}={value}" for name, value in options.items()]
    done = subprocess.run([str(LOAD), scenario, f"port={port}", f"server={pid}", *arguments], capture_output=True, text=True)
    if done.returncode:
        raise RuntimeError(done.stderr.strip())
    return json.loads(done.stdout)


def measure(case, everybody, quick, rounds=3):
    """The runs against each relay; rounds alternate, so that a noisy minute hits all alike."""
    runs = {relay.name: [] for relay in everybody}
    for _ in range(1 if quick else rounds):
        for relay in everybody:
            runs[relay.name].append(case.run(relay, quick))
    return runs


def median(runs, field):
    return {name: statistics.median(run[field] for run in found) for name, found in runs.items()}


def compare(case, field, everybody, quick, rounds=3):
    return median(measure(case, everybody, quick, rounds), field)


def through(name, case, ratios, quick):
    """What goes through at most: for each second of the server's processor, which decides, and by the clock."""
    runs = measure(case, all_relays(), quick)
    capacity = {name: 1e6 / cost for name, cost in median(runs, "cpu_us").items()}
    yield Row(f"{name}: deliveries for one second of processor", "/s", capacity, ratios, more_is_better=True)
    yield Row(f"{name}: deliveries by the clock", "/s", median(runs, "per_second"), more_is_better=True)


def fan_out(quick):
    """At a rate that nobody finds hard, the cost of one delivery."""
    everybody = all_relays()
    for name, size in (("80 B", 80), ("1928 B, 20 ms of speech", 1928)):
        case = Case("fan", listeners=1000, rate=50, size=size, seconds=5)
        bars = {"node ws": 0.7, "websockets": 0.6, "uvicorn": 0.55} if size == 80 else {}
        yield Row(f"processor for one delivery, {name} to 1000 listeners at 50/s", "µs", compare(case, "cpu_us", everybody, quick), bars)


def saturated(quick):
    """As many messages as go through, with 4 outstanding, and with 16."""
    for window in (4, 16):
        case = Case("fan", listeners=1000, rate=0, window=window, seconds=4)
        yield from through(f"1000 listeners, {window} messages outstanding", case, {"node ws": 3.5, "websockets": 3.5}, quick)


def many(quick):
    case = Case("fan", listeners=5000, rate=50, warmup=3, seconds=6)
    shares = compare(case, "delivered_share", all_relays(), quick, rounds=1)
    percents = {name: min(100, share * 100) for name, share in shares.items()}
    yield Row("delivered to 5000 listeners at 50/s", "%", percents, least=99.5)


def blobs(quick):
    case = Case("fan", listeners=100, rate=2, size=500_000, query="&kind=blob", seconds=6)
    yield Row("processor for 500 kB to each of 100 listeners", "µs", compare(case, "cpu_us", all_relays(), quick), {"the best": 1.0})


def echoes(quick):
    case = Case("echo", listeners=100, seconds=3)
    yield Row("processor for one echo, 100 connections", "µs", compare(case, "cpu_us", all_relays(), quick))


def requests(quick):
    case = Case("get", listeners=20, token="measure", seconds=3)
    everybody = [relays.ours(), relays.node(), relays.uvicorn()]  # websockets closes the connection after each answer
    yield Row("processor for one GET with a token", "µs", compare(case, "cpu_us", everybody, quick), most=8)


def idle(quick):
    case = Case("idle", listeners=1000 if quick else 5000, path="/sub")
    yield Row("memory of an idle WebSocket", "KiB", compare(case, "each_kib", all_relays(), quick, rounds=1), most=2)


def real_case(quick):
    """Own queues, small audiences, TLS: nothing of one session's sending helps another's."""
    everybody = all_relays()
    broadcast = Case("fan", listeners=1000, rate=50, seconds=4)
    plain = compare(broadcast, "cpu_us", everybody[:1], quick)["Hearsay"]
    case = Case("fan", tls=True, topics=50, listeners=3, rate=50, size=1928, seconds=5)
    name = "50 sessions of 3 listeners at 50/s, TLS, 1928 B"
    runs = measure(case, everybody, quick)
    yield Row(f"{name}: processor for one delivery", "µs", median(runs, "cpu_us"), most=1.3 * plain,
              bar=f"≤ 1.3 × the broadcast's {number(plain)} µs")
    yield Row(f"{name}: p99", "ms", median(runs, "p99_ms"), most=40)


def over_tls(quick):
    everybody = all_relays()
    live = Case("fan", tls=True, listeners=1000, rate=50, seconds=5)
    yield Row("TLS: processor for one delivery, 80 B to 1000 listeners at 50/s", "µs", compare(live, "cpu_us", everybody, quick))
    for window in (4, 16):
        case = Case("fan", tls=True, listeners=1000, rate=0, window=window, seconds=4)
        yield from through(f"TLS: 1000 listeners, {window} messages outstanding", case, {"node ws": 2}, quick)
    kept = Case("idle", tls=True, listeners=1000, path="/sub")
    yield Row("TLS: memory of an idle WebSocket", "KiB", compare(kept, "each_kib", everybody, quick, rounds=1), most=20)


def stalled(quick):
    """20 of 100 listeners read nothing, while speech is sent to all at the pace of speech."""
    user, kernel = {}, {}
    for relay in all_relays():
        with relays.started(relay) as (port, process):
            command = [str(LOAD), "fan", f"port={port}", f"server={process.pid}", "listeners=100", "stalled=20", "size=1928",
                       f"seconds={3 if quick else 9}", "hold=1"]
            with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as loading:
                found = json.loads(loading.stdout.readline())
                kernel[relay.name] = held_by_kernel(port)
                loading.stdin.close()
        user[relay.name] = (found["memory_peak"] - found["memory_before"]) / 20
    yield Row("stalled listener, 10 s of speech: memory of the server", "KiB", user, most=64)
    yield Row("stalled listener, 10 s of speech: memory of the kernel", "KiB", kernel, most=70)


def held_by_kernel(port):
    """KiB in the fullest socket of a server."""
    lines = subprocess.run(["ss", "-tmnHO", f"sport = :{port}"], capture_output=True, text=True, check=True).stdout
    return max(int(count) for count in re.findall(r"skmem:\(.*?,w(\d+),", lines)) / 1024


def whole_server(quick):
    """The product itself: routing, the door's checks, a token, JSON."""
    from hearsay import Server
    server = Server("--rate-admin", "1000000/s")
    seconds = 2 if quick else 4
    for path, token in (("/health", ""), ("/v1/listeners", server.admin_token)):
        load("get", server.port, server.pid, listeners=20, path=path, token=token, seconds=1)
        found = [load("get", server.port, server.pid, listeners=20, path=path, token=token, seconds=seconds) for _ in range(1 if quick else 3)]
        yield Row(f"`hearsay serve`: processor for one GET {path}" + (" with a token" if token else ""), "µs",
                  {"Hearsay": statistics.median(run["cpu_us"] for run in found)}, most=8)
    server.close()


def whole_sessions(quick):
    """The real case on the product itself: speech made, cut, sent and confirmed, each session with a queue of its own."""
    from hearsay import Server
    found = []
    for _ in range(1 if quick else 3):
        server = Server("--tls", "--rate-admin", "1000000/s")
        found.append(load("sessions", server.port, server.pid, tls=1, topics=50, listeners=3, token=server.admin_token,
                          warmup=3, seconds=4 if quick else 8))
        server.close()
    name = "`hearsay serve`, 50 sessions of 3 listeners, TLS"
    runs = {"Hearsay": found}
    yield Row(f"{name}: processor for 20 ms of speech heard by one", "µs", median(runs, "cpu_us"))
    yield Row(f"{name}: from a report to the frames it lets through, p99", "ms", median(runs, "p99_ms"), most=40)


@functools.cache
def all_relays():
    return [relays.ours(), relays.node(), relays.websockets(), relays.uvicorn()]


CASES = (fan_out, saturated, many, real_case, over_tls, idle, stalled, requests, whole_server, whole_sessions, blobs, echoes)


class Row:
    """One figure of ours beside that of each peer, and what it should be.

    Bars of peers are ratios of ours to theirs; `most` and `least` bound ours itself.
    """

    def __init__(self, name, unit, values, ratios=None, most=None, least=None, more_is_better=False, bar=None):
        self.name, self.unit, self.values, self.most, self.least, self.bar = name, unit, values, most, least, bar
        self.ratios, self.more_is_better = ratios or {}, more_is_better
        self.ours = values["Hearsay"]

    def theirs(self, name):
        peers = [value for peer, value in self.values.items() if peer != "Hearsay"]
        return (max(peers) if self.more_is_better else min(peers)) if name == "the best" else self.values[name]

    @property
    def wanted(self):
        if self.bar:
            return self.bar
        sign = "≥" if self.more_is_better else "≤"
        bars = [f"{sign} {bar:g} × {name}" for name, bar in self.ratios.items()]
        bars += [f"≤ {self.most:g} {self.unit}"] if self.most is not None else []
        return ", ".join(bars + ([f"≥ {self.least:g} {self.unit}"] if self.least is not None else []))

    @property
    def is_met(self):
        ratios = ((self.ours / self.theirs(name), bar) for name, bar in self.ratios.items())
        return (all(ratio >= bar if self.more_is_better else ratio <= bar for ratio, bar in ratios)
                and (self.most is None or self.ours <= self.most) and (self.least is None or self.ours >= self.least))

    @property
    def cells(self):
        peers = [self.values.get(name) for name in ("node ws", "websockets", "uvicorn")]
        beside = ["–" if value is None else f"{number(value)} ({self.ours / value:.2f})" for value in peers]
        verdict = "" if not self.wanted else "met" if self.is_met else "**not met**"
        return [f"{self.name} ({self.unit})", number(self.ours), *beside, self.wanted or "–", verdict]


def number(value):
    return f"{value:.2f}" if value < 100 else f"{value:,.0f}".replace(",", " ")


def main():
    quick = "--quick" in sys.argv[1:]
    _, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))
    rows = []
    with tempfile.TemporaryDirectory() as folder:
        global CERTIFICATE
        CERTIFICATE = relays.certificate(pathlib.Path(folder))
        wanted = [word for word in sys.argv[1:] if not word.startswith("-")]
        for case in CASES:
            for row in case(quick) if not wanted or case.__name__ in wanted else ():
                print("  ".join(row.cells), flush=True)
                rows.append(row.cells)
    if not quick and not wanted:
        versions = "; ".join(f"{relay.name}: {relay.version}" for relay in all_relays())
        head = ["figure", "Hearsay", "node ws", "websockets", "uvicorn", "bar", ""]
        report.keep("Transport", report.table(head, rows) + f"\n\nBeside each peer's figure, ours divided by it. {versions}.\n")


if __name__ == "__main__":
    main()
