"""Programs of other makers: their servers with our client, and their clients with our server, byte by byte."""

import asyncio
import os
import pathlib
import subprocess

import pytest
from websockets.asyncio.client import connect

import case_peer
import peers

SERVERS = {"websockets": peers.websockets_server, "ws": peers.node_server}
CAME_BACK = "28 messages came back\n"
TEXT = "a\u00e9\u20ac\U0001f600"


@pytest.fixture(scope="module")
def program():
    return peers.build_probe()


@pytest.mark.parametrize("maker", SERVERS)
def test_our_client_gets_back_what_it_sent_to_their_server(program, maker):
    with SERVERS[maker]() as port:
        outcome = peers.probe(program, f"ws://127.0.0.1:{port}/")
    assert outcome.returncode == 0 and outcome.stdout == CAME_BACK, outcome


@pytest.mark.parametrize("maker", SERVERS)
def test_our_client_gets_back_what_it_sent_to_their_server_over_tls(program, maker, tmp_path):
    files = peers.certificate(tmp_path)
    with SERVERS[maker](files) as port:
        believed = peers.probe(program, f"wss://127.0.0.1:{port}/", files[0])
        doubted = peers.probe(program, f"wss://127.0.0.1:{port}/")
    assert believed.returncode == 0 and believed.stdout == CAME_BACK, believed
    assert doubted.returncode == 1 and "certificate" in doubted.stdout, doubted


def test_our_client_gets_back_what_it_sent_to_our_server(program, echo):
    authorities = [peers.trusted(echo)] if peers.trusted(echo) else []
    outcome = peers.probe(program, peers.url(echo, "/debug/echo"), *authorities)
    assert outcome.returncode == 0 and outcome.stdout == CAME_BACK, outcome


def test_ws_gets_back_what_it_sent_to_our_server(echo):
    outcome = peers.node_client(echo, "/debug/echo")
    assert outcome.returncode == 0 and outcome.stdout == CAME_BACK, outcome


def test_websockets_gets_back_what_it_sent_to_our_server(echo):
    async def talk():
        async with connect(peers.url(echo, "/debug/echo"), max_size=None, ssl=peers.trusting(echo)) as socket:
            assert not socket.protocol.extensions, "compression was offered and must not be accepted"
            for size in peers.SIZES:
                text = (TEXT * (size // 10 + 1)).encode()[:size].decode(errors="ignore")
                for message in (os.urandom(size), text, [text[:size // 3], text[size // 3:]]):
                    await socket.send(message)
                    assert await socket.recv() == ("".join(message) if isinstance(message, list) else message)
            await asyncio.wait_for(await socket.ping(), 10)
        assert socket.close_code == 1000

    asyncio.run(talk())


@pytest.mark.parametrize("echo", ["TLS"], indirect=True)
@pytest.mark.parametrize("size", [0, 125, 126, 65_535, 65_536, 1 << 20, 16 << 20])
def test_openssl_carries_a_message_there_and_back(echo, size):
    payload = os.urandom(size)
    request = (f"GET /debug/echo HTTP/1.1\r\nHost: 127.0.0.1:{echo.port}\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
               "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n\r\n").encode()
    command = ["openssl", "s_client", "-quiet", "-verify_return_error", "-connect", f"127.0.0.1:{echo.port}", "-CAfile", peers.trusted(echo)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL) as client:
        client.stdin.write(request + case_peer.frame(case_peer.BINARY, payload))
        client.stdin.flush()
        head = b""
        while not head.endswith(b"\r\n\r\n"):
            head += client.stdout.read(1)
        message = client.stdout.read(size + (2 if size < 126 else 4 if size < 65_536 else 10))
        client.stdin.write(case_peer.frame(case_peer.CLOSE, b"\x03\xe8"))
        client.stdin.flush()
        rest = client.stdout.read()
    assert head.startswith(b"HTTP/1.1 101 "), head
    assert message[0] == 0x82 and message.endswith(payload)
    assert rest == b"\x88\x02\x03\xe8"


def authorities(echo):
    return ["--cacert", peers.trusted(echo)] if peers.trusted(echo) else []


def curl(echo, *arguments, feed=None):
    command = ["curl", *authorities(echo), "--silent", "--show-error", "--max-time", "30", *arguments]
    return subprocess.run(command, input=feed, capture_output=True)


def test_curl_reads_a_page_byte_by_byte(echo, tmp_path):
    url = f"{echo.scheme}://127.0.0.1:{echo.port}/player"
    plain = curl(echo, url)
    assert plain.returncode == 0 and plain.stdout == (pathlib.Path(peers.ROOT) / "Web/player/index.html").read_bytes()
    for option in ("--http1.0", "--http2", "--compressed"):
        assert curl(echo, option, url).stdout == plain.stdout, option


def test_curl_asks_twice_on_one_connection(echo):
    url = f"{echo.scheme}://127.0.0.1:{echo.port}/health"
    outcome = curl(echo, "--write-out", "%{num_connects} %{http_code}\n", "--output", "/dev/null", "--head", url, "--next",
                   *authorities(echo), "--silent", "--write-out", "%{num_connects} %{http_code}\n", "--output", "/dev/null", url)
    assert outcome.stdout.decode().split("\n")[:2] == ["1 200", "0 200"], outcome


@pytest.mark.parametrize("framing", [[], ["--header", "Transfer-Encoding: chunked"], ["--header", "Expect: 100-continue"],
                                     ["--header", "Transfer-Encoding: chunked", "--header", "Expect: 100-continue"]])
def test_curl_sends_a_body_however_it_is_framed(echo, framing):
    """A text one character too long is told its length: every byte of it has arrived, and none twice."""
    label = "x" * 40 + TEXT
    outcome = curl(echo, "--header", f"Authorization: Bearer {echo.admin_token}", "--header", "Content-Type: application/json", *framing,
                   "--data-binary", "@-", f"{echo.scheme}://127.0.0.1:{echo.port}/v1/tokens",
                   feed=f'{{"scopes": ["events"], "label": "{label}"}}'.encode() + b" " * 300_000)
    assert outcome.returncode == 0 and f'"label":"{label}"' in outcome.stdout.decode().replace('": "', '":"'), outcome
