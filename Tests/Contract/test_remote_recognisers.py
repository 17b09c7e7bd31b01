"""Recognisers that others run, with OpenAI's interface or as Wyoming servers: how they are asked, and what is said when
they fail."""

import email
import http.server
import io
import json
import pathlib
import threading
import time
import wave

import openai
import pytest

from dictation import dictate
from hearsay import Server, run, until
from sse import Events
from stand_in_wyoming import WyomingRecogniser

# Debian's package pocketsphinx-testdata.
GO = pathlib.Path("/usr/share/pocketsphinx/test/data/goforward.raw").read_bytes()
WORDS = "go forward ten meters"
TEXT = "Go forward, ten metres."
KEY = "sk-never-to-be-seen-5678"
SECONDS = 300


class Recogniser:
    """OpenAI's interface for recordings; it misbehaves by request."""

    def __init__(self, mode="ok"):
        self.mode, self.asked, self.is_over, self.may_answer = mode, [], threading.Event(), threading.Event()
        stand_in = self

        class Handler(http.server.BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_GET(self):
                stand_in.send(self, 404 if stand_in.mode != "401" else 401, {"error": {"message": "no"}})

            def do_POST(self):
                form = stand_in.read(self)
                stand_in.asked.append((self.path, dict(self.headers), form))
                stand_in.answer(self, form)
                self.close_connection = True

            def log_message(self, *_):
                pass

        self.server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.server.daemon_threads = True
        self.uri = f"openai+http://127.0.0.1:{self.server.server_address[1]}/v1"
        threading.Thread(target=self.server.serve_forever, args=(0.02,), daemon=True).start()

    def read(self, request):
        body = request.rfile.read(int(request.headers["Content-Length"]))
        head = f"Content-Type: {request.headers['Content-Type']}\r\n\r\n".encode()
        form = {}
        for part in email.message_from_bytes(head + body).get_payload():
            name = part.get_param("name", header="content-disposition")
            form.setdefault(name, []).append(part.get_payload(decode=True))
        return form

    def send(self, request, status, value, stop_at=None, **fields):
        body = value if isinstance(value, bytes) else json.dumps(value).encode()
        request.send_response(status)
        for name, text in {"Content-Type": "application/json", "Content-Length": str(len(body)), **fields}.items():
            request.send_header(name.replace("_", "-"), text)
        request.end_headers()
        request.wfile.write(body[:stop_at])

    def answer(self, request, form):
        error = {"error": {"message": f"not with {request.headers['Authorization']}"}}
        words = [{"word": word, "start": index / 2, "end": index / 2 + 0.4} for index, word in enumerate(TEXT.split())]
        match self.mode:
            case "429-short" if len(self.asked) == 1:
                self.send(request, 429, error, Retry_After="1")
            case "429-long":
                self.send(request, 429, error, Retry_After="600")
            case "json-only" if form["response_format"] != [b"json"]:
                self.send(request, 400, error)
            case "json-only":
                self.send(request, 200, {"text": TEXT})
            case "html":
                self.send(request, 200, b"<!DOCTYPE html><title>Log in</title>")
            case "cut":
                self.send(request, 200, {"text": TEXT}, stop_at=9)
            case "hang":
                self.is_over.wait(60)
            case "held":
                self.may_answer.wait(60)
                self.send(request, 200, {"text": TEXT})
            case mode if mode.isdigit():
                self.send(request, int(mode), error)
            case _:
                self.send(request, 200, {"text": f" {TEXT}", "language": "english", "words": words})

    def close(self):
        self.is_over.set()
        self.may_answer.set()
        self.server.shutdown()
        self.server.server_close()


@pytest.fixture
def make(request):
    def make(mode="ok", *arguments, **options):
        other = Recogniser(mode)
        request.addfinalizer(other.close)
        server = Server("--recogniser", f"far={other.uri}", *arguments, **options)
        request.addfinalizer(server.close)
        return other, server

    return make


@pytest.fixture(scope="module")
def note(tmp_path_factory):
    path = tmp_path_factory.mktemp("note") / "go.wav"
    with wave.open(str(path), "wb") as file:
        file.setparams((1, 2, 16_000, 0, "NONE", ""))
        file.writeframes(bytes(16_000) + GO + bytes(64_000))
    return str(path)


def hear(server, note, *options):
    result = server.run("hear", "--source", note, "--fast", "--json", *options, seconds=SECONDS)
    assert result.code == 0, result.said
    return result.lines


def texts(events, kind="transcript.final"):
    return [event for event in events if event["type"] == kind]


def state(server):
    return next(engine for engine in server.get("/status")["engines"] if engine["engine"] == "far")


def test_an_utterance_is_one_request_with_its_sound(make, note):
    other, server = make(environment={"HEARSAY_ENGINE_FAR_KEY": KEY})
    said, = texts(hear(server, note, "--no-revise", "--language", "en-GB"))
    assert (said["text"], said["engine"]) == (TEXT, "far") and "fallback" not in said and "language" not in said
    assert [word["text"] for word in said["words"]] == TEXT.split()
    assert said["words"][1]["start_ms"] - said["words"][0]["start_ms"] == 500
    (path, headers, form), = other.asked
    assert path == "/v1/audio/transcriptions" and headers["Authorization"] == f"Bearer {KEY}"
    assert form["model"] == [b"whisper-1"] and form["language"] == [b"en"]
    with wave.open(io.BytesIO(form["file"][0])) as sound:
        assert (sound.getframerate(), sound.getnchannels(), sound.getsampwidth()) == (16_000, 1, 2)
        assert 1.5 < sound.getnframes() / 16_000 < 4


def translate(server, note, **options):
    client = openai.OpenAI(base_url=f"http://127.0.0.1:{server.port}/v1", api_key=server.admin_token, max_retries=0, timeout=SECONDS)
    with open(note, "rb") as file:
        return client.audio.translations.create(file=file, **{"model": "whisper-1", **options})


def test_what_was_said_is_translated_by_a_server_that_can(make, note):
    other, server = make(environment={"HEARSAY_ENGINE_FAR_KEY": KEY})
    assert translate(server, note).text == TEXT
    (path, headers, form), = other.asked
    assert path == "/v1/audio/translations" and headers["Authorization"] == f"Bearer {KEY}"
    assert "language" not in form and "timestamp_granularities[]" not in form and form["response_format"] == [b"verbose_json"]
    told = translate(server, note, model="far", response_format="verbose_json")
    assert (told.task, told.language, [segment.text for segment in told.segments]) == ("translate", "english", [TEXT])
    # The basic recogniser only writes down what was said, so another one is asked.
    assert translate(server, note, model="pocketsphinx").text == TEXT and len(other.asked) == 3


@pytest.mark.parametrize("mode", ["404", "400"])
def test_a_server_that_only_writes_down_is_no_worse_for_being_asked(mode, make, note):
    other, server = make(mode)
    with pytest.raises(openai.APIStatusError) as caught:
        translate(server, note)
    assert (caught.value.status_code, caught.value.code) == (501, "not_supported")
    assert state(server)["state"] == "ready"
    other.mode = "ok"
    said, = texts(hear(server, note, "--no-revise"))
    assert said["engine"] == "far" and [word["text"] for word in said["words"]] == TEXT.split()
    assert translate(server, note).text == TEXT


def test_a_model_and_a_key_file_can_be_named(note, tmp_path):
    other = Recogniser()
    (tmp_path / "key").write_text(KEY + "\n")
    server = Server("--recogniser", f"far={other.uri}?model=large", "--engine-key-file", f"far={tmp_path / 'key'}")
    try:
        assert texts(hear(server, note, "--no-revise"))[0]["text"] == TEXT
        assert other.asked[0][2]["model"] == [b"large"] and other.asked[0][1]["Authorization"] == f"Bearer {KEY}"
    finally:
        server.close()
        other.close()


def test_a_server_that_tells_no_times_is_asked_for_the_text_alone(make, note):
    other, server = make("json-only")
    assert [said["text"] for _ in range(2) for said in texts(hear(server, note, "--no-revise"))] == [TEXT] * 2
    assert [form["response_format"] for _, _, form in other.asked] == [[b"verbose_json"], [b"json"], [b"json"]]


def test_a_short_wait_is_waited_for(make, note):
    other, server = make("429-short")
    said, = texts(hear(server, note, "--no-revise"))
    assert (said["text"], said["engine"], len(other.asked)) == (TEXT, "far", 2)


@pytest.mark.parametrize(("mode", "reason"), [
    ("401", "HEARSAY_ENGINE_FAR_KEY"), ("403", "HEARSAY_ENGINE_FAR_KEY"), ("429-long", "429"), ("500", "500"),
    ("html", "something else than a text"), ("cut", "cut"), ("hang", "in time"),
])  # fmt: skip
def test_a_recogniser_of_this_machine_reads_for_one_that_fails(mode, reason, make, note):
    other, server = make(mode, "--engine-timeout", "2s", environment={"HEARSAY_ENGINE_FAR_KEY": KEY})
    said, = texts(hear(server, note, "--no-revise"))
    assert (said["text"], said["engine"], said["fallback"]["engine"]) == (WORDS, "pocketsphinx", "far")
    assert reason in said["fallback"]["reason"]
    assert KEY not in json.dumps([said, server.get("/status"), server.lines])
    if mode in ("401", "429-long"):
        assert until(lambda: state(server)["state"] == "failed", 10) and reason in state(server)["reason"]
        count = len(other.asked)
        assert texts(hear(server, note, "--no-revise"))[0]["engine"] == "pocketsphinx" and len(other.asked) == count


def test_one_that_is_not_there_costs_no_word(note):
    server = Server("--recogniser", "far=openai+http://127.0.0.1:9/v1")
    try:
        said, = texts(hear(server, note, "--no-revise"))
        assert (said["text"], said["fallback"]["engine"]) == (WORDS, "far")
    finally:
        server.close()


@pytest.fixture
def make_wyoming(request):
    def make(mode="ok", *arguments):
        other = WyomingRecogniser(mode)
        request.addfinalizer(other.close)
        server = Server("--recogniser", f"far={other.uri}", *arguments)
        request.addfinalizer(server.close)
        assert until(lambda: state(server)["state"] == "ready", 30), state(server)
        return other, server

    return make


def test_a_wyoming_server_reads_what_is_heard_here(make_wyoming, note):
    other, server = make_wyoming()
    said, = texts(hear(server, note, "--no-revise", "--language", "de"))
    assert (said["text"], said["engine"]) == (TEXT, "far") and "fallback" not in said and "words" not in said
    (request, length), = other.asked
    assert request["language"] == "de" and 1.5 < length / 32_000 < 4
    assert state(server)["remote"] is True and server.get("/status")["recogniser"] == {"name": "far"}


@pytest.mark.parametrize(("mode", "reason"), [("error", "out of memory"), ("cut", "died"), ("hang", "in time")])
def test_this_machine_reads_for_a_wyoming_server_that_fails(mode, reason, make_wyoming, note):
    other, server = make_wyoming(mode, "--engine-timeout", "2s")
    said, = texts(hear(server, note, "--no-revise"))
    assert (said["text"], said["engine"], said["fallback"]["engine"]) == (WORDS, "pocketsphinx", "far")
    assert reason in said["fallback"]["reason"] and other.asked


def test_a_wyoming_server_that_is_not_there_costs_no_word_and_is_asked_again(note):
    other = WyomingRecogniser()
    other.close()
    server = Server("--recogniser", f"far={other.uri}")
    try:
        said, = texts(hear(server, note, "--no-revise"))
        assert (said["text"], said["engine"], said["fallback"]["engine"]) == (WORDS, "pocketsphinx", "far")
        assert until(lambda: state(server)["state"] == "failed", 30), state(server)
    finally:
        server.close()


def test_a_larger_one_reads_everything_once_more(make, note):
    other, server = make("ok", "--revise-by", "far")
    events = hear(server, note, "--engine", "pocketsphinx")
    first, = texts(events)
    assert (first["text"], first["engine"]) == (WORDS, "pocketsphinx")
    better, = texts(events, "transcript.revised")
    assert (better["text"], better["engine"], better["utterance_id"]) == (TEXT, "far", first["utterance_id"])


@pytest.mark.parametrize("what", ["draft", "session"])
def test_a_second_reading_does_not_bring_back_what_was_deleted(make, tmp_path, what):
    other, server = make("held", "--revise-by", "far", voice="slt")
    note = dictate(server, tmp_path / "note.wav")
    client = server.start("hear", "--source", note, "--fast", "--json", "--engine", "pocketsphinx", "--record")
    noted = lambda: [draft for draft in server.get("/v1/drafts")["drafts"] if "recording" in draft]
    assert until(noted, 60) and until(lambda: other.asked, 10)
    if what == "draft":
        assert server.run("drafts", "delete", noted()[0]["draft_id"]).code == 0
    else:
        assert server.ask("DELETE", "/v1/transcripts?session=default").status == 200
    count = len(other.asked)
    other.may_answer.set()
    seen = client.outcome(60).lines
    kinds = [event["type"] for event in seen]
    assert "source.stopped" in kinds and not {"transcript.revised", "draft.revised"} & set(kinds), kinds
    # What waited for its second reading is not sent away any more.
    assert len(other.asked) == count
    events = Events(server, last=0)
    events.until(lambda event: event["type"] == "source.stopped")
    events.close()
    kinds = {name for _, name, _ in events.seen}
    assert not [kind for kind in kinds if kind.startswith(("transcript.revised", "draft.")) and kind != "draft.deleted"]
    assert list(server.data.glob("recordings/*")) == []


def test_another_hearsay_is_such_a_server(note, tmp_path):
    large = Server(folder=tmp_path / "large")
    small = Server(
        "--recogniser", f"far=openai+http://127.0.0.1:{large.port}/v1",
        environment={"HEARSAY_ENGINE_FAR_KEY": large.make_token(["capture"])})
    try:
        said, = texts(hear(small, note, "--no-revise"))
        assert (said["text"], said["engine"]) == (WORDS, "far") and "fallback" not in said
        assert [word["text"] for word in said["words"]] == WORDS.split()
    finally:
        small.close()
        large.close()


@pytest.mark.parametrize("value", ["far=openai+ftp://host/v1", "far=openai+https://key@host/v1", "far=openai+https://host/v1?key=1"])
def test_an_address_that_cannot_be_used_is_refused(value):
    result = run("serve", "--recogniser", value)
    assert result.code == 1 and "openai+https://" in result.err and "key@" not in result.err


def test_a_second_reader_has_to_be_there():
    result = run("serve", "--revise-by", "nobody")
    assert result.code == 1 and "--recogniser" in result.err
