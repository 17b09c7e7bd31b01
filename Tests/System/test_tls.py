"""TLS: what others see of the certificate, and whom the command line believes."""

import asyncio
import datetime
import json
import os
import pathlib
import pty
import random
import re
import select
import shutil
import socket
import ssl
import subprocess
import time

import pytest
from websockets.asyncio.client import connect

from hearsay import PROGRAM, Server, clean_environment, run, until


@pytest.fixture(scope="module")
def secure():
    """One server with TLS on loopback, with a certificate of its own."""
    server = Server("--tls")
    yield server
    server.close()


@pytest.fixture(scope="module")
def echoing():
    """One that sends every message back, over TLS."""
    server = Server("--tls", "--debug-echo")
    yield server
    server.close()


@pytest.fixture
def home(tmp_path):
    """A home of a person who has met no server yet."""
    return {"HOME": str(tmp_path), "XDG_CONFIG_HOME": str(tmp_path / "config")}


def certificate(server):
    return server.data / "tls-certificate.pem"


def fingerprint(path):
    text = subprocess.run(["openssl", "x509", "-in", path, "-noout", "-fingerprint", "-sha256"], check=True,
                          capture_output=True, text=True).stdout
    return text.strip().split("=")[1]


def curl(*arguments):
    return subprocess.run(["curl", "-sS", "--max-time", "20", *arguments], capture_output=True, text=True)


def handshake(port, *arguments):
    """What openssl says of a handshake."""
    result = subprocess.run(["openssl", "s_client", "-connect", f"127.0.0.1:{port}", *arguments], input="", text=True,
                            capture_output=True, timeout=20)
    return result.stdout + result.stderr


def make_certificate(folder, name, names="DNS:localhost,IP:127.0.0.1", days=30):
    """By another hand: a certificate and its key."""
    folder.mkdir(exist_ok=True)
    paths = folder / f"{name}.pem", folder / f"{name}.key"
    subprocess.run(["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-subj",
                    f"/CN={name}", "-addext", f"subjectAltName={names}", "-days", str(days), "-out", paths[0], "-keyout",
                    paths[1]], check=True, capture_output=True)
    return paths


# What others see

def test_curl_believes_the_certificate_for_its_names_only(secure):
    for host in "localhost", "127.0.0.1":
        answer = curl("--cacert", certificate(secure), f"https://{host}:{secure.port}/health")
        assert answer.returncode == 0 and json.loads(answer.stdout)["status"] == "ok", answer
    elsewhere = curl("--cacert", certificate(secure), "--resolve", f"example.org:{secure.port}:127.0.0.1",
                     f"https://example.org:{secure.port}/health")
    assert elsewhere.returncode == 60, elsewhere
    assert curl(f"https://localhost:{secure.port}/health").returncode == 60


def test_the_certificate_is_as_browsers_want_it(secure):
    text = subprocess.run(["openssl", "x509", "-in", certificate(secure), "-noout", "-text"], check=True,
                          capture_output=True, text=True).stdout
    for part in ("Version: 3", "prime256v1", "CA:FALSE", "TLS Web Server Authentication", "DNS:localhost", "IP Address:127.0.0.1",
                 f"DNS:{socket.gethostname().split('.')[0]}.local", "ecdsa-with-SHA256"):
        assert part in text, part
    years = datetime.timedelta(days=3650)
    until_text = re.search(r"Not After : (.*) GMT", text)[1]
    end = datetime.datetime.strptime(until_text, "%b %d %H:%M:%S %Y")
    assert abs(end - datetime.datetime.now(datetime.UTC).replace(tzinfo=None) - years) < datetime.timedelta(days=1)
    assert subprocess.run(["openssl", "verify", "-x509_strict", "-CAfile", certificate(secure), certificate(secure)],
                          capture_output=True).returncode == 0


def test_the_key_is_its_owners_alone_and_the_print_is_told(secure):
    assert (secure.data / "tls-key.pem").stat().st_mode & 0o777 == 0o600
    told = fingerprint(certificate(secure))
    assert any(told in line for line in secure.lines), secure.lines
    assert any("https://127.0.0.1" in line for line in secure.lines)


