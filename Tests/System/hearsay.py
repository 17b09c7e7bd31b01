"""The real `bin/hearsay` as a process: its server on a data folder of its own, and its command line."""

import dataclasses
import http.client
import json
import os
import pathlib
import re
import signal
import subprocess
import tempfile
import threading
import time

ROOT = pathlib.Path(__file__).resolve().parents[2]
PROGRAM = os.environ.get("HEARSAY") or str(ROOT / "bin" / "hearsay")
ENDS = ("job.finished", "job.aborted", "job.failed")


@dataclasses.dataclass
class Outcome:
    """What a command did: its exit code, what it wrote, and when (time.monotonic())."""

    code: int
    out: str
    err: str
    began: float
    ended: float

    @property
    def lines(self):
        return [json.loads(line) for line in self.out.splitlines() if line.startswith("{")]

    @property
    def said(self):
        return self.out + self.err


class Running:
    """A command that is under way."""

    def __init__(self, *arguments, environment=None, **options):
        self.began = time.monotonic()
        self.process = subprocess.Popen([PROGRAM, *arguments], stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                                        stderr=subprocess.PIPE, text=True,
                                        env=clean_environment() | (environment or {}), **options)
        self.ended = None
        self.parts = {"stdout": "", "stderr": ""}
        self.grown = threading.Condition()
        self.threads = [threading.Thread(target=self.read, args=(name,), daemon=True) for name in ("stdout", "stderr")]
        for thread in self.threads:
            thread.start()
        self.watch = threading.Thread(target=self.end, daemon=True)
        self.watch.start()

    def read(self, name):
        for line in getattr(self.process, name):
            with self.grown:
                self.parts[name] += line
                self.grown.notify_all()

    def wait_told(self, words, seconds=60):
        """Waits until it has told so on its standard error."""
        with self.grown:
            assert self.grown.wait_for(lambda: words in self.parts["stderr"], seconds), f"not told: {self.parts}"

    def end(self):
        self.process.wait()
        self.ended = time.monotonic()

    def outcome(self, seconds=60):
        self.watch.join(seconds)
        if self.ended is None:
            self.process.kill()
            raise AssertionError(f"{self.process.args} did not end within {seconds} s")
        for thread in self.threads:
            thread.join(5)
        return Outcome(self.process.returncode, self.parts["stdout"], self.parts["stderr"], self.began, self.ended)


def run(*arguments, seconds=60, **options):
    return Running(*arguments, **options).outcome(seconds)


def clean_environment():
    return {key: value for key, value in os.environ.items() if not key.startswith("HEARSAY")}


