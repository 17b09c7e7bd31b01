"""HTTP: what is there, what is not, and in which words."""

import socket

import pytest

import numpy
import tone
from hearsay import until

POLICY = {
    "default-src": "'self'", "connect-src": "'self'", "img-src": "'self' data:",
    "media-src": "'self' blob:", "style-src": "'self'", "script-src": "'self'",
    "worker-src": "'self'", "base-uri": "'none'", "form-action": "'none'", "frame-ancestors": "'none'", "object-src": "'none'",
}


def test_health_needs_no_token_and_tells_little(server):
    answer = server.ask("GET", "/health", token=None)
    assert answer.status == 200 and answer.json["status"] == "ok", answer
    assert server.admin_token not in answer.data.decode()


def test_status_needs_one(server):
    assert server.ask("GET", "/status", token=None).status == 401
    answer = server.ask("GET", "/status")
    assert answer.status == 200 and isinstance(answer.json, dict)


def test_the_player_page_has_a_strict_policy(server):
    answer = server.ask("GET", "/player", token=None)
    assert answer.status == 200 and answer.headers["content-type"].startswith("text/html")
    policy = dict(part.strip().split(" ", 1) for part in answer.headers["content-security-policy"].split(";") if part.strip())
    assert policy == POLICY
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert answer.headers["referrer-policy"] == "no-referrer"


def test_a_page_that_is_known_is_not_sent_again(server):
    answer = server.ask("GET", "/player", token=None)
    tag = answer.headers["etag"]
    again = server.ask("GET", "/player", token=None, If_None_Match=tag)
    assert again.status == 304 and not again.data and again.headers["etag"] == tag
    assert server.ask("GET", "/player", token=None, If_None_Match=f'"x", {tag}').status == 304
    assert server.ask("GET", "/player", token=None, If_None_Match='"other"').status == 200


def test_the_parts_of_the_page_are_there(server):
    import re
    page = server.ask("GET", "/player", token=None).data.decode()
    parts = re.findall(r'(?:src|href)="(/[^"#]+)"', page)
    assert parts
    for part in parts:
        answer = server.ask("GET", part, token=None)
        assert answer.status == 200 and answer.data, part
        assert "etag" in answer.headers


@pytest.mark.parametrize("path", ["/nowhere", "/v1/nowhere", "/player/../../etc/passwd", "/web/%2e%2e/%2e%2e/etc/passwd", "/web/nothing.js", "/v1",
                                  "/v1%2Fvoices", "/v1/jobs/a/b"])
def test_what_is_not_there_is_404(server, path):
    answer = server.ask("GET", path)
    assert answer.status in (400, 404) and answer.error["code"] in ("not_found", "bad_request") and answer.error["message"], answer


@pytest.mark.parametrize("method, path, allow", [("GET", "/v1/speak", "POST"), ("DELETE", "/v1/voices", "GET"), ("POST", "/health", "GET"),
                                                 ("PUT", "/player", "GET")])
def test_a_wrong_method_is_405_and_names_the_right_ones(server, method, path, allow):
    answer = server.ask(method, path)
    assert answer.status == 405 and answer.error["code"] == "method_not_allowed", answer
    assert allow in answer.headers["allow"]


def test_head_is_get_without_a_body(server):
    answer, whole = server.ask("HEAD", "/player", token=None), server.ask("GET", "/player", token=None)
    assert answer.status == 200 and not answer.data
    assert answer.headers["content-length"] == whole.headers["content-length"]


def test_voices_and_engines_are_listed(server):
    voices = server.get("/v1/voices")["voices"]
    names = {voice.get("id") or voice.get("voice_id") for voice in voices}
    assert {"tone", "slt", "rms", "awb", "kal16"} <= names, names
    assert server.run("voices").code == 0
    for name in ("slt", "rms", "awb", "kal16"):
        assert name in server.run("voices").out


