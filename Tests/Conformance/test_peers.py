"""Programs of other makers: their servers with our client, and their clients with our server, byte by byte."""

import os
import pathlib
import subprocess

import pytest
from websockets.sync.client import connect

import peers

SERVERS = {"websockets": peers.websockets_server, "ws": peers.node_server}
TEXT = "a\u00e9\u20ac\U0001f600"


@pytest.fixture(scope="module")
def program():
    return peers.build_probe()


@pytest.mark.parametrize("maker", SERVERS)
def test_our_client_gets_back_what_it_sent_to_their_server(program, maker):
    with SERVERS[maker]() as port:
        outcome = peers.probe(program, f"ws://127.0.0.1:{port}/")
    assert outcome.returncode == 0 and outcome.stdout == "28 messages came back\n", outcome


def test_our_client_gets_back_what_it_sent_to_our_server(program, echo):
    outcome = peers.probe(program, f"ws://127.0.0.1:{echo.port}/debug/echo")
    assert outcome.returncode == 0 and outcome.stdout == "28 messages came back\n", outcome


def test_ws_gets_back_what_it_sent_to_our_server(echo):
    outcome = peers.node_client(f"ws://127.0.0.1:{echo.port}/debug/echo")
    assert outcome.returncode == 0 and outcome.stdout == "28 messages came back\n", outcome


def test_websockets_gets_back_what_it_sent_to_our_server(echo):
    with connect(f"ws://127.0.0.1:{echo.port}/debug/echo", max_size=None) as socket:
        assert not socket.protocol.extensions, "compression was offered and must not be accepted"
        for size in peers.SIZES:
            text = (TEXT * (size // 10 + 1)).encode()[:size].decode(errors="ignore")
            for message in (os.urandom(size), text, [text[:size // 3], text[size // 3:]]):
                socket.send(message)
                assert socket.recv() == ("".join(message) if isinstance(message, list) else message)
        assert socket.ping().wait(10)
    assert socket.close_code == 1000


def curl(*arguments, feed=None):
    return subprocess.run(["curl", "--silent", "--show-error", "--max-time", "30", *arguments], input=feed, capture_output=True)


def test_curl_reads_a_page_byte_by_byte(echo, tmp_path):
    url = f"http://127.0.0.1:{echo.port}/player"
    plain = curl(url)
    assert plain.returncode == 0 and plain.stdout == (pathlib.Path(peers.ROOT) / "Web/player/index.html").read_bytes()
    for option in ("--http1.0", "--http2", "--compressed"):
        assert curl(option, url).stdout == plain.stdout, option


def test_curl_asks_twice_on_one_connection(echo):
    url = f"http://127.0.0.1:{echo.port}/health"
    outcome = curl("--write-out", "%{num_connects} %{http_code}\n", "--output", "/dev/null", "--head", url, "--next",
                   "--silent", "--write-out", "%{num_connects} %{http_code}\n", "--output", "/dev/null", url)
    assert outcome.stdout.decode().split("\n")[:2] == ["1 200", "0 200"], outcome


@pytest.mark.parametrize("framing", [[], ["--header", "Transfer-Encoding: chunked"], ["--header", "Expect: 100-continue"],
                                     ["--header", "Transfer-Encoding: chunked", "--header", "Expect: 100-continue"]])
def test_curl_sends_a_body_however_it_is_framed(echo, framing):
    """A text one character too long is told its length: every byte of it has arrived, and none twice."""
    label = "x" * 40 + TEXT
    outcome = curl("--header", f"Authorization: Bearer {echo.admin_token}", "--header", "Content-Type: application/json", *framing,
                   "--data-binary", "@-", f"http://127.0.0.1:{echo.port}/v1/tokens",
                   feed=f'{{"scopes": ["events"], "label": "{label}"}}'.encode() + b" " * 300_000)
    assert outcome.returncode == 0 and f'"label":"{label}"' in outcome.stdout.decode().replace('": "', '":"'), outcome