class Server:
    """`hearsay serve` without a loudspeaker of its own, on a free port of loopback."""

    def __init__(self, *arguments, voice="tone", folder=None, listen="127.0.0.1:0", environment=None):
        self.home = tempfile.TemporaryDirectory(prefix="hearsay-test-")
        self.data = pathlib.Path(folder) if folder else pathlib.Path(self.home.name) / "data"
        command = [PROGRAM, "serve", "--data", str(self.data), "--listen", listen, "--no-speaker", "--tone",
                   *(["--voice", voice] if voice else [])]
        self.lines, self.changed = [], threading.Condition()
        self.launched = time.monotonic()
        self.process = subprocess.Popen([*command, *arguments], stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                                        stderr=subprocess.STDOUT, text=True, errors="replace",
                                        env=clean_environment() | (environment or {}))
        self.reader = threading.Thread(target=self.read, daemon=True)
        self.reader.start()
        link = self.wait_line(r"(https?)://[^ ]*:(\d+)/player#token=([\w-]+)")
        self.scheme, self.port, self.player_token = link[1], int(link[2]), link[3]
        self.admin_token = (self.data / "admin.token").read_text().strip()

    def read(self):
        for line in self.process.stdout:
            with self.changed:
                self.lines.append(line.rstrip("\n"))
                self.changed.notify_all()

    def wait_line(self, pattern, seconds=15):
        find = lambda: next((found for line in self.lines if (found := re.search(pattern, line))), None)
        with self.changed:
            self.changed.wait_for(lambda: find() or self.process.poll() is not None, seconds)
            assert find(), f"no line like {pattern}: {self.lines}"
            return find()

    # Its life

    @property
    def pid(self):
        return self.process.pid

    def kill(self):
        self.process.kill()
        self.process.wait(10)

    def terminate(self, seconds=15):
        self.process.send_signal(signal.SIGTERM)
        return self.process.wait(seconds)

    def close(self):
        if self.process.poll() is None:
            try:
                self.terminate()
            except subprocess.TimeoutExpired:
                self.kill()
        self.reader.join(5)
        self.process.stdout.close()
        self.home.cleanup()

    # Its command line

    def arguments(self, token=None):
        return ["--server", f"{self.scheme}://127.0.0.1:{self.port}", "--token", token or self.admin_token]

    def start(self, command, *arguments, token=None):
        return Running(command, *arguments, *self.arguments(token))

    def run(self, command, *arguments, token=None, seconds=60):
        return self.start(command, *arguments, token=token).outcome(seconds)

    def wav(self, text, *arguments):
        """What the engine makes of a text."""
        import wave

        import numpy
        path = pathlib.Path(self.home.name) / f"{time.monotonic_ns()}.wav"
        outcome = self.run("say", text, "--wav", str(path), *arguments)
        assert outcome.code == 0, outcome
        with wave.open(str(path)) as sound:
            assert (sound.getframerate(), sound.getnchannels(), sound.getsampwidth()) == (24_000, 1, 2)
            return numpy.frombuffer(sound.readframes(sound.getnframes()), "<i2")

    # Its HTTP

    def door(self, name, place=0):
        """The port of a door for clients of another system, and its player's token."""
        self.wait_line(rf"Stop    Ctrl-C")
        heads = [at for at, line in enumerate(self.lines) if re.search(rf"Door    {name} at ", line)]
        port = int(re.search(r":(\d+)$", self.lines[heads[place]])[1])
        return port, re.search(r"#token=([\w-]+)", self.lines[heads[place] + 1])[1]

    def ask(self, method, path, body=None, token="admin", **headers):
        """One request on a connection of its own: status, headers, body."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=30)
        token = self.admin_token if token == "admin" else token
        named = {key.replace("_", "-"): value for key, value in headers.items()}
        if token:
            named["Authorization"] = f"Bearer {token}"
        if isinstance(body, (dict, list)):
            body, named = json.dumps(body), {"Content-Type": "application/json", **named}
        connection.request(method, path, body, named)
        response = connection.getresponse()
        data = response.read()
        connection.close()
        return Answer(response.status, {key.lower(): value for key, value in response.getheaders()}, data)

    def get(self, path, **options):
        return self.ask("GET", path, **options).json

    def metrics(self):
        """Every number of `/metrics` by its name and sorted labels."""
        from prometheus_client.parser import text_string_to_metric_families
        text = self.ask("GET", "/metrics").data.decode()
        return {(sample.name, *sorted(sample.labels.items())): sample.value
                for family in text_string_to_metric_families(text) for sample in family.samples}

    def jobs(self):
        answer = self.get("/v1/jobs")
        return answer["jobs"] if isinstance(answer, dict) else answer

    def make_token(self, scopes, **fields):
        answer = self.ask("POST", "/v1/tokens", {"scopes": scopes, **fields})
        assert answer.status in (200, 201), answer
        return answer.json["token"]


@dataclasses.dataclass
class Answer:
    status: int
    headers: dict
    data: bytes

    @property
    def json(self):
        return json.loads(self.data)

    @property
    def error(self):
        return self.json["error"]


# What a process looks like from outside

def children(pid):
    """All descendants of a process: pid and name."""
    parents = {}
    for path in pathlib.Path("/proc").glob("[0-9]*/stat"):
        try:
            text = path.read_text()
        except OSError:
            continue
        name, rest = text[text.index("(") + 1:text.rindex(")")], text[text.rindex(")") + 2:].split()
        if rest[0] != "Z":
            parents[int(text.split(" ", 1)[0])] = (int(rest[1]), name)
    found, known = {}, {pid}
    while new := {child: name for child, (parent, name) in parents.items() if parent in known and child not in known}:
        found |= new
        known |= set(new)
    return found


def command_line(pid):
    """The command line of a process; empty for one that has ended."""
    try:
        return pathlib.Path(f"/proc/{pid}/cmdline").read_text().split("\0")
    except OSError:
        return []


def zombies(pid):
    """Ended children that nobody has taken note of."""
    count = 0
    for path in pathlib.Path("/proc").glob("[0-9]*/stat"):
        try:
            text = path.read_text()
        except OSError:
            continue
        rest = text[text.rindex(")") + 2:].split()
        count += rest[0] == "Z" and int(rest[1]) == pid
    return count


def resident(pid):
    """Resident memory in bytes."""
    return int(re.search(r"VmRSS:\s+(\d+) kB", pathlib.Path(f"/proc/{pid}/status").read_text())[1]) * 1024


def descriptors(pid):
    return len(list(pathlib.Path(f"/proc/{pid}/fd").iterdir()))


def save(path, text):
    """As editors save: whole, under another name first."""
    draft = path.with_name(f"{path.name}.new")
    draft.write_text(text)
    draft.rename(path)


def until(claim, seconds=10, pause=0.01):
    """Looks at something outside that tells nobody when it changes."""
    deadline = time.monotonic() + seconds
    while not (value := claim()):
        if time.monotonic() > deadline:
            return claim()
        time.sleep(pause)
    return value