def test_current_versions_are_spoken_and_old_ones_refused(secure):
    for version in "-tls1_2", "-tls1_3":
        said = handshake(secure.port, version, "-CAfile", str(certificate(secure)), "-verify_return_error")
        assert "Verify return code: 0 (ok)" in said and "Cipher is (NONE)" not in said, said
    for version in "-tls1", "-tls1_1":
        assert "Cipher is (NONE)" in handshake(secure.port, version, "-cipher", "ALL:@SECLEVEL=0")


def test_a_client_cannot_negotiate_anew(secure):
    process = subprocess.Popen(["openssl", "s_client", "-connect", f"127.0.0.1:{secure.port}", "-tls1_2"], text=True,
                               stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
    said = process.communicate("R\n", timeout=20)[0]
    assert "RENEGOTIATING" in said and "no renegotiation" in said, said


def test_the_player_page_answers_over_https(secure):
    page = curl("--cacert", certificate(secure), "-i", f"https://localhost:{secure.port}/player").stdout
    assert page.startswith("HTTP/1.1 200") and "<html" in page


def test_plain_http_is_sent_to_https(secure):
    answer = curl("-i", "-X", "POST", "-d", "{}", f"http://127.0.0.1:{secure.port}/v1/speak?wait=none").stdout
    assert answer.startswith("HTTP/1.1 308")
    assert f"Location: https://127.0.0.1:{secure.port}/v1/speak?wait=none" in answer
    assert curl("-i", "-H", "Host: a/b", f"http://127.0.0.1:{secure.port}/").stdout.startswith("HTTP/1.1 400")


def test_the_same_certificate_after_a_restart(serve, tmp_path):
    server = serve("--tls", folder=tmp_path / "data")
    first = fingerprint(certificate(server))
    server.terminate()
    assert fingerprint(certificate(serve("--tls", folder=tmp_path / "data"))) == first


def web_socket(server, path, talk, **options):
    """Runs `talk` on a WebSocket over TLS.

    Not with the client's threads: two of them use one TLS session at a time there, and one connection in some hundreds
    hangs, whatever the server. To the address, since not every machine knows the certificate's name.
    """
    address = f"wss://localhost:{server.port}{path}"

    async def run():
        context = ssl.create_default_context(cafile=str(certificate(server)))
        async with connect(address, host="127.0.0.1", ssl=context, compression=None, **options) as socket:
            return await asyncio.wait_for(talk(socket), 30)
    return asyncio.run(run())


def test_a_web_socket_speaks_through_tls(secure):
    async def talk(socket):
        await socket.send(json.dumps({"type": "hello", "token": secure.admin_token}))
        assert json.loads(await socket.recv())["type"] == "welcome"
        for number in range(100):
            await socket.send(json.dumps({"type": "ping", "req": number}))
        assert [json.loads(await socket.recv())["req"] for _ in range(100)] == list(range(100))
    web_socket(secure, "/v1/ws", talk, subprotocols=["hearsay.v1"])


@pytest.mark.parametrize("size", [0, 1, 125, 126, 16_383, 16_384, 16_385, 65_535, 65_536, 1 << 20, 16 << 20])
def test_messages_of_every_size_come_back_whole_through_tls(echoing, size):
    message = random.Random(size).randbytes(size)

    async def talk(socket):
        await socket.send(message)
        return await socket.recv()
    assert web_socket(echoing, "/debug/echo", talk, max_size=None) == message


def test_one_server_answers_near_ones_plainly_and_others_with_tls(serve):
    server = serve("--listen", "0.0.0.0:0")
    urls = server.wait_line(r"listens on (http://\S+) and (https://\S+)")
    assert "127.0.0.1" in urls[1] and "0.0.0.0" not in urls[2]
    port = int(urls[2].rsplit(":", 1)[1])
    assert curl("--cacert", certificate(server), f"https://127.0.0.1:{port}/health").returncode == 0
    assert curl(urls[1] + "/health").returncode == 0
    assert server.scheme == "https" and server.port == port
    assert run("voices", "--data", str(server.data)).code == 0


def test_without_tls_it_says_so(serve):
    server = serve("--insecure-http", listen="0.0.0.0:0")
    assert server.scheme == "http"
    assert server.wait_line("WARNING.*without TLS")


# Certificates of the user's

def test_a_certificate_from_a_file_is_shown_and_changed_files_are_read_again(serve, tmp_path):
    first, key = make_certificate(tmp_path / "tls", "first")
    server = serve("--tls-cert", str(first), "--tls-key", str(key))
    shown = lambda: ssl.get_server_certificate(("127.0.0.1", server.port), timeout=10)
    assert ssl.PEM_cert_to_DER_cert(shown()) == ssl.PEM_cert_to_DER_cert(first.read_text())
    first.write_text("not a certificate\n")
    server.wait_line("certificate.unusable")
    assert shown()
    second, second_key = make_certificate(tmp_path / "tls", "second")
    shutil.copy(second_key, key)
    shutil.copy(second, first)
    server.wait_line("certificate.reloaded")
    assert ssl.PEM_cert_to_DER_cert(shown()) == ssl.PEM_cert_to_DER_cert(second.read_text())
    assert run("voices", "--data", str(server.data)).code == 0


def test_a_certificate_that_cannot_be_used_is_explained(tmp_path):
    good, key = make_certificate(tmp_path, "good")
    other = make_certificate(tmp_path, "other")[1]
    locked = tmp_path / "locked.key"
    subprocess.run(["openssl", "pkey", "-in", key, "-aes256", "-passout", "pass:x", "-out", locked], check=True)
    missing = tmp_path / "missing.pem"
    for certificate, key, reason in ((good, other, "not that of the certificate"), (good, locked, "encrypted"),
                                     (missing, key, "there is no file"), (key, key, "no certificate"),
                                     (good, good, "no private key")):
        outcome = run("serve", "--data", str(tmp_path / "data"), "--listen", "127.0.0.1:0", "--tls-cert", str(certificate),
                      "--tls-key", str(key))
        assert outcome.code == 1 and reason in outcome.err, (reason, outcome)


# Whom the command line believes

def test_say_accepts_a_pinned_certificate(secure, tmp_path, home):
    pin = fingerprint(certificate(secure))
    for text in pin, pin.replace(":", "").lower():
        outcome = run("say", "pinned", "--wav", str(tmp_path / "out.wav"), "--fingerprint", text, *secure.arguments(),
                      environment=home)
        assert outcome.code == 0 and (tmp_path / "out.wav").stat().st_size > 44, outcome


def test_every_command_goes_over_tls(secure, home):
    trust = {**home, "HEARSAY_CA_FILE": str(certificate(secure))}
    for command in (["voices"], ["sessions"], ["token", "list"], ["abort", "--all"],
                    ["say", "--deliver", "none", "nobody"]):
        outcome = run(*command, *secure.arguments(), environment=trust)
        assert outcome.code not in (5, 7, 9), outcome
        assert "not trusted" not in outcome.said and "certificate of" not in outcome.said, outcome


def test_an_unknown_certificate_is_refused_with_what_to_do(secure, home):
    for command in ["say", "x"], ["voices"], ["events"], ["play"]:
        outcome = run(*command, *secure.arguments(), environment=home)
        assert outcome.code == 5 and fingerprint(certificate(secure)) in outcome.said, outcome
        assert "--fingerprint" in outcome.said
    outcome = run("voices", "--json", *secure.arguments(), environment=home)
    assert outcome.code == 5 and outcome.lines[0]["error"] == "certificate_unknown"


def test_another_certificate_than_the_pinned_one_is_refused(secure, home):
    pin = "AA:" * 31 + "AA"
    outcome = run("voices", "--json", "--fingerprint", pin, *secure.arguments(), environment=home)
    assert outcome.code == 5 and outcome.lines[0]["error"] == "certificate_changed", outcome
    known = pathlib.Path(home["XDG_CONFIG_HOME"], "hearsay", "known_servers")
    known.parent.mkdir(parents=True)
    known.write_text(f"nonsense\n127.0.0.1:{secure.port} {pin}\n")
    outcome = run("voices", *secure.arguments(), environment=home)
    assert outcome.code == 5 and str(known) in outcome.err and f"127.0.0.1:{secure.port}" in outcome.err, outcome


def test_a_certificate_for_another_host_or_time_is_refused(serve, tmp_path, home):
    other, key = make_certificate(tmp_path, "other", "DNS:box.example")
    server = serve("--tls-cert", str(other), "--tls-key", str(key))
    outcome = run("voices", "--json", "--ca-file", str(other), *server.arguments(), environment=home)
    assert outcome.code == 5 and outcome.lines[0]["error"] == "certificate_wrong_host", outcome
    assert "box.example" in outcome.out


def test_a_url_with_the_wrong_scheme_is_explained(secure, serve, home):
    outcome = run("voices", "--server", f"http://127.0.0.1:{secure.port}", environment=home)
    assert outcome.code == 7 and f"https://127.0.0.1:{secure.port}" in outcome.err, outcome
    plain = serve()
    outcome = run("voices", "--server", f"https://127.0.0.1:{plain.port}", environment=home)
    assert outcome.code == 7 and "does not speak TLS" in outcome.err, outcome


def test_the_command_line_of_the_same_machine_needs_nothing(secure, home):
    assert run("voices", "--data", str(secure.data), environment=home).code == 0


def on_terminal(answer, *arguments, environment):
    """Runs a command on a terminal and answers its question; returns its exit code and what it showed."""
    pid, terminal = pty.fork()
    if pid == 0:
        os.execve(PROGRAM, [PROGRAM, *arguments], clean_environment() | environment)
    shown, deadline, answered = b"", time.monotonic() + 30, False
    while time.monotonic() < deadline and select.select([terminal], [], [], 30)[0]:
        try:
            piece = os.read(terminal, 4096)
        except OSError:  # the other side of the terminal is closed
            break
        shown += piece
        if b"yes or no: " in shown and not answered:
            answered = True
            os.write(terminal, answer)
    code = os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])
    os.close(terminal)
    return code, shown.decode()


