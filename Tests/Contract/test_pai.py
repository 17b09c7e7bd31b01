"""The door of PAI and LifeOS: their clients' own calls, and what comes back."""

import concurrent.futures
import http.client
import io
import json
import shlex
import ssl
import subprocess
import wave

import numpy
import pytest
from websockets.exceptions import ConnectionClosed
from websockets.sync.client import connect

from hearsay import Server, run, until
from listener import Behaviour, Listener

VOICE = "21m00Tcm4TlvDq8ikWAM"


@pytest.fixture
def door():
    """A server with both of PAI's ports; each test has its own, since ten notifications a minute is all it takes."""
    servers = []

    def door(*arguments, **options):
        servers.append(Server("--alias", "pai=127.0.0.1:0", "--alias", "pai=127.0.0.1:0", *arguments, **options))
        return servers[-1]

    yield door
    for server in servers:
        server.close()


def hear(listen, server):
    """A listener of the door's session who has heard all that comes."""
    return listen(server, session="alias-pai", behaviour=Behaviour(instant=True))


def ask(port, method, path, body=None, **headers):
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
    named = {"Host": f"localhost:{port}"} | {key.replace("_", "-"): value for key, value in headers.items()}
    connection.request(method, path, json.dumps(body) if isinstance(body, dict) else body, named)
    answer = connection.getresponse()
    data = answer.read().decode()
    connection.close()
    return answer.status, answer.headers, json.loads(data) if data.startswith("{") else data


def notify(port, message, path="/notify", **fields):
    status, _, body = ask(port, "POST", path, {"message": message, **fields}, Content_Type="application/json")
    return status, body


def job(server, text):
    return next(job for job in server.jobs() if job["text_preview"] == text)


def test_a_skills_curl_in_the_background_is_heard(door, listen, controls):
    server = door()
    port, _ = server.door("pai")
    hear(listen, server)
    control = controls(server)
    control.ask("subscribe", events=["job.finished"])
    call = """curl -s -X POST http://localhost:8888/notify \\
      -H "Content-Type: application/json" \\
      -d '{"message": "Running the Research workflow", "voice_id": "21m00Tcm4TlvDq8ikWAM", "title": "Research"}' \\
      > /dev/null 2>&1 &"""
    subprocess.run(["bash", "-c", call.replace("8888", str(port))], check=True, timeout=30)
    ended = control.wait(lambda event: event.get("type") == "job.finished")
    assert ended["heard"] == "confirmed" and ended["session_id"] == "alias-pai"
    assert job(server, "Running the Research workflow")["job_id"] == ended["job_id"]


def test_a_phase_of_lifeos_is_heard_at_its_second_port(door, listen):
    server = door()
    port, _ = server.door("pai", 1)
    hear(listen, server)
    call = """curl -s -X POST http://localhost:31337/notify -H "Content-Type: application/json" -d '{"message": "Entering the Observe phase", "voice_id": "21m00Tcm4TlvDq8ikWAM", "voice_enabled": true, "phase": "OBSERVE", "slug": "a-b"}'"""
    done = subprocess.run(shlex.split(call.replace("31337", str(port))), capture_output=True, check=True, timeout=30)
    answer = json.loads(done.stdout)
    assert (answer["status"], answer["message"]) == ("success", "Notification sent")
    assert answer["job_status"] == "finished" and answer["queue_depth"] == 0


