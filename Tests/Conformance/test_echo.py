"""The echo under a client that does not read."""

import os
import socket
import threading

import pytest

import case_peer
from hearsay import resident, until

# The sockets below are read and written by two threads, which one TLS session does not bear.
plainly = pytest.mark.parametrize("echo", ["plain"], indirect=True)


def open_echo(port):
    connection = socket.create_connection(("127.0.0.1", port), timeout=30)
    connection.sendall(f"GET /debug/echo HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
                       "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n\r\n".encode())
    head = b""
    while not head.endswith(b"\r\n\r\n"):
        head += connection.recv(1)
    assert head.startswith(b"HTTP/1.1 101 "), head
    return connection


@plainly
def test_a_client_that_sends_and_does_not_read_is_paused(echo):
    """100 MB are sent; what the kernel's buffers do not hold waits at the client, and all comes back in the end."""
    payloads = [os.urandom(1_000_000) for _ in range(100)]
    before = resident(echo.pid)
    with open_echo(echo.port) as connection:
        sent = []

        def send():
            for payload in payloads:
                connection.sendall(case_peer.frame(case_peer.BINARY, payload))
                sent.append(payload)

        sender = threading.Thread(target=send)
        sender.start()
        # Paused is what does not go on for a second.
        counts = []
        assert until(lambda: counts.append(len(sent)) or (len(counts) > 10 and counts[-1] == counts[-11]), seconds=20, pause=0.1), counts
        assert 0 < len(sent) < 60, "it was never paused"
        assert resident(echo.pid) - before < 40_000_000
        with connection.makefile("rb") as reader:
            for payload in payloads:
                head = reader.read(10)
                assert head == b"\x82\x7f" + len(payload).to_bytes(8, "big")
                assert reader.read(len(payload)) == payload
        sender.join(10)
        assert len(sent) == 100


@plainly
def test_a_message_above_the_limit_is_refused_by_its_header(echo):
    with open_echo(echo.port) as connection:
        connection.sendall(case_peer.frame(case_peer.BINARY, bytes(126))[:1] + b"\xff" + (16 * 1024 * 1024 + 1).to_bytes(8, "big") + bytes(4))
        answer = connection.recv(4)
    assert answer[0] == 0x88 and int.from_bytes(answer[2:4], "big") == 1009


def test_the_echo_is_not_there_unless_it_is_asked_for():
    from hearsay import Server
    server = Server()
    try:
        with open_echo(server.port) as connection:
            answer = connection.recv(4)
        assert answer[0] == 0x88 and int.from_bytes(answer[2:4], "big") == 4400
    finally:
        server.close()
