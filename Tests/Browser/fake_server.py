"""A small Hearsay in Python, for working on the page where the real server cannot be had.

It keeps to the protocol as far as the page can see it: one queue, one turn at a time, the newest ready listener of an
output is claimed, two seconds to resume. It knows nothing of sessions, rooms, engines and rights.
"""

import asyncio
import itertools
import json
import mimetypes
import pathlib
import secrets
import struct
import threading
import zlib

import numpy
from websockets.asyncio.server import serve
from websockets.datastructures import Headers
from websockets.exceptions import ConnectionClosed
from websockets.http11 import Response

RATE = 24_000
FRAME = 480
WEB = pathlib.Path(__file__).resolve().parents[2] / "Web"
# What each command may carry: the real server refuses a field it does not know.
FIELDS = {
    "hello": {"token", "client", "session"},
    "subscribe": {"events", "last_seq"},
    "listener.open": {"kind", "session_id", "output", "device", "formats", "sample_rate", "start_latency_ms", "ready", "reason", "resume", "volume", "delay_ms", "mute"},
    "listener.update": {"listener_id", "volume", "delay_ms", "mute"},
    "listener.state": {"listener_id", "ready", "reason"},
    "playback": {"job_id", "listener_id", "channel", "state", "position_ms"},
    "speak": {"text"},
    "abort": {"scope", "job_id"},
    "ping": set(),
}
POLICY = (
    "default-src 'self'; connect-src 'self'; img-src 'self' data:; media-src 'self' blob:; style-src 'self'; script-src 'self'; "
    "worker-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'; object-src 'none'"
)


