"""A listener that plays in real time against its own clock, keeps what it sounded, and misbehaves when asked to.

It obeys PROTOCOL.md: `started` with the first sample, `progress` every 250 ms, `finished`, `flushed`. Its loudspeaker is
a list of pieces with the moment each sounded.
"""

import dataclasses
import json
import random
import socket
import struct
import threading
import time

import numpy
from websockets.exceptions import ConnectionClosed, InvalidHandshake
from websockets.sync.client import connect

RATE = 24_000
TICK = 0.005
REPORT = 0.25
AUDIO, END, FLUSH = 2, 3, 4


@dataclasses.dataclass
class Behaviour:
    """What a listener does wrong; by default nothing."""

    confirm_after: float = 0  # seconds that `started` comes late
    confirms: bool = True  # says anything at all about what it plays
    dies: str = ""  # "begin", "started", "mid" or "finish": where its socket is torn down
    silent_after_ms: int | None = None  # says nothing more from this position on
    cut_at_ms: int | None = None  # loses its socket there, plays on, comes back and resumes
    mute_at_ms: int | None = None  # falls silent there and says so
    stops_reading_at_ms: int | None = None  # takes nothing from its socket any more
    instant: bool = False  # says of all that comes that it has sounded already, and sounds nothing
    leisure: float = 0  # seconds between two looks at its socket


@dataclasses.dataclass
class Piece:
    """Samples that sounded without a break."""

    job: str
    channel: int
    at: int  # the first sample's place in the job
    began: float  # time.monotonic() of the first sample
    samples: numpy.ndarray

    @property
    def end(self):
        return self.at + self.samples.size

    @property
    def ended(self):
        return self.began + self.samples.size / RATE


