"""Who may do what: tokens, origins, hosts, and what a bound token can see."""

import http.client
import json
import pathlib
import re
import socket

import pytest
from websockets.exceptions import ConnectionClosed, InvalidStatus

from sse import Events
from talk import Talk
from test_listeners import make_session

NOBODY = "A" * 43
DOORS = [("POST", "/v1/speak"), ("POST", "/v1/abort"), ("GET", "/v1/jobs"), ("GET", "/v1/jobs/job_x"), ("GET", "/v1/sessions"),
         ("POST", "/v1/sessions"), ("GET", "/v1/listeners"), ("GET", "/v1/voices"), ("GET", "/v1/events"),
         ("GET", "/v1/tokens"), ("POST", "/v1/tokens"), ("GET", "/status")]


@pytest.mark.parametrize("method, path", DOORS)
@pytest.mark.parametrize("token", [None, NOBODY, "short", ""])
def test_no_door_opens_without_a_token(server, method, path, token):
    answer = server.ask(method, path, {} if method == "POST" else None, token=token)
    assert answer.status == 401, (answer.status, answer.data)
    assert answer.error["code"] == "unauthenticated" and answer.error["message"], answer.error


@pytest.mark.parametrize("token", [None, NOBODY])
def test_a_socket_without_a_valid_token_closes_with_4401(server, token):
    talk = Talk(server.port, token, hello=False)
    try:
        talk.say("hello", client={"name": "thief", "version": "1"})
    except ConnectionClosed:
        pass
    assert talk.closed() == 4401


def test_a_token_in_hello_opens_too_and_a_wrong_one_does_not(server):
    talk = Talk(server.port, hello=False)
    assert talk.ask("hello", token=server.admin_token)["type"] == "welcome"
    talk.close()
    talk = Talk(server.port, hello=False)
    talk.say("hello", token=NOBODY)
    assert talk.closed() == 4401


def test_the_answer_selects_only_the_protocol(server, talk):
    assert talk(server).socket.subprotocol == "hearsay.v1"


def test_a_token_in_the_query_is_refused(server):
    answer = server.ask("GET", f"/v1/jobs?token={server.admin_token}", token=None)
    assert answer.status == 401, answer
    raw = upgrade(server, f"/v1/ws?token={server.admin_token}")
    raw.send('{"type":"hello"}')
    assert Talk.closed(Holder(raw)) == 4401


class Holder:
    def __init__(self, socket):
        self.socket = socket


def upgrade(server, path="/v1/ws", **options):
    from websockets.sync.client import connect
    return connect(f"ws://127.0.0.1:{server.port}{path}", subprotocols=["hearsay.v1"], compression=None, legacy=True, **options)


def test_a_command_before_welcome_closes_with_4400(server):
    talk = Talk(server.port, server.admin_token, hello=False)
    talk.say("speak", text="I did not say hello.")
    assert talk.closed() == 4400


def test_silence_instead_of_hello_closes_with_4408_after_five_seconds(server):
    import time
    began = time.monotonic()
    talk = Talk(server.port, server.admin_token, hello=False)
    assert talk.closed(10) == 4408
    assert 4.5 < time.monotonic() - began < 7


@pytest.mark.parametrize("message", ["no json", "[]", "7", '{"no":"type"}', '{"type":7}', ""])
def test_what_is_no_message_closes_before_hello_and_is_told_after_it(server, talk, message):
    early = talk(server, hello=False)
    early.socket.send(message)
    assert early.closed() == 4400
    connection = talk(server)
    connection.socket.send(message)
    error = connection.until("error")
    assert error["code"] and " " in error["message"], error
    assert connection.ask("ping")["type"] == "ok"


SCOPED = [("listen", "speak", {"text": "no"}), ("events", "speak", {"text": "no"}), ("speak", "subscribe", {"events": ["*"]}),
          ("speak", "listener.open", {"kind": "test", "session_id": "default", "formats": ["pcm_s16"], "sample_rate": 24_000}),
          ("speak", "abort", {"scope": "all"}), ("listen", "listener.open",
           {"kind": "test", "session_id": "*", "formats": ["pcm_s16"], "sample_rate": 24_000})]


@pytest.mark.parametrize("scope, command, fields", SCOPED)
def test_a_scope_that_is_missing_is_not_allowed(server, talk, scope, command, fields):
    answer = talk(server, server.make_token([scope])).ask(command, **fields)
    assert answer["type"] == "error" and answer["code"] == "not_allowed", answer


