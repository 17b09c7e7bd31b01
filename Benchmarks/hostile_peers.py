"""The hostile peers of `disturbance.py`, each for a process of its own; they go on until they are killed."""

import contextlib
import resource
import time
import types

from hostile import command, connect, frame, request, welcomed


def slow_heads(port, token, ready):
    """2,000 connections that send their request a byte a second, and come again when they are closed."""
    _, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))
    server = types.SimpleNamespace(port=port)
    text = request(server, X_Slow="x" * 400)
    held = [[connect(server), 0] for _ in range(2_000)]
    ready.set()
    while True:
        began = time.monotonic()
        for each in held:
            try:
                each[0].send(text[each[1]:each[1] + 1])
                each[1] += 1
            except OSError:
                each[:] = [connect(server), 0]
            time.sleep(0.0002)
        time.sleep(max(0, 1 - (time.monotonic() - began)))


def endless(data):
    """A peer that sends the same again and again and reads what comes only to go on."""
    def peer(port, token, ready):
        server = types.SimpleNamespace(port=port, admin_token=token)
        flood = data(server) * 1_000
        while True:
            with contextlib.suppress(OSError):
                raw = connect(server) if flood.startswith(b"GET") else welcomed(server)
                raw.setblocking(False)
                ready.set()
                pour(raw, flood)
    return peer


def pour(raw, flood):
    while True:
        with contextlib.suppress(BlockingIOError):
            while raw.send(flood):
                pass
        with contextlib.suppress(BlockingIOError):
            while raw.recv(1 << 20):
                pass
        time.sleep(0.0005)


PEERS = {
    "2,000 slow heads": slow_heads,
    "a flood of pings": endless(lambda server: frame(b"x" * 100, opcode=9)),
    "a flood of commands": endless(lambda server: command("dance", req=1)),
    "a flood of requests": endless(lambda server: request(server, "/player")),
    "a flood of tiny fragments": endless(lambda server: frame("[", final=False) + frame("[", opcode=0, final=False) * 100),
}
