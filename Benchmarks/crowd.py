"""What a hundred listeners cost: on one job, and each on a job of its own."""

import asyncio
import json
import struct
import time

import websockets

from hearsay import Server, children, resident
from life import spent
from report import Figure

COUNT = 100
TEXT = "The listeners of this sentence are many, and each of them hears every word of it. "
REPORT = 0.25
AUDIO, END, FLUSH = 2, 3, 4


class Ear:
    """A listener that reports as a browser does, by its clock, and decodes nothing."""

    def __init__(self, session, codec):
        self.session, self.codec, self.bytes, self.lack, self.ended = session, codec, 0, 0.0, asyncio.Event()

    async def open(self, port, token):
        self.socket = await websockets.connect(f"ws://127.0.0.1:{port}/v1/ws", subprotocols=["hearsay.v1", f"bearer.{token}"],
                                               compression=None, max_size=None)
        await self.say("hello", req=1, client={"name": "ear", "version": "1"})
        await self.answer(1)
        await self.say("listener.open", req=2, kind="bench", session_id=self.session, formats=[self.codec], sample_rate=24_000)
        self.id = (await self.answer(2))["listener_id"]
        await self.say("listener.state", req=3, listener_id=self.id, ready=True)
        self.task = asyncio.create_task(self.listen())

    async def answer(self, request):
        while True:
            message = await self.socket.recv()
            if isinstance(message, str) and (said := json.loads(message)).get("req") == request:
                return said

    async def say(self, command, /, **fields):
        await self.socket.send(json.dumps({"type": command, **fields}))

    async def listen(self):
        async for message in self.socket:
            if isinstance(message, str):
                if (said := json.loads(message))["type"] == "audio.begin":
                    self.job, self.rate, self.began, self.came, self.is_complete = said["job_id"], said["sample_rate"], None, 0, False
                continue
            _, kind, _, _, _, at = struct.unpack("<BBHIII", message[:16])
            if kind == AUDIO:
                await self.take(at, message)
            elif kind == END:
                self.is_complete = True
            elif kind == FLUSH:
                await self.report("flushed")

    async def take(self, at, message):
        now = time.monotonic()
        self.bytes += len(message)
        if self.began is None:
            self.began = now
            await self.report("started")
            self.reporting = asyncio.create_task(self.play())
        self.lack = max(self.lack, now - self.began - at / self.rate)
        self.came = at + (len(message) - 16) // 2 if self.codec == "pcm_s16" else at + self.rate // 50

    async def play(self):
        """Reports by the clock, until what came last has sounded."""
        while not self.is_complete or self.left > 0:
            await asyncio.sleep(min(REPORT, self.left) if self.is_complete else REPORT)
            await self.report("progress")
        await self.report("finished")
        self.ended.set()

    @property
    def left(self):
        return self.began + self.came / self.rate - time.monotonic()

    async def report(self, state):
        sounded = min(self.came, (time.monotonic() - self.began) * self.rate) if self.began else 0
        await self.say("playback", job_id=self.job, listener_id=self.id, state=state, position_ms=int(sounded / self.rate * 1000))


def crowds(quick):
    for codec in ("pcm_s16", "opus"):
        for is_shared, what, sentences in ((True, f"{COUNT} listeners on one job", 12),
                                           (False, f"{COUNT} sessions with a job and a listener each", 6)):
            yield from asyncio.run(crowd(codec, is_shared, f"{what}, {codec}", 2 if quick else sentences))


async def crowd(codec, is_shared, what, sentences):
    server = Server("--rate-admin", "none", voice="slt")
    try:
        server.wav("Good morning.")
        before = resident(server.pid)
        ears = [Ear("*" if is_shared else f"room-{number}", codec) for number in range(COUNT)]
        for ear in ears:
            if not is_shared:
                assert server.ask("POST", "/v1/sessions", {"session_id": ear.session}).status == 201
            await ear.open(server.port, server.admin_token)
        attended = resident(server.pid)
        workers = Spending(server)
        used, began = spent(server.pid), time.monotonic()
        for session in ["default"] if is_shared else [ear.session for ear in ears]:
            job = {"text": TEXT * sentences, "session_id": session, "deliver": "all" if is_shared else "session"}
            answer = await asyncio.to_thread(server.ask, "POST", "/v1/speak", job)
            assert answer.status == 202, answer
        most = attended
        while not all(ear.ended.is_set() for ear in ears):
            assert time.monotonic() - began < 300, "not all were served"
            most = max(most, resident(server.pid))
            workers.look()
            await asyncio.sleep(0.2)
        seconds, used = time.monotonic() - began, spent(server.pid) - used
        for ear in ears:
            ear.task.cancel()
            await ear.socket.close()
        heard = sum(ear.came / ear.rate for ear in ears)
        spoken = heard / COUNT if is_shared else heard
        return [
            Figure(f"{what}: processor of the server for a second heard by one", [used / heard * 1000],
                   note=f"{heard:.0f} s were heard within {seconds:.0f} s"),
            Figure(f"{what}: processor of the engine's workers for a second of speech", [workers.seconds / spoken * 1000]),
            Figure(f"{what}: memory for a listener that waits", [(attended - before) / COUNT / 1024], unit="KiB"),
            Figure(f"{what}: memory for one that hears", [(most - before) / COUNT / 1024], unit="KiB",
                   note="the most while they sounded, less what was there before they came"),
            Figure(f"{what}: latest frame", [max(0.0, ear.lack) * 1000 for ear in ears],
                   note="how long after its time a listener's latest frame came; 0 if none was late"),
        ]
    finally:
        server.close()


class Spending:
    """What the engine's workers take, those included that come and go."""

    def __init__(self, server):
        self.pid, self.known, self.before = server.pid, {}, {}
        self.look()
        self.before = dict(self.known)

    def look(self):
        for pid in children(self.pid):
            try:
                self.known[pid] = spent(pid)
            except OSError:
                continue

    @property
    def seconds(self):
        return sum(used - self.before.get(pid, 0) for pid, used in self.known.items())
