"""Bad input: each has its stable code and a sentence that says what to do, and disturbs nobody else."""

import json
import os
import pathlib
import re
import socket
import subprocess
import tempfile

import numpy
import pytest

import tone
from hearsay import run

TEXT = "While others send nonsense, this is heard."
KIB = 1024


@pytest.fixture
def undisturbed(server, listen, control):
    """Another connection keeps playing meanwhile, and hears everything."""
    listener = listen(server)
    job = control.speak(TEXT)
    control.event("job.started", job)
    yield
    assert control.end(job)["type"] == "job.finished"
    assert numpy.array_equal(listener.sounded(job), tone.samples_of(TEXT))
    assert not listener.underruns()


BAD = [({"text": ""}, "empty_text", 400), ({"text": " \n\t "}, "empty_text", 400), ({}, None, 400),
       ({"text": "x" * (65 * KIB)}, "text_too_long", 413), ({"text": "x" * (KIB * KIB)}, "text_too_long", 413),
       ({"text": "é" * (33 * KIB)}, "text_too_long", 413),
       ({"text": "x", "voice": "nobody-has-this-voice"}, "unknown_voice", 404),
       ({"text": "x", "colour": "red"}, "unknown_field", 400), ({"text": 7}, "wrong_type", 400),
       ({"text": "x", "speed": "fast"}, "wrong_type", 400), ({"text": "x", "private": "yes"}, "wrong_type", 400),
       ({"text": "x", "speed": 9}, None, 400), ({"text": "x", "volume": -1}, None, 400), ({"text": "x", "priority": 11}, None, 400),
       ({"text": "x", "deliver": "nowhere-at-all"}, None, None), ({"text": "x", "deliver": []}, None, 400),
       ({"text": "x", "interrupt": "everyone"}, None, 400), ({"text": "x", "session_id": "ses_nobody"}, "unknown_session", 404),
       ({"text": "x", "session_id": "s" * 65}, None, None), ({"text": None}, None, 400)]


@pytest.mark.parametrize("body, code, status", BAD, ids=lambda value: json.dumps(value)[:40] if isinstance(value, dict) else None)
def test_a_bad_request_has_its_code(server, talk, body, code, status):
    answer = server.ask("POST", "/v1/speak", body)
    if body.get("deliver") == "nowhere-at-all" and answer.status < 300:
        return
    assert 400 <= answer.status < 500 and (status is None or answer.status in (status, 422, 413)), answer
    assert_told(answer.error)
    if code:
        assert answer.error["code"] == code, answer.error
    if code in ("unknown_field", "wrong_type"):
        field = next(key for key in ("colour", "speed", "private", "text") if key in body and body[key] != "x")
        assert answer.error.get("field") == field, answer.error
    said = talk(server).ask("speak", **body)
    assert said["type"] == "error" and said["code"] == answer.error["code"], (said, answer.error)


def assert_told(error):
    """A stable code and a sentence, neither of them long."""
    assert re.fullmatch(r"[a-z][a-z0-9_]+", error["code"]), error
    assert " " in error["message"] and len(error["message"]) < 400, error


def test_a_text_of_64_kib_is_taken(server, control):
    job = control.speak("y " * (32 * KIB), deliver="session", expires_in_ms=0)
    assert control.end(job)["code"] == "no_listener"


def test_bad_requests_disturb_nobody(server, talk, undisturbed):
    connection = talk(server)
    for body, _, _ in BAD[:12]:
        server.ask("POST", "/v1/speak", body)
        connection.ask("speak", **body)
    hostile(server)


def hostile(server):
    """Everything that no client sends."""
    for frame in (b"\x81\x82\0\0\0\0\xc3\x28", b"\x82\x80\0\0\0\0", b"\xf1\x80\0\0\0\0", b"\x81\x02{}", b"\x81\xff\x7f" + b"\xff" * 7 + bytes(4)):
        raw_frame(server, frame, waits=False)
    with socket.create_connection(("127.0.0.1", server.port), 5) as raw:
        raw.sendall(b"\0" * 4096)


def raw_frame(server, frame, waits=True):
    """Sends bytes on an open WebSocket and returns the close code that comes."""
    key = "dGhlIHNhbXBsZSBub25jZQ=="
    head = (f"GET /v1/ws HTTP/1.1\r\nHost: 127.0.0.1:{server.port}\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
            f"Sec-WebSocket-Key: {key}\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Protocol: hearsay.v1, bearer.{server.admin_token}\r\n\r\n")
    with socket.create_connection(("127.0.0.1", server.port), 10) as raw:
        raw.sendall(head.encode() + masked(b'{"type":"hello"}') + frame)
        data = b""
        if not waits:
            return None
        try:
            while more := raw.recv(65_536):
                data += more
        except ConnectionResetError:
            pass
    data = data[data.index(b"\r\n\r\n") + 4:]
    while data:
        opcode, length, at = data[0] & 15, data[1] & 127, 2
        if length == 126:
            length, at = int.from_bytes(data[2:4], "big"), 4
        if opcode == 8:
            return int.from_bytes(data[at:at + 2], "big")
        data = data[at + length:]
    return None