def test_on_a_terminal_it_asks_once_and_remembers(secure, home):
    known = pathlib.Path(home["XDG_CONFIG_HOME"], "hearsay", "known_servers")
    for answer in b"no\n", b"\n", b"\x03":
        code, shown = on_terminal(answer, "voices", *secure.arguments(), environment=home)
        assert code == 5 and fingerprint(certificate(secure)) in shown, shown
        assert not known.exists()
    code, shown = on_terminal(b"yes\n", "voices", *secure.arguments(), environment=home)
    assert code == 0 and "tone" in shown, shown
    assert known.read_text() == f"127.0.0.1:{secure.port} {fingerprint(certificate(secure))}\n"
    assert known.stat().st_mode & 0o777 == 0o600
    code, shown = on_terminal(b"", "voices", *secure.arguments(), environment=home)
    assert code == 0 and "yes or no" not in shown
    assert run("voices", *secure.arguments(), environment=home).code == 0


# Strangers

def test_silent_and_broken_handshakes_leave_nothing_behind(secure):
    sockets = [socket.create_connection(("127.0.0.1", secure.port)) for _ in range(50)]
    for number, each in enumerate(sockets):
        each.sendall([b"", b"\x16", b"\x16\x03\x01\x02\x00\x01", b"\x16" + b"\xff" * 200][number % 4])
    assert curl("--cacert", certificate(secure), f"https://localhost:{secure.port}/health").returncode == 0
    for each in sockets:
        each.close()
    connections = lambda: secure_connections(secure.port)
    assert until(lambda: connections() == 0), connections()


def secure_connections(port):
    """Established connections on the server's side of a port."""
    lines = pathlib.Path("/proc/net/tcp").read_text().splitlines()[1:]
    return sum(line.split()[1].endswith(f":{port:04X}") and line.split()[3] in ("01", "08") for line in lines)