def test_the_stop_hook_posts_with_fetch_and_reads_the_answer(door, listen):
    server = door()
    port, _ = server.door("pai")
    hear(listen, server)
    hook = """
      const payload = { message: '🗣️ The build is green', title: 'Kai says', voice_enabled: true, voice_id: 's3TPKV1kjDlVtZbl4Ksh',
        voice_settings: { stability: 0.5, similarity_boost: 0.75, style: 0.0, speed: 2.0, use_speaker_boost: true }, volume: 0.5 };
      fetch('http://127.0.0.1:PORT/notify', { method: 'POST', headers: { 'Content-Type': 'application/json' },
        body: JSON.stringify(payload), signal: AbortSignal.timeout(10000) })
        .then(async r => console.log(r.ok, r.status, JSON.stringify(await r.json())));"""
    done = subprocess.run(["node", "-e", hook.replace("PORT", str(port))], capture_output=True, text=True, timeout=30)
    assert done.stdout.startswith("true 200 "), done
    slow, fast = notify(port, "word word word", voice_id="tone")[1], notify(port, "word word word", voice_settings={"speed": 4})[1]
    lengths = {each["job_id"]: each["duration_ms"] for each in server.jobs()}
    assert 3 < lengths[slow["job_id"]] / lengths[fast["job_id"]] < 5


def test_every_route_that_speaks_answers_in_its_own_words(door, listen):
    server = door()
    port, _ = server.door("pai")
    hear(listen, server)
    said = {path: notify(port, "Done.", path)[1]["message"]
            for path in ("/notify", "/notify/personality", "/pai", "/voice", "/notify/emotional")}
    assert said == {"/notify": "Notification sent", "/notify/personality": "Personality notification sent",
                    "/pai": "PAI notification sent", "/voice": "PAI notification sent",
                    "/notify/emotional": "Notification sent"}
    assert ask(port, "POST", "/notify", {})[0] == 200 and job(server, "Task completed")
    count = len(server.jobs())
    assert notify(port, "Only shown.", voice_enabled=False)[0] == 200 and len(server.jobs()) == count


def test_notifications_are_shown_on_the_desktop_where_it_is_asked_for(door, listen, tmp_path):
    shown, program = tmp_path / "shown", tmp_path / "notify-send"
    program.write_text(f'#!/bin/sh\nwhile [ "$1" != -- ]; do shift; done\nprintf "%s: %s\\n" "$2" "$3" >> "{shown}"\n')
    program.chmod(0o755)
    server = door("--pai-notify", environment={"PATH": f"{tmp_path}:/usr/bin:/bin"})
    port, _ = server.door("pai")
    hear(listen, server)
    assert ask(port, "GET", "/health")[2]["desktop_notifications"] is True
    assert notify(port, "Tests are done.", title="Kai <3")[0] == 200
    assert notify(port, "Only shown.", voice_enabled=False)[0] == 200
    assert until(lambda: shown.exists() and shown.read_text() == "Kai 3: Tests are done.\nPAI Notification: Only shown.\n"), \
        shown.exists() and shown.read_text()


def test_what_is_wrong_is_said_in_pais_shape(door):
    port, _ = door().door("pai")
    status, body = notify(port, "x" * 501)
    assert status == 400 and body["status"] == "error" and "Message too long (max 500 characters)" in body["message"]
    assert notify(port, "Hi.", title="x" * 501)[0] == 400
    assert notify(port, 7)[0] == 400 and notify(port, "$$$")[0] == 400 and notify(port, "Hi.", voice_id=7)[0] == 400
    assert ask(port, "POST", "/notify", "{nonsense")[0] == 400
    for path in ("/voice/clone", "/voice/design"):
        status, _, body = ask(port, "POST", path, {"name": "x"})
        assert status == 501 and body["status"] == "error"


