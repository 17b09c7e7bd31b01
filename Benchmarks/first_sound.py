"""How long a text waits for its first sound, beside servers that make the whole of it first."""

import contextlib
import dataclasses
import http.client
import json
import pathlib
import subprocess
import sys
import time

import numpy
from websockets.sync.client import connect

import speaking
from hearsay import Server, until
from listener import Listener
from relays import await_answer, free_port
from report import Figure
from talk import Talk
from wyoming import Worker

HERE = pathlib.Path(__file__).resolve().parent / "Speaking"
PACE = 1.5
LENGTHS = {**{name: text for name, (text, _) in speaking.TEXTS.items()}, "1000": (speaking.SENTENCE * 13)[:1000]}
# Not by sentences of one length: as a program tells what it did.
NATURAL = ("I looked through the whole log of last night. The build was slow because the cache had been emptied, and so "
           "everything was compiled again from the beginning; that took forty minutes instead of four. I have restored the "
           "cache, started the build once more, and all of the tests have passed. You can merge it now.")


@dataclasses.dataclass(frozen=True)
class Engine:
    """Something that speaks: what `serve` is told about it, the voice, and where a peer asks it."""

    name: str
    options: tuple
    voice: str
    address: str
    # Whether sound comes while it is made; else a clause longer than those before it is waited for, and so is the first.
    streams: bool = True


@contextlib.contextmanager
def running(*command):
    port = free_port()
    process = subprocess.Popen([sys.executable, *map(str, command[:1]), str(port), *map(str, command[1:])], stdin=subprocess.DEVNULL)
    try:
        await_answer(port, process)
        yield port
    finally:
        process.kill()
        process.wait()


@contextlib.contextmanager
def engines():
    """flite, and two stand-ins at 1.5 times real time: one that sends what it has, one that sends whole clauses."""
    worker = Worker()
    try:
        with running(HERE / "stand_in.py", PACE, "stream") as streaming, running(HERE / "stand_in.py", PACE, "whole") as whole:
            def stand_in(name, port, streams):
                url = f"http://127.0.0.1:{port}"
                return Engine(name, ("--engine", f"slow=openai+{url}/v1"), "stand-in", url, streams)
            yield [Engine("flite", (), "slt", worker.path),
                   stand_in(f"a stand-in at {PACE}× real time", streaming, True),
                   stand_in(f"one that answers by whole clauses at {PACE}×", whole, False)]
    finally:
        worker.close()


@contextlib.contextmanager
def hearsay(engine):
    server = Server(*engine.options, voice=engine.voice)
    try:
        assert until(lambda: any(each["id"] == engine.voice for each in server.get("/v1/voices")["voices"]), 20), "the engine is not there"
        yield server
    finally:
        server.close()


def by_length(quick):
    """First frame at a listener that is like a browser's, by engine and length."""
    server = Server(voice="slt")
    talk = speaking.listening(server)
    talk.ask("subscribe", events=["job.finished", "job.aborted", "job.failed"])
    for engine in ("flite", "espeak", "tone"):
        until(lambda: engine in {each["engine"] for each in server.get("/v1/voices")["voices"]}, 20)
        voices = [each["id"] for each in server.get("/v1/voices")["voices"] if each["engine"] == engine]
        voice = "slt" if "slt" in voices else voices[0]
        for length, text in LENGTHS.items():
            times = [speaking.first_frame(talk, text, voice=voice) * 1000 for _ in range(5 if quick else 42)][2:]
            yield Figure(f"`speak` to first frame, {engine}, {length} text", times)
    talk.close()
    server.close()


def beside_peers(quick):
    """The same text and engine three times: here, a server that sends the whole file, and a queue that does."""
    with engines() as found:
        for engine in found:
            for kind, text in (("300 characters", speaking.TEXTS["300"][0]), ("a report of 300", NATURAL[:300])):
                yield from compared(engine, kind, text, quick)


def compared(engine, kind, text, quick):
    count = (3 if quick else 40) if engine.name == "flite" else (1 if quick else 5)
    with hearsay(engine) as server, running(HERE / "Peers" / "whole_wav.py", engine.address) as file, \
            running(HERE / "Peers" / "queue_websockets.py", engine.address) as queue:
        talk = speaking.listening(server)
        talk.ask("subscribe", events=["job.finished", "job.aborted", "job.failed"])
        times = {"ours": [], "file": [], "queue": []}
        for turn in range(count + 1):
            taken = {"ours": speaking.first_frame(talk, text), "file": whole_file(file, text), "queue": queued(queue, text)}
            for name, seconds in taken.items() if turn else ():
                times[name].append(seconds * 1000)
        talk.close()
        lack = [sum(lacked for _, lacked in playing.underruns) for playing in heard(server, text, 1 if quick else 3)]
    what = f"{kind}, {engine.name}: first sound"
    ours = float(numpy.median(times["ours"]))
    yield Figure(what, times["ours"])
    for name, peer in (("file", "FastAPI server, whole WAV"), ("queue", "`websockets` queue")):
        ratios = [value / ours for value in times[name]]
        yield Figure(f"{what}, {peer}", times[name])
        yield Figure(f"{what}: {peer}, by ours", ratios, unit="times", least={50: 5} if engine.streams else {})
    yield Figure(f"{kind}, {engine.name}: silence inside, heard to the end", lack, bars={99: 0} if engine.streams else {})


def heard(server, text, count):
    """Speaks to a listener that sounds in real time, and tells how that was."""
    listener, talk = Listener(server.port, server.admin_token), Talk(server.port, server.admin_token)
    talk.ask("subscribe", events=["job.finished", "job.aborted", "job.failed"])
    for _ in range(count):
        job = talk.ask("speak", text=text)["job_id"]
        talk.until("job.finished", 120, job_id=job)
    playings = list(listener.playings.values())
    talk.close()
    listener.close()
    return playings


def whole_file(port, text):
    """Seconds to the first sample of the answer."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
    connection.connect()
    began = time.perf_counter()
    connection.request("POST", "/v1/synthesize", json.dumps({"text": text}), {"Content-Type": "application/json"})
    response = connection.getresponse()
    assert response.status == 200
    response.read(46)
    first = time.perf_counter() - began
    response.read()
    connection.close()
    return first


def queued(port, text):
    with connect(f"ws://127.0.0.1:{port}", max_size=None, compression=None) as socket:
        began = time.perf_counter()
        socket.send(json.dumps({"text": text}))
        while not isinstance(socket.recv(timeout=60), bytes):
            pass
        return time.perf_counter() - began
