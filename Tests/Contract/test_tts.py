"""The door of the Chatterbox TTS server: its queue by another maker's WebSocket, its HTTP interface, its file names."""

import contextlib
import io
import json
import subprocess
import wave

import numpy
import openai
import pytest
from websockets.exceptions import ConnectionClosed
from websockets.sync.client import connect

from hearsay import Server, until
from listener import Behaviour
from test_pai import ask

LONG = "one two three four five six seven eight nine ten " * 10


@pytest.fixture(scope="module")
def server():
    server = Server("--alias", "tts=127.0.0.1:0")
    yield server
    server.close()


@pytest.fixture
def port(server):
    return server.door("tts")[0]


class Client:
    """One client of the queue."""

    def __init__(self, port, **headers):
        self.socket = connect(f"ws://127.0.0.1:{port}/", additional_headers=headers, legacy=True)

    def send(self, **fields):
        self.socket.send(json.dumps(fields))

    def next(self, seconds=20):
        return json.loads(self.socket.recv(timeout=seconds))

    def until(self, kind, **fields):
        while True:
            event = self.next()
            if event["type"] == kind and all(event.get(key) == value for key, value in fields.items()):
                return event


@pytest.fixture
def client(port):
    made = []

    def client(to=port, **headers):
        made.append(Client(to, **headers))
        return made[-1]

    yield client
    for each in made:
        with contextlib.suppress(ConnectionClosed):
            each.send(type="abort_all")
        each.socket.close()


def test_every_client_is_told_of_every_job(server, listen, client):
    listen(server, session="alias-tts", behaviour=Behaviour(instant=True))
    one, other = client(), client()
    one.send(type="speak", text="Hello there.", id="mine")
    for each in (one, other):
        events = [each.next() for _ in range(3)]
        assert [event["type"] for event in events] == [event["event"] for event in events] == ["queued", "started", "finished"]
        assert all(event["id"] == "mine" and event["job_id"].startswith("job_") for event in events)
        assert events[0]["text"] == "Hello there." and events[2]["heard"] == "confirmed"


@pytest.mark.parametrize("message", [
    {"command": "speak", "text": "Hi.", "job_id": 7}, {"action": "speak", "text": "Hi.", "job_id": 7},
    {"text": "Hi.", "job_id": 7}, {"type": "say", "message": "Hi.", "job_id": 7, "voice": "Emily.wav", "unknown": {}}])
def test_whatever_the_fields_are_called(server, listen, client, message):
    listen(server, session="alias-tts", behaviour=Behaviour(instant=True))
    one = client()
    one.send(**message)
    event = one.until("finished")
    assert event["id"] == event["job_id"] == 7 and event["job"].startswith("job_")


def test_abort_current_goes_on_with_the_queue_and_abort_all_empties_it(server, listen, client):
    listener = listen(server, session="alias-tts")
    one = client()
    for name in ("a", "b", "c"):
        one.send(type="speak", text=LONG, id=name)
    one.until("started", id="a")
    one.send(type="abort_current")
    aborted = one.until("aborted")
    assert aborted["id"] == "a" and aborted["delivered_text"] + aborted["unspoken_text"] == LONG and aborted["unspoken_text"]
    one.until("started", id="b")
    one.send(command="abort_all")
    assert {one.until("aborted")["id"] for _ in range(2)} == {"b", "c"}
    assert until(lambda: not listener.order)
    one.send(type="abort_current")
    assert one.until("error")["code"] == "unknown_job"


def test_an_abort_touches_the_door_only(server, listen, client, controls):
    listen(server, session="default", behaviour=Behaviour())
    control = controls(server)
    job = control.speak(LONG)
    control.event("job.started", job)
    one = client(Authorization=f"Bearer {server.admin_token}")
    one.send(type="abort_all")
    one.send(type="abort_current")
    one.until("error")
    assert next(each for each in server.jobs() if each["job_id"] == job)["status"] == "speaking"
    control.abort(job)


def test_what_cannot_be_done_is_told_to_the_one_who_asked(server, client):
    one = client()
    for message in ("nonsense", "[]", "{}", '{"type":"dance"}', '{"type":"speak"}', '{"type":"speak","text":" "}'):
        one.socket.send(message)
        assert one.next()["event"] == "error"
    one.send(type="terminate")
    assert one.until("error")["code"] == "not_allowed" and server.process.poll() is None


def test_a_client_that_vanishes_in_mid_write_harms_nobody(server, listen, client, port):
    listen(server, session="alias-tts", behaviour=Behaviour(instant=True))
    one = client()
    gone = Client(port)
    gone.send(type="speak", text="Who was that?", id="gone")
    gone.socket.socket.close()
    assert one.until("finished")["id"] == "gone"


def test_the_queue_opens_to_no_page_of_elsewhere(server, port):
    for headers in ({"Origin": "https://evil.example"}, {"X-Forwarded-For": "127.0.0.1"}):
        with connect(f"ws://127.0.0.1:{port}/", additional_headers=headers) as socket:
            with pytest.raises(ConnectionClosed) as closed:
                socket.recv(timeout=10)
            assert closed.value.rcvd.code in (4401, 4403)