def test_speak_answers_at_once_or_waits(server, listen):
    listener = listen(server)
    text = "Wait for it."
    now = server.ask("POST", "/v1/speak", {"text": text})
    assert now.status in (200, 202) and now.json["job_id"] and now.json["status"] in ("queued", "sounding", "started"), now
    started = server.ask("POST", "/v1/speak?wait=started", {"text": text})
    assert started.json["listeners"] == [listener.id], started
    finished = server.ask("POST", "/v1/speak?wait=finished", {"text": text})
    assert finished.status == 200 and finished.json["status"] == "finished" and finished.json["heard"] == "confirmed", finished
    assert numpy.array_equal(listener.sounded(finished.json["job_id"]), tone.samples_of(text))
    assert server.ask("POST", "/v1/speak?wait=forever", {"text": text}).status == 400


def test_a_caller_that_hangs_up_changes_nothing(server, listen, control):
    listener = listen(server)
    text = "The one who asked for this has gone."
    before = {job["job_id"] for job in server.jobs()}
    body = f'{{"text":"{text}"}}'
    with socket.create_connection(("127.0.0.1", server.port), 5) as raw:
        raw.sendall((f"POST /v1/speak?wait=finished HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer {server.admin_token}\r\n"
                     f"Content-Type: application/json\r\nContent-Length: {len(body)}\r\n\r\n{body}").encode())
        listener.wait_sounding()
    job = next(job["job_id"] for job in server.jobs() if job["job_id"] not in before)
    assert control.end(job)["type"] == "job.finished"
    assert numpy.array_equal(listener.sounded(job), tone.samples_of(text))


def test_a_job_can_be_looked_at_and_deleted(server, listen, control):
    listener = listen(server)
    job = control.speak("This sentence is deleted over HTTP while it sounds.")
    control.event("job.started", job)
    assert server.get(f"/v1/jobs/{job}")["job_id"] == job
    assert job in [each["job_id"] for each in server.jobs()]
    assert server.ask("DELETE", f"/v1/jobs/{job}").status in (200, 204)
    assert control.end(job)["type"] == "job.aborted"
    assert server.get(f"/v1/jobs/{job}")["status"] == "aborted"
    listener.wait_ended()


def test_what_this_version_does_not_know_is_refused_and_not_ignored(server):
    answer = server.ask("POST", "/v1/speak", {"text": "Only once.", "emotion": "joy"})
    assert answer.status == 400 and answer.error["code"] == "out_of_range" and "urgent" in answer.error["message"], answer


def test_listeners_are_listed_with_their_readiness(server, listen):
    listener = listen(server)
    listed = lambda: {each["listener_id"]: each for each in server.get("/v1/listeners")["listeners"]}
    assert listed()[listener.id]["ready"] is True
    listener.set_ready(False, "muted")
    assert until(lambda: listed()[listener.id]["ready"] is False)
    listener.die()
    assert until(lambda: listener.id not in listed())


def test_keep_alive_serves_many_requests_on_one_connection(server):
    import http.client
    connection = http.client.HTTPConnection("127.0.0.1", server.port, timeout=5)
    for _ in range(20):
        connection.request("GET", "/health")
        response = connection.getresponse()
        assert response.status == 200 and response.read()
    connection.close()


@pytest.mark.parametrize("raw", [b"GET / HTTP/1.1\r\n\r\n", b"GET / HTTP/9.9\r\nHost: localhost\r\n\r\n", b"nonsense\r\n\r\n",
                                 b"GET /health HTTP/1.1\r\nHost: localhost\r\nContent-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n",
                                 b"GET /health HTTP/1.1\r\nHost: localhost\r\nHost: localhost\r\n\r\n"])
def test_what_is_no_http_is_refused_and_closed(server, raw):
    with socket.create_connection(("127.0.0.1", server.port), 5) as connection:
        connection.sendall(raw)
        data = b""
        while more := connection.recv(65_536):
            data += more
    assert data.split(b" ", 2)[1] in (b"400", b"505"), data[:80]
