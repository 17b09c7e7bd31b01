"""Peers that flood, dawdle or vanish: the server stays small, and everybody else is served as before."""

import contextlib
import select
import time

import pytest

from hearsay import Server, resident, until
from hostile import command, connect, drain, frame, is_closed, pour, request, upgrade, watched, welcomed

MIB = 1 << 20
# A flood of a few seconds may leave this much behind: buffers, the ring of events, what the allocator keeps.
GROWTH = 64 * MIB


@pytest.fixture(scope="module")
def server():
    """A server whose rates hold nobody back: what is bounded here must be bounded without them."""
    server = Server("--rate-admin", "1000000/s")
    yield server
    server.close()


@contextlib.contextmanager
def bounded(server):
    """Memory stays bounded and others are answered while the body runs, and the server is well after it."""
    before = resident(server.pid)
    with watched(server) as watch:
        yield watch
        assert until(lambda: len(watch.times) > 20, 20), watch.times
        grown = resident(server.pid) - before
    assert grown < GROWTH, f"{grown / MIB:.0f} MiB"
    assert not watch.failures, watch.failures
    assert watch.p99() < 1, watch.p99()
    assert server.ask("GET", "/health", token=None).status == 200


def many(*commands, count):
    return b"".join(commands) * (count // len(commands))


FLOODS = {
    "pings": lambda server: frame(b"x" * 100, opcode=9) * 100_000,
    "closes": lambda server: frame(b"\x03\xe8", opcode=8) * 100_000,
    "fragments": lambda server: frame("[", final=False) + frame("[", opcode=0, final=False) * 1_000_000,
    "hellos": lambda server: many(command("hello"), count=20_000),
    "unknown commands": lambda server: many(command("dance", req=1), count=20_000),
    "pings as commands": lambda server: many(command("ping", req="x" * 1_000), count=20_000),
    "subscriptions": lambda server: many(command("subscribe", events=["*"], last_seq=0), count=5_000),
    "subscriptions that end": lambda server: many(
        command("subscribe", events=["*"], last_seq=0), command("unsubscribe", events=["*"]), count=10_000),
    "listeners": lambda server: many(command("listener.open", kind="flood"), count=10_000),
    "sessions": lambda server: many(command("session.start"), count=5_000),
    "playback reports": lambda server: many(
        command("playback", job_id="job_nobody", listener_id="lis_nobody", state="progress", position_ms=1), count=20_000),
    "jobs": lambda server: many(command("speak", text="flood " * 100, expires_in_ms=3_000), count=1_000),
    "large messages": lambda server: many(command("ping", req="x" * 4 * MIB), count=20),
}


@pytest.mark.parametrize("reads", [True, False], ids=["reads", "reads nothing"])
@pytest.mark.parametrize("name", FLOODS)
def test_a_flood_stays_bounded_and_disturbs_nobody(server, name, reads):
    flood = FLOODS[name](server)
    raw = welcomed(server)
    with bounded(server):
        end, sent = time.monotonic() + 3, 0
        while sent < len(flood) and time.monotonic() < end:
            went = pour(raw, memoryview(flood)[sent:sent + MIB], 1)
            sent += went
            if reads:
                drain_now(raw)
            if not went:
                break
        raw.close()
        assert until(lambda: sockets(server) == 0), "the connection is still there"
    server.ask("POST", "/v1/abort", {"scope": "all"})


def drain_now(raw):
    raw.setblocking(False)
    with contextlib.suppress(OSError):
        while raw.recv(MIB):
            pass


def sockets(server):
    return int(server.metrics()["hearsay_connections", ("kind", "websocket"), ("tls", "false")])


def test_too_many_fragments_close_with_1009(server):
    raw = welcomed(server)
    pour(raw, frame("[", final=False) + frame("[", opcode=0, final=False) * 200_000)
    assert drain(raw).endswith(b"too many fragments (limit fragments)")


def test_pipelined_requests_without_a_reader_stay_in_the_kernel(server):
    with bounded(server):
        raw = connect(server)
        sent = pour(raw, request(server, "/player") * 1_500_000, 1)
        raw.close()
    assert sent < 24 * MIB, "it read on without an end"


def test_a_reader_of_events_that_stops_holds_nothing(server, talk):
    stalled = welcomed(server)
    stalled.sendall(command("subscribe", events=["*"]))
    sse = connect(server)
    sse.sendall(request(server, "/v1/events", Authorization=f"Bearer {server.admin_token}"))
    source = talk(server)
    with bounded(server):
        for _ in range(2_000):
            opened = source.ask("listener.open", kind="x" * 60, device="d" * 200)
            source.ask("listener.close", listener_id=opened["listener_id"])
    stalled.close()
    sse.close()


def test_slow_heads_and_silent_connections_end_and_disturb_nobody(server):
    slow = [connect(server) for _ in range(200)]
    silent = [connect(server) for _ in range(20)]
    text = request(server, X_Slow="x" * 400)
    with bounded(server):
        began = time.monotonic()
        for position in range(40):
            for raw in slow:
                with contextlib.suppress(OSError):
                    raw.send(text[position:position + 1])
            time.sleep(max(0, began + position * 0.25 - time.monotonic()))
        assert until(lambda: len(slow) + len(silent) >= http(server) - 1, 5)
        answers = [drain(raw, 6, 6) for raw in slow]
        assert all(answer.startswith(b"HTTP/1.1 408 ") for answer in answers), set(answers)
        assert all(is_closed(raw, 6) for raw in silent)
        assert time.monotonic() - began < 25
    for raw in slow + silent:
        raw.close()


def http(server):
    return int(server.metrics()["hearsay_connections", ("kind", "http"), ("tls", "false")])


def test_a_websocket_byte_by_byte_is_served(server):
    raw = connect(server)
    with bounded(server):
        for byte in upgrade(server) + command("hello") + command("ping", req="slow"):
            raw.send(bytes([byte]))
        assert until(lambda: b'"req":"slow"' in raw.recv(65_536))
    raw.close()


def test_connections_above_the_limit_are_refused_by_its_name(serve):
    server = serve("--limit", "connections=10")
    held = [connect(server) for _ in range(12)]
    assert until(lambda: len(select.select(held, [], [], 0)[0]) == 2)
    for raw in select.select(held, [], [], 0)[0]:
        answer = drain(raw)
        assert answer.startswith(b"HTTP/1.1 503 ") and b"(limit connections)" in answer, answer
    for raw in held:
        raw.close()
    assert until(lambda: server.ask("GET", "/health", token=None).status == 200)


def test_limits_are_set_shown_and_named(serve, talk):
    server = serve("--limit", "text_bytes=1KiB", "--limit", "jobs=2", "--limit", "listeners-per-connection=1")
    status, connection = server.get("/status"), talk(server)
    assert status["limits"] == connection.welcome["limits"]
    assert [status["limits"][name] for name in ("text_bytes", "jobs", "listeners_per_connection")] == [1024, 2, 1]
    assert server.ask("POST", "/v1/speak", {"text": "x" * 1025}).error["limit"] == "text_bytes"
    assert connection.ask("listener.open", kind="test", ready=False)["type"] == "ok"
    assert connection.ask("listener.open", kind="test")["limit"] == "listeners_per_connection"
    for _ in range(2):
        assert server.ask("POST", "/v1/speak", {"text": "x"}).status == 202
    refused = server.ask("POST", "/v1/speak", {"text": "x"})
    assert (refused.status, refused.error["code"], refused.error["limit"]) == (429, "too_many_jobs", "jobs")