def test_each_voice_is_shown_and_gives_a_sample(door, listen, tmp_path):
    voices = {"voices": {"researcher": {"voice_id": "AXdMgz6evoL7OPd7eU12"}}}
    (tmp_path / "voices.json").write_text(json.dumps(voices))
    server = door("--tone", "--pai-dir", str(tmp_path))
    hear(listen, server)
    port, _ = server.door("pai")
    status, _, voice = ask(port, "GET", "/voices/tone")
    assert status == 200 and voice["name"] == "tone" and voice["language"]
    status, _, voice = ask(port, "GET", "/voices/researcher")
    assert status == 200 and voice["voice_id"] == "AXdMgz6evoL7OPd7eU12" and voice["voice"]
    status, _, body = ask(port, "GET", "/voices/nobody")
    assert status == 404 and body["detail"] == "Voice not found: nobody"
    status, _, body = ask(port, "POST", "/voices/tone/preview?text=One%20two.")
    assert (status, body["status"], body["voice"], body["text"]) == (200, "success", "tone", "One two.")
    assert job(server, "One two.")["voice"] == "tone"
    assert ask(port, "POST", "/voices/researcher/preview")[2]["text"] == "Hello, this is a voice preview."
    assert ask(port, "POST", "/voices/nobody/preview")[0] == 404
    assert ask(port, "DELETE", "/voices/tone")[0] == 501
    body = {"message": "With character.", "personality": {"name": "Kai", "base_voice": "tone", "warmth": 80}}
    assert ask(port, "POST", "/notify/personality", body)[0] == 200
    assert job(server, "With character.")["voice"] == "tone"


def test_the_eleventh_in_a_minute_is_too_many_whoever_it_says_it_is(door):
    port, _ = door().door("pai")
    assert [notify(port, "Shown.", voice_enabled=False)[0] for _ in range(10)] == [200] * 10
    status, headers, body = ask(port, "POST", "/notify", {"message": "One more.", "voice_enabled": False})
    assert status == 429 and body["message"] == "Rate limit exceeded" and int(headers["Retry-After"]) <= 60
    assert ask(port, "POST", "/notify", {"message": "Not me."}, X_Forwarded_For="192.0.2.7")[0] == 401
    assert ask(port, "GET", "/health")[0] == 200


def test_health_and_the_rest(door):
    server = door()
    port, _ = server.door("pai")
    status, headers, body = ask(port, "GET", "/health")
    assert status == 200 and body["status"] == "healthy" and body["port"] == port and body["api_key_configured"] is True
    assert headers["Access-Control-Allow-Origin"] == "http://localhost"
    assert ask(port, "GET", "/voice/health")[2]["initialized"] is True
    assert ask(port, "OPTIONS", "/notify")[0] == 204
    for method, path in (("GET", "/"), ("GET", "/notify"), ("PUT", "/anything")):
        assert ask(port, method, path)[::2] == (200, "Voice Server - POST to /notify, /notify/personality, or /pai")
    assert ask(server.port, "POST", "/notify", {"message": "Hi."})[0] == 404


def test_pais_files_choose_the_voice_and_its_speed(door, listen, tmp_path):
    settings = {"daidentity": {"voices": {"main": {"voiceId": VOICE, "speed": 1}, "algorithm": {"VOICE_ID": "tone", "speed": 4}}}}
    voices = {"default_volume": 0.8, "voices": {"researcher": {"voice_id": "AXdMgz6evoL7OPd7eU12", "rate_multiplier": 2}}}
    (tmp_path / "VoiceServer").mkdir()
    (tmp_path / "settings.json").write_text(json.dumps(settings))
    (tmp_path / "VoiceServer" / "voices.json").write_text(json.dumps(voices))
    (tmp_path / "VoiceServer" / "pronunciations.json").write_text(
        json.dumps({"replacements": [{"term": "Kai", "phonetic": "word word word"}]}))
    server = door("--pai-dir", str(tmp_path))
    port, _ = server.door("pai")
    hear(listen, server)
    health = ask(port, "GET", "/health")[2]
    assert health["configured_voices"] == ["algorithm", "main", "researcher"] and health["pronunciation_rules"] == 1
    assert health["default_voice_id"] == VOICE
    lengths = {}
    for name, fields in {"main": {}, "fast": {"voice_id": "tone"}, "named": {"voice_name": "Researcher"}, "kai": {}}.items():
        body = notify(port, "Kai" if name == "kai" else "word word word", **fields)[1]
        lengths[name] = next(job["duration_ms"] for job in server.jobs() if job["job_id"] == body["job_id"])
    assert lengths["kai"] == lengths["main"]
    assert 3 < lengths["main"] / lengths["fast"] < 5 and 1.5 < lengths["main"] / lengths["named"] < 2.5