class Playing:
    """One channel: what came, and how much of it has sounded."""

    def __init__(self, begin):
        self.job, self.channel = begin["job_id"], begin["channel"]
        self.start = begin["from_ms"] * RATE // 1000
        self.came, self.count, self.done = [], 0, 0
        self.first_at = None  # place of the first sample in the job
        self.anchor = self.first_came = None
        self.reported = 0.0
        self.is_ended = self.is_confirmed = self.is_cut = False
        self.underruns = []

    def add(self, at, samples, now):
        if self.first_at is None:
            self.first_at, self.first_came = at, now
        assert at == self.first_at + self.count, f"channel {self.channel}: frame at {at}, expected {self.first_at + self.count}"
        self.came.append(samples)
        self.count += samples.size

    @property
    def position_ms(self):
        return ((self.first_at if self.first_at is not None else self.start) + self.done) * 1000 // RATE

    def lack(self, count):
        """Samples were due and were not there."""
        before, lacked = self.underruns.pop() if self.underruns else (None, 0)
        if before not in (None, self.position_ms):
            self.underruns.append((before, lacked))
            lacked = 0
        self.underruns.append((self.position_ms, lacked + count * 1000 // RATE))

    def take(self, count):
        if len(self.came) > 1:
            self.came = [numpy.concatenate(self.came)]
        return self.came[0][self.done:self.done + count]


class Listener:
    def __init__(self, port, token, session="default", behaviour=None, ready=True, start=True, **fields):
        self.port, self.token, self.behaviour = port, token, behaviour or Behaviour()
        self.fields = {"kind": "test", "session_id": session, "formats": ["pcm_s16"], "sample_rate": RATE, **fields}
        self.pieces, self.faults, self.messages, self.times = [], [], [], {}
        self.playings, self.ended = {}, []
        self.order, self.free_at = [], 0.0
        self.early_flushes = []  # channels that were flushed before they had begun
        self.changed = threading.Condition()
        self.is_stopping = self.is_dead = self.is_muted = self.was_cut = False
        self.id = self.socket = None
        self.wants_ready = ready
        self.open()
        self.thread = threading.Thread(target=self.work, daemon=True)
        if start:
            self.thread.start()

    # Joining

    def open(self, **more):
        self.socket = connect(
            f"ws://127.0.0.1:{self.port}/v1/ws", subprotocols=["hearsay.v1", f"bearer.{self.token}"], compression=None,
            max_queue=1 if self.behaviour.stops_reading_at_ms is not None else None, legacy=True, close_timeout=1)
        if self.behaviour.stops_reading_at_ms is not None:
            self.socket.socket.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        self.say("hello", req="hello", client={"name": "listener", "version": "1"})
        self.answer("hello")
        self.say("listener.open", req="open", **self.fields, **more)
        self.id = self.answer("open")["listener_id"]
        if self.wants_ready:
            self.set_ready(True)
            self.answer("state")

    def answer(self, request):
        """Reads until the answer to a request comes; only before the thread has taken over, or within it."""
        deadline = time.monotonic() + 10
        while True:
            message = self.socket.recv(timeout=max(0.01, deadline - time.monotonic()))
            self.handle(message, time.monotonic())
            if isinstance(message, str) and (said := json.loads(message)).get("req") == request:
                assert said["type"] != "error", said
                return said

    def set_ready(self, ready, reason=None):
        why = {"reason": reason} if reason else {}
        self.say("listener.state", req="state", listener_id=self.id, ready=ready, **why)

    def say(self, command, /, **fields):
        try:
            self.socket.send(json.dumps({"type": command, **fields}))
        except (ConnectionClosed, OSError):
            pass

    # Working

    def work(self):
        while not self.is_stopping and not self.is_dead:
            try:
                self.listen()
                self.play(time.monotonic())
            except (ConnectionClosed, OSError):
                break
            except Exception as fault:  # a fault in a thread would be lost otherwise
                self.fault(repr(fault))
                break
        with self.changed:
            self.is_dead = True
            self.changed.notify_all()

    def listen(self):
        """Takes everything that has come, and waits at most a tick for more."""
        if self.behaviour.stops_reading_at_ms is not None and self.heard_ms() >= self.behaviour.stops_reading_at_ms:
            time.sleep(TICK)
            return
        if self.behaviour.leisure:
            time.sleep(random.uniform(0, self.behaviour.leisure))
        wait = TICK if self.order else 0.05
        while True:
            try:
                message = self.socket.recv(timeout=wait)
            except TimeoutError:
                return
            self.handle(message, time.monotonic())
            wait = 0

    def handle(self, message, now):
        if isinstance(message, str):
            said = json.loads(message)
            with self.changed:
                self.messages.append(said)
                self.times[len(self.messages) - 1] = now
                self.changed.notify_all()
            if said["type"] == "audio.begin":
                self.begin(said)
            elif said["type"] == "error" and "req" not in said:
                self.fault(said)
            return
        version, kind, _, channel, _, at = struct.unpack("<BBHIII", message[:16])
        assert version == 1, version
        playing = self.playings.get(channel)
        if kind == AUDIO:
            if self.behaviour.dies == "begin":
                return self.die()
            assert playing, f"audio for channel {channel}, which has not begun"
            playing.add(at, numpy.frombuffer(message[16:], "<i2"), now)
            if self.behaviour.instant:
                self.hurry(playing)
        elif kind == END:
            playing.is_ended = True
            if self.behaviour.instant:
                self.retire(playing, "finished", playing.count)
        elif kind == FLUSH:
            if channel and channel not in self.playings:
                self.early_flushes.append(channel)
            for each in [each for each in self.order if channel in (0, each.channel)]:
                self.retire(each, "flushed", each.done)

    def hurry(self, playing):
        """Says that everything that came has sounded: `started` first, then a report for each 200 ms."""
        if not playing.is_confirmed:
            playing.is_confirmed = True
            self.report(playing, "started")
        elif playing.count - playing.done >= RATE // 5:
            playing.done = playing.count
            self.report(playing, "progress")

    def begin(self, begin):
        assert begin["codec"] == "pcm_s16" and begin["sample_rate"] == RATE and begin["channels"] == 1, begin
        playing = Playing(begin)
        self.playings[playing.channel] = playing
        self.order.append(playing)

    def retire(self, playing, state, done):
        if playing not in self.order:
            return
        self.order.remove(playing)
        playing.done = done
        if self.behaviour.confirms or state == "flushed":
            self.report(playing, state)
        with self.changed:
            self.ended.append((playing, state, time.monotonic()))
            self.changed.notify_all()

    def report(self, playing, state, position=None):
        silent = self.behaviour.silent_after_ms
        if silent is not None and playing.position_ms >= silent:
            return
        playing.reported = time.monotonic()
        self.say("playback", job_id=playing.job, listener_id=self.id, state=state,
                 position_ms=playing.position_ms if position is None else position)

    # Sounding

    def play(self, now):
        """Sounds what is due since the last look, of the oldest channel."""
        if not self.order or self.behaviour.instant or self.is_muted:
            return
        playing = next((each for each in self.order if each.first_at is not None or each.is_ended), None)
        wrong = self.behaviour
        if playing is None:
            return
        if playing.anchor is None:
            playing.anchor = max(self.free_at, playing.first_came or now)
        self.sound(playing, now)
        if wrong.confirms and not playing.is_confirmed and playing.done and now >= playing.anchor + wrong.confirm_after:
            playing.is_confirmed = True
            self.report(playing, "started", playing.first_at * 1000 // RATE)
            if wrong.dies == "started":
                return self.die()
        if playing.is_confirmed and now - playing.reported >= REPORT:
            self.report(playing, "progress")
        if wrong.dies == "mid" and playing.is_confirmed and playing.position_ms >= 700:
            return self.die()
        if wrong.cut_at_ms is not None and not self.was_cut and playing.position_ms >= wrong.cut_at_ms:
            return self.cut()
        if wrong.mute_at_ms is not None and playing.position_ms >= wrong.mute_at_ms:
            self.is_muted = True
            return self.set_ready(False, "muted")
        if playing.is_ended and playing.done == playing.count:
            self.free_at = playing.anchor + playing.done / RATE
            if wrong.dies == "finish":
                return self.die()
            if playing.is_cut:
                return self.order.remove(playing)
            self.retire(playing, "finished", playing.done)

    def sound(self, playing, now):
        due = int((now - playing.anchor) * RATE) - playing.done
        count = min(due, playing.count - playing.done)
        if count > 0:
            piece = Piece(playing.job, playing.channel, playing.first_at + playing.done,
                          playing.anchor + playing.done / RATE, playing.take(count))
            playing.done += count
            self.keep(piece)
        if due > count and not playing.is_ended:
            playing.lack(due - count)
            playing.anchor = now - playing.done / RATE

    def keep(self, piece):
        with self.changed:
            last = self.pieces[-1] if self.pieces else None
            if last and last.channel == piece.channel and abs(last.ended - piece.began) < 0.001:
                last.samples = numpy.concatenate([last.samples, piece.samples])
            else:
                self.pieces.append(piece)
            self.changed.notify_all()

    # Misbehaving

    def die(self):
        """As a process that is killed: the socket is torn down, nothing is said, nothing sounds any more."""
        self.is_dead = True
        self.tear()

    def tear(self):
        raw = self.socket.socket
        try:
            raw.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
            raw.shutdown(socket.SHUT_RDWR)
        except OSError:
            pass
        raw.close()

    def cut(self):
        self.was_cut = True
        self.tear()
        self.resume()

    def resume(self):
        """Comes back on a new socket and asks for what follows what it holds; what it holds sounds on."""
        playing, before = self.order[0], self.id
        received = ((playing.first_at or 0) + playing.count) * 1000 // RATE
        playing.is_ended = playing.is_cut = True
        # While the socket is away the loudspeaker plays on: `play` catches up with its clock.
        self.open(resume={"listener_id": before, "job_id": playing.job, "received_ms": received})

    def fault(self, what):
        with self.changed:
            self.faults.append(what)
            self.changed.notify_all()

    # Asked by tests

    def heard_ms(self):
        return self.playing_now().position_ms if self.order else 0

    def playing_now(self):
        return self.order[0]

    def sounded(self, job=None):
        """Every sample that sounded, in order."""
        with self.changed:
            parts = [piece.samples for piece in self.pieces if job in (None, piece.job)]
        return numpy.concatenate(parts) if parts else numpy.zeros(0, "<i2")

    def of(self, job):
        with self.changed:
            return [piece for piece in self.pieces if piece.job == job]

    def underruns(self):
        return [under for playing in self.playings.values() for under in playing.underruns]

    def wait(self, matches, seconds=20):
        with self.changed:
            assert self.changed.wait_for(lambda: self.faults or matches(self), seconds), f"nothing came: {self.messages[-5:]}"
            assert not self.faults, self.faults

    def wait_ended(self, count=1, seconds=30):
        self.wait(lambda listener: len(listener.ended) >= count, seconds)

    def wait_sounding(self, seconds=20):
        self.wait(lambda listener: listener.pieces, seconds)

    def left_open(self):
        """Channels that have begun and were neither ended nor flushed."""
        return [playing.channel for playing in self.order if not playing.is_ended]

    def received(self, job):
        """Every sample that came, whether it sounded or not."""
        with self.changed:
            return numpy.concatenate([part for playing in self.playings.values() if playing.job == job for part in playing.came])

    def began_at(self, job):
        """When the first frame of a job came."""
        return min(playing.first_came for playing in self.playings.values() if playing.job == job)

    def close(self):
        self.is_stopping = True
        if self.thread.is_alive():
            self.thread.join(5)
        try:
            self.socket.close()
        except (ConnectionClosed, OSError):
            pass
