"""Peers that mean no good: raw sockets that send what no client sends, and a watch on how others fare meanwhile."""

import contextlib
import http.client
import json
import socket
import threading
import time

KEY = "dGhlIHNhbXBsZSBub25jZQ=="


def connect(server, seconds=10):
    return socket.create_connection(("127.0.0.1", server.port), seconds)


def frame(payload, opcode=1, final=True):
    """A frame of a client; a key of zeros leaves the payload as it is."""
    payload = payload.encode() if isinstance(payload, str) else payload
    if len(payload) < 126:
        length = bytes([0x80 | len(payload)])
    elif len(payload) < 65_536:
        length = bytes([0x80 | 126]) + len(payload).to_bytes(2, "big")
    else:
        length = bytes([0x80 | 127]) + len(payload).to_bytes(8, "big")
    return bytes([(0x80 if final else 0) | opcode]) + length + bytes(4) + payload


def command(name, /, **fields):
    return frame(json.dumps({"type": name, **fields}))


def request(server, path="/health", method="GET", **fields):
    lines = [f"{method} {path} HTTP/1.1", f"Host: 127.0.0.1:{server.port}"]
    lines += [f"{name.replace('_', '-')}: {value}" for name, value in fields.items()]
    return "\r\n".join(lines).encode() + b"\r\n\r\n"


def upgrade(server, token=None):
    return request(server, "/v1/ws", Upgrade="websocket", Connection="Upgrade", Sec_WebSocket_Key=KEY, Sec_WebSocket_Version=13,
                   Sec_WebSocket_Protocol=f"hearsay.v1, bearer.{token or server.admin_token}")


def welcomed(server, token=None):
    """A WebSocket that has said hello and read the welcome."""
    raw = connect(server)
    raw.sendall(upgrade(server, token) + command("hello"))
    data = b""
    while b'"welcome"' not in data:
        more = raw.recv(65_536)
        assert more, data
        data += more
    return raw


def pour(raw, data, seconds=3):
    """Sends until all is out, the server has closed, or it reads no more; returns how many bytes went."""
    sent, deadline = 0, time.monotonic() + seconds
    view = memoryview(data)
    raw.settimeout(0.5)
    while sent < len(view) and time.monotonic() < deadline:
        try:
            sent += raw.send(view[sent:sent + 262_144])
        except TimeoutError:
            continue
        except OSError:
            break
    return sent


def drain(raw, seconds=5, silence=0.5):
    """Everything that comes until the server closes or falls silent."""
    data, deadline = [], time.monotonic() + seconds
    raw.settimeout(silence)
    while time.monotonic() < deadline:
        try:
            more = raw.recv(1 << 20)
        except (TimeoutError, OSError):
            break
        if not more:
            break
        data.append(more)
    return b"".join(data)


def is_closed(raw, seconds=1):
    """Whether the server has closed; reads what there is."""
    raw.settimeout(seconds)
    try:
        while raw.recv(65_536):
            pass
        return True
    except TimeoutError:
        return False
    except OSError:
        return True


class Watch(threading.Thread):
    """Asks the server for its health again and again, and notes how long each answer took."""

    def __init__(self, server):
        super().__init__(daemon=True)
        self.server, self.times, self.failures, self.is_over = server, [], [], False

    def run(self):
        connection = http.client.HTTPConnection("127.0.0.1", self.server.port, timeout=10)
        while not self.is_over:
            began = time.monotonic()
            try:
                connection.request("GET", "/health")
                assert connection.getresponse().read()
            except Exception as error:
                self.failures.append(error)
                connection.close()
            self.times.append(time.monotonic() - began)
            time.sleep(0.005)
        connection.close()

    def p99(self):
        times = sorted(self.times)
        return times[min(len(times) - 1, len(times) * 99 // 100)]


@contextlib.contextmanager
def watched(server):
    """Watches while the body runs."""
    watch = Watch(server)
    watch.start()
    try:
        yield watch
    finally:
        watch.is_over = True
        watch.join(20)