@pytest.mark.parametrize("scope, method, path, body", [("listen", "POST", "/v1/speak", {"text": "no"}), ("speak", "GET", "/v1/events", None),
                                                       ("speak", "GET", "/v1/tokens", None), ("control", "POST", "/v1/tokens", {"scopes": ["admin"]}),
                                                       ("speak", "POST", "/v1/speak", {"text": "no", "deliver": "all"})])
def test_a_scope_that_is_missing_is_403(server, scope, method, path, body):
    answer = server.ask(method, path, body, token=server.make_token([scope]))
    assert answer.status == 403 and answer.error["code"] == "not_allowed", answer


def test_the_player_token_listens_speaks_into_a_microphone_and_nothing_else(server, talk):
    connection = talk(server, server.player_token)
    assert set(connection.welcome["scopes"]) == {"listen", "events", "capture"}, connection.welcome
    assert connection.ask("speak", text="no")["code"] == "not_allowed"
    assert server.ask("GET", "/v1/tokens", token=server.player_token).status == 403


def bound(server, session, *scopes):
    return server.make_token(list(scopes) or ["speak", "listen", "events"], session_id=session)


def test_a_bound_token_touches_only_its_session(server, talk):
    mine, other = make_session(server), make_session(server)
    token = bound(server, mine)
    connection = talk(server, token)
    for command, fields in [("speak", {"text": "x", "session_id": other}), ("speak", {"text": "x", "session_id": "default"}),
                            ("speak", {"text": "x", "session_id": "ses_nobody"}),
                            ("listener.open", {"kind": "test", "session_id": other, "formats": ["pcm_s16"], "sample_rate": 24_000}),
                            ("abort", {"scope": "session", "session_id": other})]:
        answer = connection.ask(command, **fields)
        assert answer["type"] == "error" and answer["code"] == "unknown_session", (command, answer)
    for method, path, body in [("GET", f"/v1/sessions/{other}", None), ("DELETE", f"/v1/sessions/{other}", None),
                               ("POST", "/v1/speak", {"text": "x", "session_id": other})]:
        answer = server.ask(method, path, body, token=token)
        assert answer.status == 404 and answer.error["code"] == "unknown_session", (path, answer)
    listed = server.ask("GET", "/v1/sessions", token=token).json["sessions"]
    assert [session["session_id"] for session in listed] == [mine]


def test_a_bound_token_sees_nothing_of_others(server, talk, listen, control):
    mine, other = make_session(server), make_session(server)
    token = bound(server, mine)
    first = talk(server, token)
    before = first.ask("subscribe", events=["*"])["seq"]
    listener = listen(server, session=other)
    secret = control.speak("Nobody else may read this.", session_id=other, expires_in_ms=0)
    assert control.end(secret)["type"] == "job.finished"
    own = first.ask("speak", text="My own.", session_id=mine, expires_in_ms=0)["job_id"]
    first.until("job.failed", job_id=own)
    replay = talk(server, token)
    replay.ask("subscribe", events=["*"], last_seq=before)
    replay.until("job.failed", job_id=own)
    for connection in (first, replay):
        for message in everything(connection):
            assert secret not in json.dumps(message) and other not in json.dumps(message), message
    for path in ("/v1/jobs", "/v1/listeners", "/v1/sessions"):
        text = server.ask("GET", path, token=token).data.decode()
        assert secret not in text and other not in text and listener.id not in text, (path, text)
    answer = server.ask("GET", f"/v1/jobs/{secret}", token=token)
    assert answer.status == 404, answer
    assert "Nobody else" not in events_over_http(server, token, before, own)
    refused = first.ask("abort", scope="job", job_id=secret)
    assert refused["type"] == "error" and refused["code"] != "not_allowed" or refused.get("aborted") == [], refused


def everything(connection):
    """What the connection has been told so far: a ping's answer comes behind it."""
    connection.ask("ping")
    messages, connection.kept = connection.kept, []
    return messages


def events_over_http(server, token, last, job):
    """The event stream from a sequence number until a job's end."""
    connection = http.client.HTTPConnection("127.0.0.1", server.port, timeout=10)
    connection.request("GET", "/v1/events", headers={"Authorization": f"Bearer {token}", "Last-Event-ID": str(last)})
    response, text = connection.getresponse(), ""
    assert response.status == 200
    while job not in text or "job.failed" not in text:
        text += response.readline().decode()
    connection.close()
    return text