def masked(payload):
    return bytes([0x81, 0x80 | len(payload)]) + bytes(4) + payload


@pytest.mark.parametrize("frame, code", [(b"\x81\x82\0\0\0\0\xc3\x28", 1007), (b"\x81\x02{}", 1002), (b"\xf1\x80\0\0\0\0", 1002),
                                         (b"\x83\x80\0\0\0\0", 1002), (b"\x81\xff\x00\x00\x00\x00\x7f\xff\xff\xff\0\0\0\0", 1009)])
def test_a_broken_frame_closes_with_its_code(server, frame, code):
    assert raw_frame(server, frame) == code


def test_audio_for_an_unknown_channel_has_its_code_and_the_connection_lives(server, talk):
    connection = talk(server)
    connection.socket.send(bytes([1, 1, 0, 0]) + (4242).to_bytes(4, "little") + bytes(8) + bytes(640))
    answer = connection.until("error")
    assert_told(answer)
    assert answer["code"] == "unknown_channel", answer
    assert connection.ask("ping")["type"] == "ok"


@pytest.mark.parametrize("frame", [b"", b"\1", bytes(16), b"\2" + bytes(15), bytes([1, 9]) + bytes(14)])
def test_a_broken_audio_header_has_its_code(server, talk, frame):
    connection = talk(server)
    connection.socket.send(frame)
    message = None
    try:
        message = connection.until("error")
    except Exception:
        assert connection.closed() == 4400
    if message:
        assert_told(message)


@pytest.mark.parametrize("opening, closing", [("[", "]"), ('{"a":', "}")])
def test_deep_json_is_refused(server, talk, opening, closing):
    for depth in (200, 100_000):
        nest = opening * depth + "1" + closing * depth
        connection = talk(server)
        connection.socket.send('{"type":"speak","req":"deep","text":' + nest + "}")
        assert_told(connection.until("error"))
        assert connection.ask("ping")["type"] == "ok"
        answer = server.ask("POST", "/v1/speak", '{"text":' + nest + "}", Content_Type="application/json")
        assert 400 <= answer.status < 500, answer
    assert server.ask("GET", "/health", token=None).status == 200


@pytest.mark.parametrize("body", ["", "no json", "[]", "7", '{"text":"x"', '{"text":"\xff"}'.encode("latin-1"), '{"text":"\\ud800"}'])
def test_a_body_that_is_no_request_has_its_code(server, body):
    answer = server.ask("POST", "/v1/speak", body, Content_Type="application/json")
    assert answer.status == 400, answer
    assert_told(answer.error)


def test_a_body_of_nine_megabytes_is_413(server):
    head = f"POST /v1/speak HTTP/1.1\r\nHost: 127.0.0.1\r\nAuthorization: Bearer {server.admin_token}\r\nContent-Length: {9 << 20}\r\n\r\n"
    with socket.create_connection(("127.0.0.1", server.port), 10) as raw:
        raw.sendall(head.encode())
        assert raw.recv(65_536).split(b" ", 2)[1] == b"413"


def test_an_unknown_command_has_its_code(server, talk):
    answer = talk(server).ask("sing", text="la")
    assert answer["type"] == "error" and answer["code"] == "unknown_command", answer


def test_an_unknown_listener_job_and_event_have_their_codes(server, talk):
    connection = talk(server)
    for command, fields, code in [("listener.state", {"listener_id": "lis_nobody", "ready": True}, "unknown_listener"),
                                  ("subscribe", {"events": ["job.exploded"]}, None), ("abort", {"scope": "everything"}, None),
                                  ("abort", {"scope": "job"}, None)]:
        answer = connection.ask(command, **fields)
        assert answer["type"] == "error", (command, answer)
        assert_told(answer)
        assert code in (None, answer["code"]), answer
    answer = server.ask("GET", "/v1/jobs/job_nobody")
    assert answer.status == 404 and answer.error["code"] == "unknown_job", answer


# The start

def refused(*arguments, **options):
    """A `serve` that must not start: its exit code is not 0 and it says what to do."""
    outcome = run("serve", "--no-speaker", "--tone", *arguments, seconds=20, **options)
    assert outcome.code not in (0, -11, -6, -4, -5), outcome
    assert 10 < len(outcome.err.strip()) < 1_500, outcome
    return outcome