def test_the_door_is_open_to_programs_of_this_machine_only(door):
    server = door("--allow-origin", "https://friend.example")
    port, _ = server.door("pai")
    hello = {"message": "Hello.", "voice_enabled": False}
    assert ask(port, "POST", "/notify", hello, Origin="https://evil.example")[0] == 403
    assert ask(port, "POST", "/notify", hello, Origin="null")[0] == 403
    assert ask(port, "POST", "/notify", hello, Host="evil.example")[0] == 403
    assert ask(port, "POST", "/notify", hello, Host=f"192.0.2.7:{port}")[0] == 401
    assert ask(port, "POST", "/notify", hello, Origin="https://friend.example")[0] == 401
    assert ask(port, "POST", "/notify", hello, Sec_Fetch_Site="cross-site")[0] == 403
    assert ask(port, "GET", "/voices", Sec_Fetch_Site="same-site")[0] == 401
    for name in ("Via", "Forwarded", "X_Forwarded_Host"):
        assert ask(port, "POST", "/notify", hello, **{name: "x"})[0] == 401
    assert ask(port, "POST", "/notify", hello, Origin=f"http://localhost:{port}", Sec_Fetch_Site="same-origin")[0] == 200
    for method, path in (("POST", "/v1/speak"), ("POST", "/v1/stop"), ("GET", "/status"), ("GET", "/v1/jobs")):
        assert ask(port, method, path, {"text": "Hello."} if method == "POST" else None)[0] == 401
    assert ask(port, "GET", "/v1/jobs", Authorization=f"Bearer {server.admin_token}")[0] == 200


def test_status_and_the_start_tell_of_the_doors(door):
    server = door("--alias", "pai=127.0.0.1:0,open", "--allow-net", "127.0.0.0/8")
    doors = server.get("/status")["doors"]
    assert [(each["name"], each["open"]) for each in doors] == [("pai", False), ("pai", False), ("pai", True)]
    assert doors[0]["address"] == f"127.0.0.1:{server.door('pai')[0]}" and doors[2]["networks"] == ["127.0.0.0/8"]
    assert any("WARNING the door pai" in line for line in server.lines)
    port, _ = server.door("pai", 2)
    assert ask(port, "POST", "/notify", {"voice_enabled": False}, Host=f"127.0.0.1:{port}")[0] == 200


def test_a_door_off_this_machine_has_tls_and_wants_a_token_unless_it_is_open(door):
    server = door("--alias", "pai=0.0.0.0:0", "--alias", "pai=0.0.0.0:0,open", "--allow-net", "127.0.0.1")
    closed, opened = server.door("pai", 2)[0], server.door("pai", 3)[0]
    assert sum("Door    pai at https://" in line for line in server.lines) == 1
    connection = http.client.HTTPSConnection("127.0.0.1", closed, timeout=30, context=ssl._create_unverified_context())
    connection.request("POST", "/notify", json.dumps({"voice_enabled": False}))
    assert connection.getresponse().status == 401
    connection.close()
    assert notify(opened, "Shown.", voice_enabled=False)[0] == 200


def test_a_port_that_is_taken_is_named_with_its_door(door, tmp_path):
    port, _ = door().door("pai")
    outcome = run("serve", "--data", str(tmp_path), "--listen", "127.0.0.1:0", "--no-speaker", "--alias", f"pai=127.0.0.1:{port}")
    assert outcome.code == 8 and f"127.0.0.1:{port}, where the door pai was to be" in outcome.said


@pytest.mark.parametrize("arguments", [["--alias", "nobody"], ["--alias", "pai=nowhere"], ["--alias", "pai,open"],
                                       ["--allow-net", "10.0.0.0/8"], ["--alias-may-stop"],
                                       ["--alias", "tts=127.0.0.1:0", "--pai-notify"]])