def test_deliver_to_a_listener_of_another_session_needs_control(server, listen, talk):
    listener = listen(server, session=make_session(server))
    answer = talk(server, server.make_token(["speak"])).ask("speak", text="Hello there.", deliver=listener.id, expires_in_ms=0)
    assert answer["type"] == "error" and answer["code"] == "not_allowed", answer
    assert not listener.sounded().size


ORIGINS = ["https://evil.example", "null", "http://127.0.0.1:1", "http://localhost.evil.example"]


@pytest.mark.parametrize("origin", ORIGINS)
def test_a_foreign_origin_is_refused(server, origin):
    raw = upgrade(server, additional_headers={"Authorization": f"Bearer {server.admin_token}"}, origin=origin)
    assert Talk.closed(Holder(raw)) == 4403
    answer = server.ask("POST", "/v1/speak", {"text": "x"}, Origin=origin)
    assert answer.status == 403, answer
    assert "access-control-allow-origin" not in answer.headers


def test_its_own_origin_is_allowed(server):
    origin = f"http://127.0.0.1:{server.port}"
    raw = upgrade(server, additional_headers={"Authorization": f"Bearer {server.admin_token}"}, origin=origin)
    raw.send('{"type":"hello","req":1}')
    assert json.loads(raw.recv(timeout=5))["type"] == "welcome"
    raw.close()
    assert server.ask("GET", "/v1/jobs", Origin=origin).status == 200


def test_an_allowed_origin_gets_its_preflight(serve):
    server = serve("--allow-origin", "https://friend.example")
    headers = {"Origin": "https://friend.example", "Access-Control-Request-Method": "POST",
               "Access-Control-Request-Headers": "authorization,content-type"}
    answer = server.ask("OPTIONS", "/v1/speak", token=None, **{key.replace("-", "_"): value for key, value in headers.items()})
    assert answer.status in (200, 204), answer
    assert answer.headers["access-control-allow-origin"] == "https://friend.example"
    assert "authorization" in answer.headers["access-control-allow-headers"].lower()
    assert server.ask("GET", "/v1/jobs", Origin="https://friend.example").status == 200
    assert server.ask("GET", "/v1/jobs", Origin="https://evil.example").status == 403


@pytest.mark.parametrize("host, right", [("evil.example", False), ("evil.example:80", False), ("", False), ("localhost", True), ("127.0.0.1", True),
                                         ("192.0.2.7:99", True), ("[::1]", True), ("localhost.evil.example", False)])
def test_the_host_must_be_ours(server, host, right):
    text = f"GET /health HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n\r\n"
    with socket.create_connection(("127.0.0.1", server.port), 5) as raw:
        raw.sendall(text.encode())
        status = int(read_all(raw).split(b" ", 2)[1])
    assert (status == 200) == right and (right or status in (400, 403, 421)), status


def read_all(raw):
    data = b""
    while more := raw.recv(65_536):
        data += more
    return data


def test_a_foreign_host_opens_no_socket(server):
    raw = upgrade(server, additional_headers={"Authorization": f"Bearer {server.admin_token}"})
    raw.close()
    from websockets.sync.client import connect
    there = socket.create_connection(("127.0.0.1", server.port))
    try:
        raw = connect(f"ws://evil.example:{server.port}/v1/ws", sock=there, subprotocols=["hearsay.v1"], compression=None, legacy=True)
        assert Talk.closed(Holder(raw)) == 4403
    except InvalidStatus as refused:
        assert refused.response.status_code in (400, 403, 421)


def test_a_revoked_token_ends_its_connections_within_a_second(server, talk):
    import time
    answer = server.ask("POST", "/v1/tokens", {"scopes": ["events"]}).json
    connection = talk(server, answer["token"])
    number = answer.get("id") or answer.get("token_id")
    began = time.monotonic()
    assert server.ask("DELETE", f"/v1/tokens/{number}").status in (200, 204)
    assert connection.closed() == 4401
    assert time.monotonic() - began < 2
    assert server.ask("GET", "/v1/events", token=answer["token"]).status == 401


def test_the_token_files_are_for_their_owner_only(server):
    for name in ("admin.token", "player.token"):
        assert (server.data / name).stat().st_mode & 0o777 == 0o600
    assert re.fullmatch(r"[\w-]{43}", server.admin_token)
    stored = b"".join(path.read_bytes() for path in server.data.glob("hearsay.db*"))
    for token in (server.admin_token, server.player_token):
        assert token.encode() not in stored