def test_a_port_in_use_is_told(server, tmp_path):
    outcome = refused("--data", str(tmp_path / "data"), "--listen", f"127.0.0.1:{server.port}")
    assert str(server.port) in outcome.err and "--listen" in outcome.err, outcome.err


def test_a_second_server_on_one_data_folder_is_told(server, undisturbed):
    outcome = refused("--data", str(server.data), "--listen", "127.0.0.1:0")
    assert str(server.data) in outcome.err and "--data" in outcome.err, outcome.err


def test_a_data_folder_that_is_a_file_is_told(tmp_path):
    (tmp_path / "data").write_text("not a folder")
    assert "data" in refused("--data", str(tmp_path / "data"), "--listen", "127.0.0.1:0").err


def test_a_data_folder_that_is_not_writable_is_told(tmp_path):
    folder = tmp_path / "data"
    folder.mkdir(mode=0o500)
    if os.geteuid() == 0:
        # Root may write everywhere but where the kernel itself says no.
        outcome = refused("--data", "/proc/hearsay-data", "--listen", "127.0.0.1:0")
        assert "/proc/hearsay-data" in outcome.err
        subject = {"user": 65_534, "group": 65_534, "environment": {"HOME": "/nonexistent"}}
        os.chmod(tmp_path, 0o755)
    else:
        subject = {}
    outcome = refused("--data", str(folder), "--listen", "127.0.0.1:0", **subject)
    assert str(folder) in outcome.err, outcome.err


@pytest.mark.parametrize("arguments", [["--listen", "127.0.0.1:99999"], ["--listen", "nonsense"], ["--colour", "red"]])
def test_wrong_arguments_are_told(tmp_path, arguments):
    refused("--data", str(tmp_path / "data"), *arguments)


def test_a_data_folder_of_a_newer_version_is_told(serve):
    import sqlite3
    server = serve()
    server.terminate()
    with sqlite3.connect(server.data / "hearsay.db") as database:
        database.execute("pragma user_version = 9999")
    outcome = refused("--data", str(server.data), "--listen", "127.0.0.1:0")
    assert "newer" in outcome.err, outcome.err


@pytest.fixture
def full_disk():
    """A folder on a disk of its own that is too small."""
    if os.geteuid() != 0:
        pytest.fail("needs root for a small disk: run the tests with sudo, or in a container")
    folder = tempfile.mkdtemp(prefix="hearsay-disk-")
    subprocess.run(["mount", "-t", "tmpfs", "-o", "size=512k", "tmpfs", folder], check=True)
    yield pathlib.Path(folder)
    subprocess.run(["umount", "-l", folder], check=True)
    os.rmdir(folder)


def fill(folder):
    with open(folder / "ballast", "wb", buffering=0) as file:
        try:
            while file.write(bytes(512)):
                pass
        except OSError:
            pass


def test_a_full_disk_at_the_start_is_told(full_disk):
    fill(full_disk)
    outcome = refused("--data", str(full_disk / "data"), "--listen", "127.0.0.1:0")
    assert "space" in outcome.err or "full" in outcome.err, outcome.err


def test_a_disk_that_fills_up_stops_tokens_and_no_sentence(serve, listen, controls, full_disk):
    server = serve(folder=full_disk / "data")
    listener, control = listen(server), controls(server)
    job = control.speak(TEXT)
    control.event("job.started", job)
    fill(full_disk)
    codes = []
    for _ in range(60):
        answer = server.ask("POST", "/v1/tokens", {"scopes": ["speak"], "label": "x" * 60})
        if answer.status >= 400:
            codes.append(answer.error["code"])
            assert_told(answer.error)
            assert answer.status in (500, 503, 507), answer
    assert codes and len(set(codes)) == 1, codes
    assert control.end(job)["type"] == "job.finished"
    assert numpy.array_equal(listener.sounded(job), tone.samples_of(TEXT))
    unkept = control.speak(TEXT)
    degraded = control.wait(lambda each: each["type"] == "journal.changed")
    assert degraded["state"] == "degraded" and "full" in degraded["reason"], degraded
    assert server.get("/status")["status"] == "degraded"
    keyed = server.ask("POST", "/v1/speak", {"text": TEXT, "idempotency_key": "k"})
    assert (keyed.status, keyed.error["code"]) == (507, "disk_full"), "a key that cannot be kept is no promise"
    assert control.end(unkept)["type"] == "job.finished", "speaking goes on"
    (full_disk / "ballast").unlink()
    control.wait(lambda each: each["type"] == "journal.changed" and each["state"] == "ok")
    assert [step["event"] for step in server.get(f"/v1/jobs/{unkept}")["timeline"]] == ["accepted", "begun", "started", "ended"]
    assert server.get("/status")["status"] == "ok"
    assert server.ask("POST", "/v1/tokens", {"scopes": ["speak"]}).status in (200, 201), "it mends itself"