def test_clients_may_end_the_server_where_it_says_so(client):
    server = Server("--alias", "tts=127.0.0.1:0", "--alias-may-stop")
    client(server.door("tts")[0]).send(action="terminate")
    assert server.process.wait(15) == 0
    server.close()


def wav(data):
    with wave.open(io.BytesIO(data)) as sound:
        return sound.getframerate(), numpy.frombuffer(sound.readframes(sound.getnframes()), "<i2")


def post(port, path, body, code=200):
    """By curl, as people try it."""
    done = subprocess.run(["curl", "-s", "-X", "POST", f"http://localhost:{port}{path}", "-H", "Content-Type: application/json",
                           "-d", json.dumps(body), "-w", "%{stderr}%{http_code} %{header_json}"], capture_output=True, timeout=30)
    status, head = done.stderr.decode().split(" ", 1)
    assert int(status) == code, done.stdout[:200]
    return json.loads(head), done.stdout


def test_tts_gives_the_sound_as_a_whole_file_or_as_a_stream(server, port):
    expected = server.wav("Hello there.")
    body = {"text": "Hello there.", "voice_mode": "predefined", "predefined_voice_id": "tone.wav", "output_format": "wav",
            "split_text": True, "chunk_size": 120, "temperature": 0.8, "exaggeration": 0.5, "cfg_weight": 0.5, "seed": 0,
            "speed_factor": 1.0, "language": "en"}
    head, data = post(port, "/tts", body)
    assert head["content-type"] == ["audio/wav"] and int(head["content-length"][0]) == len(data)
    rate, samples = wav(data)
    assert rate == 24_000 and (samples == expected).all()
    head, data = post(port, "/tts", body | {"stream": True})
    assert "content-length" not in head and data[40:44] == b"\xff\xff\xff\xff"
    assert (numpy.frombuffer(data[44:], "<i2") == expected).all()
    _, mp3 = post(port, "/tts", body | {"output_format": "mp3"})
    assert mp3[:2] == b"\xff\xfb" or mp3[:3] == b"ID3" or mp3[0] == 0xFF
    _, fast = post(port, "/tts", body | {"speed_factor": 2})
    assert 1.8 < expected.size / wav(fast)[1].size < 2.2


def test_its_voices_are_files_and_every_name_of_one_is_a_voice(server, port):
    files = ask(port, "GET", "/v1/audio/voices?model=chatterbox")[2]
    assert files["status"] == "ok" and "tone.wav" in files["voices"]
    predefined = json.loads(ask(port, "GET", "/get_predefined_voices")[2])
    assert {"display_name", "filename"} <= set(predefined[0]) and len(predefined) == len(files["voices"])
    assert json.loads(ask(port, "GET", "/get_reference_files")[2]) == []
    assert ask(port, "GET", "/api/ui/initial-data")[2]["predefined_voices"] == predefined
    assert ask(port, "GET", "/api/model-info")[2]["loaded"] is True
    texts = {"text": "Hi."}
    emily = [post(port, "/tts", texts | {"predefined_voice_id": name})[1] for name in ("Emily.wav", "Emily.wav", "emily.WAV")]
    assert emily[0] == emily[1] == emily[2]
    _, data = post(port, "/v1/audio/speech", {"model": "chatterbox", "input": "Hi.", "voice": "tone.wav"})
    assert (wav(data)[1] == server.wav("Hi.")).all()


def test_openais_client_may_send_whatever_key_it_has(server, port):
    for key in ("not-needed", "sk-" + "x" * 40, server.player_token[::-1], server.admin_token):
        client = openai.OpenAI(base_url=f"http://127.0.0.1:{port}/v1", api_key=key, max_retries=0)
        sound = client.audio.speech.create(model="chatterbox", voice="tone.wav", input="Hi.").content
        assert (wav(sound)[1] == server.wav("Hi.")).all()
    assert ask(port, "GET", "/v1/jobs", Authorization="Bearer not-needed")[0] == 401


def test_errors_have_a_detail(port):
    for body, code in (({"text": ""}, 400), ({"text": "Hi.", "output_format": "aac"}, 400), ({"text": "Hi.", "speed_factor": 9}, 400),
                       ({"text": "Hi.", "voice_mode": "clone", "reference_audio_filename": "me.wav"}, 501), (["x"], 400)):
        assert json.loads(post(port, "/tts", body, code)[1])["detail"]
    for path in ("/upload_reference", "/upload_predefined_voice", "/save_settings", "/restart_server"):
        assert json.loads(post(port, path, {}, 501)[1])["detail"]
    assert ask(port, "POST", "/tts", {"text": "Hi."}, Origin="https://evil.example")[0] == 403
    assert ask(port, "POST", "/tts", {"text": "Hi."}, Via="x")[0] == 401