def test_a_mistaken_option_is_refused(arguments, tmp_path):
    assert run("serve", "--data", str(tmp_path), *arguments).code == 1


def player(port, token, query=""):
    return connect(f"ws://127.0.0.1:{port}/ws?token={token}{query}")


def receive(socket, seconds=20):
    message = socket.recv(timeout=seconds)
    return json.loads(message) if isinstance(message, str) else message


def test_a_player_gets_a_file_for_what_is_said_and_is_assumed_to_play_it(door, tmp_path):
    server = door()
    port, _ = server.door("pai")
    assert ask(port, "GET", "/ws/status")[2] == {"clients": 0, "connected": False}
    with player(port, server.admin_token) as browser, player(port, server.admin_token, "&format=wav") as other:
        assert until(lambda: ask(port, "GET", "/ws/status")[2] == {"clients": 2, "connected": True})
        with concurrent.futures.ThreadPoolExecutor() as pool:
            answer = pool.submit(notify, port, "Hello there.")
            head, data = receive(browser), receive(browser)
            wav = [receive(other) for _ in range(2)][1]
            body = answer.result(30)[1]
        assert head["type"] == "audio" and head["format"] == "mp3" and head["bytes"] == len(data) and head["sentence"] == 0
        assert head["job_id"] == body["job_id"] and body["job_status"] == "finished"
        assert next(each for each in server.jobs() if each["job_id"] == body["job_id"])["heard"] == "assumed"
        expected = server.wav("Hello there.")
        with wave.open(io.BytesIO(wav)) as sound:
            assert (numpy.frombuffer(sound.readframes(sound.getnframes()), "<i2") == expected).all()
        file = tmp_path / "sentence.mp3"
        file.write_bytes(data)
        decoded = subprocess.run(["ffmpeg", "-v", "error", "-i", str(file), "-ac", "1", "-ar", "24000", "-f", "s16le", "pipe:1"],
                                 capture_output=True, timeout=30, check=True).stdout
        assert abs(len(decoded) // 2 - expected.size) <= 24
    assert until(lambda: ask(port, "GET", "/ws/status")[2]["clients"] == 0)


def test_a_player_is_told_to_stop_and_one_that_leaves_holds_nothing_up(door, controls):
    server = door()
    port, _ = server.door("pai")
    control = controls(server)
    with player(port, server.admin_token) as browser:
        assert until(lambda: ask(port, "GET", "/ws/status")[2]["connected"])
        job = control.speak("one two three four five six seven eight nine ten " * 3)
        control.event("job.started", job)
        control.abort(job)
        while (message := receive(browser)) and not (isinstance(message, dict) and message["type"] == "stop"):
            continue
        assert message["job_id"] == job and control.end(job)["type"] == "job.aborted"
        job = control.speak("Who hears this? " * 5, expires_in_ms=0)
        control.event("job.started", job)
    assert control.end(job)["type"] == "job.failed"


def test_a_player_needs_a_token_and_hears_what_it_covers(door):
    server = door()
    port, own = server.door("pai")
    for query in ("", "?token=wrong", f"?token={server.make_token(['speak'])}"):
        with connect(f"ws://127.0.0.1:{port}/ws{query}") as socket:
            with pytest.raises(ConnectionClosed) as closed:
                receive(socket)
            assert closed.value.rcvd.code in (4401, 4403)
    with player(port, own):
        scopes = until(lambda: [each["session_id"] for each in server.get("/v1/listeners")["listeners"]])
        assert scopes == ["alias-pai"]


def test_the_page_of_the_doors_own_link_hears_what_comes_in(door):
    server = door()
    port, own = server.door("pai")
    listener = Listener(port, own, session="alias-pai", behaviour=Behaviour(instant=True))
    assert notify(port, "Over here.")[1]["job_status"] == "finished" and listener.ended
    assert ask(port, "GET", "/player")[0] == 200
    listener.close()
