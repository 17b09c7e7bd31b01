"""A wire between page and server that can be read, cut and held down: what both said is seen whichever server it is."""

import asyncio
import json
import pathlib
import struct
import threading
import time

KINDS = {1: "source", 2: "audio", 3: "end", 4: "flush"}
# The tap's own module comes from the wire, because the page may load scripts from its own origin only.
TAP = "/web/tap-processor.js"


class Frames:
    """Reads the WebSocket messages out of one direction of a connection."""

    def __init__(self, tell):
        self.data, self.head, self.tell = bytearray(), True, tell

    def feed(self, data):
        self.data += data
        if self.head:
            end = self.data.find(b"\r\n\r\n")
            if end < 0:
                return
            self.head, first = False, bytes(self.data[:end]).split(b"\r\n")[0]
            self.is_socket = b"/v1/ws" in first or b" 101 " in first
            del self.data[:end + 4]
        while self.is_socket and self.message():
            pass

    def message(self):
        data = self.data
        if len(data) < 2:
            return False
        length, at = data[1] & 127, 2
        if length > 125:
            size = 2 if length == 126 else 8
            length, at = int.from_bytes(data[2:2 + size], "big"), 2 + size
        mask = data[at:at + 4] if data[1] & 128 else bytes(4)
        at += 4 if data[1] & 128 else 0
        if len(data) < at + length:
            return False
        payload = bytes(byte ^ mask[i & 3] for i, byte in enumerate(data[at:at + length])) if any(mask) else bytes(data[at:at + length])
        opcode = data[0] & 15
        del data[:at + length]
        if opcode == 1:
            self.tell(json.loads(payload))
        if opcode == 2:
            _, kind, _, channel, _, timestamp = struct.unpack("<BBHIII", payload[:16])
            self.tell({"type": "frame", "kind": KINDS[kind], "channel": channel, "timestamp": timestamp,
                       "samples": (len(payload) - 16) // 2})
        return True


class Wire:
    def __init__(self, target):
        self.target, self.port, self.is_down, self.refuses_sockets = target, 0, False, False
        self.sent, self.received, self.times = [], [], {}
        self.changed, self.ready = threading.Condition(), threading.Event()
        self.connections, self.frozen, self.sockets = set(), set(), []
        self.loop = asyncio.new_event_loop()
        threading.Thread(target=self.work, daemon=True).start()
        self.ready.wait(10)

    def work(self):
        asyncio.set_event_loop(self.loop)
        self.loop.run_until_complete(self.listen())
        self.loop.run_forever()

    async def listen(self):
        self.server = await asyncio.start_server(self.accept, "127.0.0.1", 0)
        self.port = self.server.sockets[0].getsockname()[1]
        self.ready.set()

    async def accept(self, reader, writer):
        if self.is_down:
            return writer.transport.abort()
        there_reader, there_writer = await asyncio.open_connection("127.0.0.1", self.target)
        pair = (writer, there_writer)
        self.connections.add(pair)
        await asyncio.gather(
            self.pump(pair, reader, there_writer, self.sent, back=writer),
            self.pump(pair, there_reader, writer, self.received))
        self.connections.discard(pair)

    async def pump(self, pair, reader, writer, messages, back=None):
        frames = Frames(lambda message: self.note(messages, message))
        try:
            while data := await reader.read(65_536):
                if back and data.startswith(f"GET {TAP} ".encode()):
                    back.write(tap_response())
                    continue
                if pair in self.frozen:
                    continue
                if back and data.startswith(b"GET /v1/ws") and self.refuses_sockets:
                    return back.transport.abort()
                if back and data.startswith(b"GET /v1/ws"):
                    self.sockets.append(pair)
                writer.write(data)
                frames.feed(data)
                await writer.drain()
            writer.close()
        except OSError:
            writer.transport.abort()

    def note(self, messages, message):
        with self.changed:
            messages.append(message)
            self.times[id(message)] = time.perf_counter()
            self.changed.notify_all()

    def wait_sent(self, seconds=60, **fields):
        """The first message of the page that has these fields."""
        return self.wait(self.sent, fields, seconds)

    def wait_received(self, seconds=60, **fields):
        """The first message of the server that has these fields."""
        return self.wait(self.received, fields, seconds)

    def wait(self, messages, fields, seconds):
        with self.changed:
            if not self.changed.wait_for(lambda: pick(messages, fields), seconds):
                raise AssertionError(f"nobody said {fields}, but {[m for m in messages if m['type'] != 'frame'][-8:]}")
            return pick(messages, fields)[0]

    def all_sent(self, **fields):
        return pick(self.sent, fields)

    def all_received(self, **fields):
        return pick(self.received, fields)

    def cut(self):
        """Cuts every connection as a lost network does."""
        def abort():
            for pair in list(self.connections):
                for writer in pair:
                    writer.transport.abort()
        self.loop.call_soon_threadsafe(abort)

    def freeze(self):
        """Swallows all that is said on the connections of now, as a network does that died without a word."""
        self.loop.call_soon_threadsafe(lambda: self.frozen.update(self.connections))

    def say(self, message):
        """Says something to the page in the server's name."""
        self.inject(1, json.dumps(message).encode())

    def refuse(self, code):
        """Closes the page's socket in the server's name."""
        page, server = self.sockets[-1]
        self.loop.call_soon_threadsafe(self.frozen.add, (page, server))
        self.inject(8, struct.pack(">H", code))
        self.loop.call_soon_threadsafe(page.close)
        self.loop.call_soon_threadsafe(server.transport.abort)

    def inject(self, opcode, payload):
        length = bytes([len(payload)]) if len(payload) < 126 else struct.pack(">BH", 126, len(payload))
        self.loop.call_soon_threadsafe(self.sockets[-1][0].write, bytes([128 | opcode]) + length + payload)

    def close(self):
        self.is_down = True
        self.cut()
        asyncio.run_coroutine_threadsafe(self.settle(), self.loop).result(10)
        self.loop.call_soon_threadsafe(self.loop.stop)

    async def settle(self):
        self.server.close()
        while self.connections:
            await asyncio.sleep(0)


def tap_response():
    body = (pathlib.Path(__file__).parent / "tap-processor.js").read_bytes()
    return b"HTTP/1.1 200 OK\r\nContent-Type: text/javascript\r\nContent-Length: %d\r\n\r\n%b" % (len(body), body)


def pick(messages, fields):
    return [message for message in messages if all(message.get(key) == value for key, value in fields.items())]
