"""One connection of a conformance case: a WebSocket client that does what cases ask, right or wrong.

Its public names are those that the cases call.
"""

import asyncio
import os
import struct
from collections import Counter

from suite_cases import Constants

CONTINUATION, TEXT, BINARY, CLOSE, PING, PONG = 0, 1, 2, 8, 9, 10
# How long the server may take to close the socket after both close frames.
DROP_SECONDS = 5
# How long it may take to answer a close frame.
CLOSE_SECONDS = 10
# The longest that a case may take in all; only one that hangs does.
CASE_SECONDS = 100


def masked(payload, key):
    """The payload under its mask; numbers of any length make that fast."""
    mask = (key * (len(payload) // 4 + 1))[:len(payload)]
    return (int.from_bytes(payload, "big") ^ int.from_bytes(mask, "big")).to_bytes(len(payload), "big")


def frame(opcode, payload, fin=True, rsv=0):
    key, count = os.urandom(4), len(payload)
    first = (0x80 if fin else 0) | rsv << 4 | opcode
    if count < 126:
        head = struct.pack("!BB", first, 0x80 | count)
    elif count < 65536:
        head = struct.pack("!BBH", first, 0x80 | 126, count)
    else:
        head = struct.pack("!BBQ", first, 0x80 | 127, count)
    return head + key + masked(payload, key)


def repeated(payload, count):
    return (payload * (count // len(payload) + 1))[:count] if payload else b""


class CasePeer(Constants):
    class factory:
        isServer = False

    def __init__(self, reader, writer):
        self.reader, self.writer = reader, writer
        self.loop = asyncio.get_running_loop()
        self.timers = []
        self.state = self.STATE_OPEN
        self.connectionWasOpen = True
        self.closedByMe = self.droppedByMe = self.wasClean = False
        self.remoteCloseCode = self.remoteCloseReason = self.localCloseReason = None
        self.autoFragmentSize = 0
        self.txFrameStats = Counter()
        self.createWirelog = False

    # What cases send

    def sendFrame(self, opcode, payload="", fin=True, rsv=0, payload_len=None, chopsize=None, sync=False):
        data = payload.encode("latin-1")
        if payload_len is not None:
            data = repeated(data, payload_len)
        self.txFrameStats[opcode] += 1
        data = frame(opcode, data, fin, rsv)
        for start in range(0, len(data), chopsize or len(data)):
            self.write(data[start:start + (chopsize or len(data))])

    def sendMessage(self, payload, isBinary=False, fragmentSize=None):
        size = fragmentSize or self.autoFragmentSize or len(payload) or 1
        opcode = BINARY if isBinary else TEXT
        for start in range(0, len(payload) or 1, size):
            self.sendFrame(opcode if start == 0 else CONTINUATION, payload[start:start + size], start + size >= len(payload))

    def beginMessage(self, isBinary=False):
        self.messageOpcode = BINARY if isBinary else TEXT

    def beginMessageFrame(self, length):
        """A frame whose payload follows piece by piece; a mask of zeros leaves each as it is."""
        self.txFrameStats[self.messageOpcode] += 1
        self.write(frame(self.messageOpcode, bytes(length), fin=False)[:-length - 4] + bytes(4))
        self.messageOpcode = CONTINUATION

    def sendMessageFrameData(self, payload, sync=False):
        self.write(payload.encode("latin-1"))

    def endMessage(self):
        self.sendFrame(CONTINUATION)

    def sendCloseFrame(self, code=None, reasonUtf8=None, isReply=False):
        if self.state == self.STATE_OPEN:
            self.state = self.STATE_CLOSING
            self.closedByMe = not isReply
            self.localCloseReason = reasonUtf8
            head = b"" if code is None else struct.pack("!H", code & 0xFFFF)
            self.sendFrame(CLOSE, head.decode("latin-1") + (reasonUtf8 or ""))

    def sendClose(self, code=None, reason=None):
        self.sendCloseFrame(code, reason)
        self.later(CLOSE_SECONDS, self.failConnection)

    def write(self, data):
        if not self.writer.is_closing():
            self.writer.write(data)

    # What cases do later

    def later(self, seconds, work):
        self.timers.append(self.loop.call_later(seconds, lambda: self.state != self.STATE_CLOSED and work()))

    def continueLater(self, seconds, work, tag=None):
        self.later(seconds, work)

    def closeAfter(self, seconds):
        self.later(seconds, self.sendClose)

    def killAfter(self, seconds):
        self.later(seconds, self.failConnection)

    def failConnection(self):
        if self.state != self.STATE_CLOSED:
            self.droppedByMe, self.wasClean = True, False
            self.state = self.STATE_CLOSED
            self.writer.transport.abort()

    def enableWirelog(self, enable):
        pass

    # What the server sends

    async def run(self, case):
        """Serves a case until the connection is over."""
        case.onOpen()
        try:
            await asyncio.wait_for(self.read(case), CASE_SECONDS)
        except (asyncio.IncompleteReadError, asyncio.TimeoutError, OSError):
            pass
        self.state = self.STATE_CLOSED
        for timer in self.timers:
            timer.cancel()
        self.writer.close()
        case.onClose(self.wasClean, self.remoteCloseCode, self.remoteCloseReason)
        case.onConnectionLost(self.droppedByMe)

    async def read(self, case):
        parts, is_binary = [], False
        while True:
            opcode, is_final, payload = await self.read_frame()
            if opcode == CLOSE:
                return await self.closed(payload)
            if opcode == PING:
                self.sendFrame(PONG, payload.decode("latin-1"))
                case.onPing(payload.decode("latin-1"))
            elif opcode == PONG:
                case.onPong(payload.decode("latin-1"))
            else:
                is_binary = opcode == BINARY if opcode else is_binary
                parts.append(payload)
                if is_final:
                    case.onMessage(b"".join(parts).decode("latin-1"), is_binary)
                    parts = []

    async def read_frame(self):
        first, second = await self.reader.readexactly(2)
        assert not first & 0x70 and not second & 0x80, "a server sends neither reserved bits nor a mask"
        count = second
        if second >= 126:
            count = int.from_bytes(await self.reader.readexactly(2 if second == 126 else 8), "big")
            assert count >= (126 if second == 126 else 65536), "a length is written as short as it can be"
        return first & 15, bool(first & 0x80), await self.reader.readexactly(count)

    async def closed(self, payload):
        """Answers a close frame, unless it is an answer itself; the server then closes the socket first."""
        self.remoteCloseCode = int.from_bytes(payload[:2], "big") if payload else None
        self.remoteCloseReason = payload[2:].decode("utf-8")
        self.wasClean = True
        self.sendCloseFrame(self.CLOSE_STATUS_CODE_NORMAL, isReply=True)
        self.state = self.STATE_CLOSING
        try:
            rest = await asyncio.wait_for(self.reader.read(), DROP_SECONDS)
            assert not rest, "nothing follows a close frame"
        except asyncio.TimeoutError:
            self.droppedByMe = True
        except OSError:
            pass


async def play(make_case, port, path="/debug/echo", tls=None):
    """Plays one case against the server; returns it with its verdicts."""
    reader, writer = await asyncio.open_connection("127.0.0.1", port, limit=1 << 20, ssl=tls)
    writer.write(f"GET {path} HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
                 "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n\r\n".encode())
    head = await reader.readuntil(b"\r\n\r\n")
    assert head.startswith(b"HTTP/1.1 101 "), head
    peer = CasePeer(reader, writer)
    case = make_case(peer)
    await peer.run(case)
    return case