def samples_of(text):
    """The sound of a text: noise of its own, never zero, so that a gap, a repeat or a wrong sample shows."""
    noise = numpy.random.default_rng(zlib.crc32(text.encode()))
    values = noise.integers(1, 6_000, size=RATE * max(600, 45 * len(text)) // 1000 + 7)
    return (values * noise.choice([-1, 1], size=values.size)).astype("<i2")


def words_of(text, duration_ms):
    """The words of a text and their times, shared out by characters."""
    words, at = [], 0
    for part in text.split(" "):
        end = at + len(part)
        if part:
            times = {"start_ms": at * duration_ms // len(text), "end_ms": end * duration_ms // len(text)}
            words.append({"char_index": at, "char_end": end, **times})
        at = end + 1
    return words


class Listener:
    def __init__(self, connection, output, device):
        self.id = "lis_" + secrets.token_hex(6)
        self.connection, self.output, self.device = connection, output, device
        self.ready, self.reason, self.order = False, "suspended", 0


class Job:
    def __init__(self, text):
        self.id = "job_" + secrets.token_hex(6)
        self.text, self.samples = text, samples_of(text)
        self.duration = len(self.samples) * 1000 // RATE
        self.confirmed = 0
        self.aborted = asyncio.Event()


class FakeServer:
    def __init__(self):
        self.player_token, self.admin_token = secrets.token_urlsafe(32), secrets.token_urlsafe(32)
        self.listeners, self.subscribers, self.facts = {}, {}, []
        self.queue = asyncio.Queue()
        self.reports = None
        self.current = self.sounding = None
        self.numbers, self.channels, self.orders = itertools.count(1), itertools.count(1, 2), itertools.count(1)
        self.changed = asyncio.Condition()
        self.port = 0

    # Pages

    def page(self, connection, request):
        path = request.path.split("?")[0]
        if path == "/v1/ws":
            return None
        name = "player/index.html" if path == "/player" else path.removeprefix("/web/")
        file = (WEB / name).resolve()
        if not file.is_file() or WEB not in file.parents:
            return Response(404, "Not Found", Headers({"Content-Length": "0"}), b"")
        body = file.read_bytes()
        kind = mimetypes.guess_type(file.name)[0] or "application/octet-stream"
        headers = Headers({"Content-Type": kind, "Content-Length": str(len(body)), "Cache-Control": "no-cache"})
        headers["Content-Security-Policy"] = POLICY
        headers["Connection"] = "close"
        return Response(200, "OK", headers, body)

    # Sockets

    async def talk(self, socket):
        offered = socket.request.headers.get("Sec-WebSocket-Protocol", "")
        token = next((item[7:] for item in offered.replace(" ", "").split(",") if item.startswith("bearer.")), "")
        if token not in (self.player_token, self.admin_token):
            return await socket.close(4401, "unauthenticated")
        try:
            async for message in socket:
                await self.command(socket, json.loads(message))
        except ConnectionClosed:
            pass
        finally:
            self.subscribers.pop(socket, None)
            for listener in [each for each in self.listeners.values() if each.connection is socket]:
                listener.connection, listener.ready = None, False
                await self.fact("listener.detached", listener_id=listener.id)

    async def command(self, socket, message):
        request = {"req": message["req"]} if "req" in message else {}
        answer = lambda **fields: self.send(socket, {"type": "ok", **request, **fields})
        unknown = message.keys() - FIELDS[message["type"]] - {"type", "req"}
        if unknown:
            return await answer(type="error", code="unknown_field", message=f"{sorted(unknown)} is not known")
        match message["type"]:
            case "hello":
                await answer(type="welcome", v=1, server={"name": "Fake", "version": "0"},
                             session={"session_id": "default"}, scopes=["listen", "events"], limits={})
            case "subscribe":
                since = message.get("last_seq", self.facts[-1]["seq"] if self.facts else 0)
                await answer(seq=len(self.facts), oldest=1)
                for fact in [fact for fact in self.facts if fact["seq"] > since]:
                    await self.send(socket, fact)
                self.subscribers[socket] = True
            case "listener.open":
                await self.open(socket, message, answer)
            case "listener.state":
                await self.state(self.listeners[message["listener_id"]], message)
                await answer()
            case "playback":
                if self.reports:
                    self.reports.put_nowait(message)
            case "speak":
                job = Job(message["text"])
                await answer(job_id=job.id, status="queued", position=self.queue.qsize(), listeners=[])
                await self.fact("job.queued", job_id=job.id, text_preview=job.text[:80])
                self.queue.put_nowait(job)
            case "abort":
                if self.current:
                    self.current.aborted.set()
                    async with self.changed:
                        self.changed.notify_all()
                await answer(aborted=[self.current.id] if self.current else [])
            case "ping" | "listener.update":
                await answer()

    async def open(self, socket, message, answer):
        resume = message.get("resume")
        known = self.listeners.get(resume["listener_id"]) if resume else None
        resumed = bool(known and self.current and self.current.id == resume["job_id"] and known is self.sounding)
        listener = known if resumed else Listener(socket, message["output"], message["device"])
        listener.connection = socket
        if resumed:
            self.resume_at.put_nowait(resume["received_ms"])
        self.listeners[listener.id] = listener
        await answer(listener_id=listener.id, format="pcm_s16", resumed=resumed)
        await self.fact("listener.attached", listener_id=listener.id, output=listener.output, kind="browser",
                        device=listener.device)

    async def state(self, listener, message):
        was, listener.ready, listener.reason = listener.ready, message["ready"], message.get("reason")
        if listener.ready and not was:
            listener.order = next(self.orders)
            await self.fact("listener.ready", listener_id=listener.id)
        async with self.changed:
            self.changed.notify_all()

    async def send(self, socket, message):
        try:
            await socket.send(message if isinstance(message, bytes) else json.dumps(message))
        except (ConnectionClosed, AttributeError):
            pass

    async def fact(self, name, **fields):
        fact = {"v": 1, "type": name, "seq": next(self.numbers), "at": "2026-11-21T00:58:03.123Z", **fields}
        self.facts.append(fact)
        await self.tell(fact)

    async def tell(self, event):
        for socket in list(self.subscribers):
            await self.send(socket, event)

    # Speaking

    async def speak_all(self):
        while True:
            await self.speak(await self.queue.get())
            self.current = self.sounding = self.reports = None

    async def claim(self, job):
        """The ready listener that was the last to become so; waits for one, or for the end of the job."""
        ready = lambda: sorted((each for each in self.listeners.values() if each.ready), key=lambda each: each.order)
        if not ready():
            await self.fact("job.held", job_id=job.id, reason="no_listener")
        async with self.changed:
            await asyncio.wait_for(self.changed.wait_for(lambda: ready() or job.aborted.is_set()), 30)
        return None if job.aborted.is_set() else ready()[-1]

    async def speak(self, job):
        self.current = job
        while True:
            try:
                listener = await self.claim(job)
            except TimeoutError:
                return await self.fact("job.failed", job_id=job.id, code="no_listener", message="nobody can hear",
                                       delivered_text="", unspoken_text=job.text)
            if not listener:
                return await self.tell_aborted(job)
            self.sounding = listener
            self.reports, self.resume_at = asyncio.Queue(), asyncio.Queue()
            if await self.sound(job, listener):
                return

    async def sound(self, job, listener):
        """Sends a job and hears what comes of it; false when the listener was lost and another is to go on."""
        started, start, channel = job.confirmed > 0, job.confirmed, 0
        while True:
            channel = next(self.channels)
            sender = asyncio.create_task(self.stream(job, listener, channel, start))
            end, position = await self.follow(job, listener, started)
            started = True
            sender.cancel()
            if end == "finished":
                await self.fact("job.finished", job_id=job.id, duration_ms=job.duration, heard="confirmed",
                                listeners=[listener.id])
                return True
            if end == "aborted":
                await self.abort(job, listener, channel)
                return True
            if end == "flushed":
                return False
            try:
                start = await asyncio.wait_for(self.resume_at.get(), 2)
            except TimeoutError:
                return False

    async def follow(self, job, listener, started):
        while True:
            if job.aborted.is_set():
                return "aborted", job.confirmed
            if listener.connection is None:
                return "lost", job.confirmed
            try:
                report = await asyncio.wait_for(self.reports.get(), 0.02)
            except TimeoutError:
                continue
            if report["job_id"] != job.id or report["listener_id"] != listener.id:
                continue
            if not started:
                started = True
                await self.fact("job.started", job_id=job.id, text=job.text, voice="tone",
                                listeners=[listener.id])
                await self.tell({"v": 1, "type": "job.words", "job_id": job.id, "estimated": True,
                                 "words": words_of(job.text, job.duration)})
            job.confirmed = max(job.confirmed, report["position_ms"])
            await self.progress(job)
            if report["state"] in ("finished", "flushed"):
                return report["state"], job.confirmed

    async def progress(self, job):
        words = [word for word in words_of(job.text, job.duration) if word["start_ms"] <= job.confirmed]
        if words:
            spoken = {key: words[-1][key] for key in ("char_index", "char_end")}
            await self.tell({"v": 1, "type": "job.progress", "job_id": job.id, "word_index": len(words) - 1,
                             "position_ms": job.confirmed, "percent": job.confirmed * 100 // job.duration, **spoken})

    async def stream(self, job, listener, channel, start_ms):
        await self.send(listener.connection, {
            "type": "audio.begin", "listener_id": listener.id, "job_id": job.id, "channel": channel,
            "codec": "pcm_s16", "sample_rate": RATE, "channels": 1, "from_ms": start_ms, "pre_skip": 0})
        at = start_ms * RATE // 1000
        for sequence in itertools.count():
            if at >= len(job.samples):
                break
            while at * 1000 // RATE > max(job.confirmed, start_ms) + 900:
                await asyncio.sleep(0.01)
            payload = job.samples[at:at + FRAME].tobytes()
            await self.send(listener.connection, struct.pack("<BBHIII", 1, 2, 0, channel, sequence, at) + payload)
            at += FRAME
        await self.send(listener.connection, struct.pack("<BBHIII", 1, 3, 0, channel, sequence, at))

    async def abort(self, job, listener, channel):
        await self.send(listener.connection, struct.pack("<BBHIII", 1, 4, 0, channel, 0, 0))
        try:
            report = await asyncio.wait_for(self.reports.get(), 0.15)
            while report["state"] != "flushed":
                report = await asyncio.wait_for(self.reports.get(), 0.15)
            job.confirmed = report["position_ms"]
        except TimeoutError:
            pass
        await self.tell_aborted(job)

    async def tell_aborted(self, job):
        cut = len(job.text) * min(job.confirmed, job.duration) // job.duration
        await self.fact("job.aborted", job_id=job.id, reason="requested", estimated=True,
                        spoken_percent=100 * job.confirmed // job.duration,
                        delivered_text=job.text[:cut], unspoken_text=job.text[cut:])

    # Life

    async def run(self, ready):
        async with serve(self.talk, "127.0.0.1", self.port, process_request=self.page, compression=None,
                         select_subprotocol=lambda _socket, offered: "hearsay.v1" if "hearsay.v1" in offered else None) as server:
            self.port = server.sockets[0].getsockname()[1]
            ready.set()
            await self.speak_all()


def start():
    """Starts a server on a free port, in a thread that ends with the process."""
    server, ready = None, threading.Event()

    def work():
        nonlocal server

        async def main():
            nonlocal server
            server = FakeServer()
            await server.run(ready)

        asyncio.run(main())

    threading.Thread(target=work, daemon=True).start()
    ready.wait(10)
    return server


if __name__ == "__main__":
    fake = start()
    print(f"http://127.0.0.1:{fake.port}/player#token={fake.player_token}")
    print(f"admin {fake.admin_token}")
    threading.Event().wait()