def test_no_token_is_in_any_line_of_the_log_or_file_of_the_data_folder(serve):
    server = serve(environment={"HEARSAY_LOG": "debug"})
    made = server.make_token(["speak", "events"])
    renewed = json.loads(server.run("token", "renew", "player", "--json").out)["token"]
    link = server.run("token", "renew", "player").out.strip()
    again = link.split("#token=")[1]
    assert link == f"http://127.0.0.1:{server.port}/player#token={again}"
    assert (server.data / "player.token").read_text().strip() == again
    assert server.ask("GET", "/v1/voices", token=again).status == 200
    assert {server.ask("GET", "/v1/voices", token=old).status for old in (server.player_token, renewed)} == {401}
    server.ask("GET", f"/v1/jobs?token={made}", token=None)
    server.ask("GET", "/v1/jobs", token=made)
    server.ask("GET", "/v1/jobs", token=NOBODY)
    server.ask("GET", f"/nowhere/{made}")
    server.run("voices", token=made)
    talk = Talk(server.port, made)
    talk.say("auth", token=server.admin_token)
    talk.socket.send("no json " + made)
    talk.ask("ping")
    talk.close()
    talk = Talk(server.port, hello=False)
    talk.say("hello", token=server.admin_token, nonsense=made)
    talk.close()
    raw = upgrade(server, additional_headers={"Authorization": f"Bearer {made}"}, origin="https://evil.example")
    Talk.closed(Holder(raw))
    told = server.get("/status"), server.get("/v1/tokens"), server.run("token", "list").out
    server.terminate()
    server.reader.join(5)
    tokens = [made, renewed, again, server.admin_token, server.player_token, NOBODY]
    for line in [*server.lines, *map(str, told)]:
        line = re.sub(r"http://[^ ]*/player#token=[\w-]+", "", line)
        for token in tokens:
            assert token not in line, line
    own = {"admin.token": server.admin_token, "player.token": again}
    for path in filter(pathlib.Path.is_file, server.data.rglob("*")):
        for token in tokens:
            assert token.encode() not in path.read_bytes() or own.get(path.name) == token, (path, token)


def test_a_replaced_token_goes_on_where_the_old_one_ends(server, talk):
    mine = make_session(server)
    old = server.ask("POST", "/v1/tokens", {"scopes": ["speak"], "session_id": mine}).json
    connection = talk(server, old["token"])
    assert connection.ask("auth", token=bound(server, make_session(server)))["code"] == "not_allowed"
    assert connection.ask("auth", token=NOBODY)["code"] == "unauthenticated"
    assert connection.ask("auth", token=bound(server, mine))["type"] == "ok"
    assert server.ask("DELETE", f"/v1/tokens/{old['token_id']}").status == 200
    assert connection.ask("ping")["type"] == "ok"


def test_a_token_that_ends_is_announced_and_takes_its_streams_and_waits_with_it(server, talk, control):
    made = server.ask("POST", "/v1/tokens", {"scopes": ["speak", "events"], "expires_in_s": 2}).json
    connection, stream = talk(server, made["token"]), Events(server, made["token"])
    assert 0 < connection.until("token.expiring")["in_ms"] <= 2_000
    answer = server.ask("POST", "/v1/speak?wait=finished", {"text": "Nobody is there to hear it."}, token=made["token"])
    assert answer.status == 401 and answer.error["code"] == "unauthenticated", answer
    assert connection.closed() == 4401
    with pytest.raises(EOFError):
        while True:
            stream.next()
    job = server.jobs()[-1]
    assert job["status"] == "held", job  # it goes on without him
    control.abort(job["job_id"])


def test_too_many_commands_and_requests_are_refused_with_the_time_to_wait(server, talk):
    token = server.make_token(["speak"], rate="3/min")
    connection = talk(server, token)
    assert connection.ask("ping")["type"] == "ok"
    assert server.ask("GET", "/v1/voices", token=token).status == 200
    refused = connection.ask("speak", text="Too fast.")
    assert refused["code"] == "rate_limited" and 0 < refused["retry_after_ms"] <= 20_000, refused
    answer = server.ask("GET", "/v1/voices", token=token)
    assert answer.status == 429 and 0 < int(answer.headers["retry-after"]) <= 20, answer
    assert server.ask("GET", "/v1/voices").status == 200
