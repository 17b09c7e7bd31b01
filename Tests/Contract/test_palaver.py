"""Palaver's door: microphones and followers as its design has them, and as it was built later."""

import base64
import contextlib
import json
import pathlib
import socket
import time
import uuid

import numpy
import pytest
from websockets.exceptions import ConnectionClosed
from websockets.sync.client import connect

from hearsay import Server
from test_pai import ask

# Debian's package pocketsphinx-testdata: 16 kHz.
GO = numpy.frombuffer(pathlib.Path("/usr/share/pocketsphinx/test/data/goforward.raw").read_bytes(), "<i2")
SAID = "go forward ten meters"
START = 1234567890.125
# A busy machine takes half a minute for what an idle one does in two seconds.
PATIENCE = 60
DESIGN = ["text", "command", "audio_speech_start", "audio_speech_stop", "audio_start", "audio_stop"]
CLASS = "<class 'palaver.scribe.{}_events.{}'>"
CLASSES = [CLASS.format("audio", f"Audio{name}Event") for name in ("Start", "Stop", "Chunk", "SpeechStart", "SpeechStop", "Error")]
TEXT = CLASS.format("text", "TextEvent")


@pytest.fixture(scope="module")
def server():
    server = Server("--alias", "palaver=127.0.0.1:0")
    yield server
    server.close()


@pytest.fixture
def port(server):
    return server.door("palaver")[0]


@pytest.fixture
def dial(port):
    with contextlib.ExitStack() as stack:
        yield lambda path: stack.enter_context(connect(f"ws://127.0.0.1:{port}{path}", legacy=True, max_size=None))


def tell(socket, **message):
    socket.send(json.dumps(message))


def hear(socket, seconds=PATIENCE):
    return json.loads(socket.recv(timeout=seconds))


def source_of(message):
    event = message.get("event", message)
    return event.get("source_id") or event.get("audio_source_id")


def until(socket, wanted, source):
    """Everything of one stream up to the first message that is wanted; streams of earlier tests may still end."""
    heard = []
    while not heard or not wanted(heard[-1]):
        message = hear(socket)
        if source_of(message) == source:
            heard.append(message)
    return heard


def is_stop(message):
    return message.get("type") == "audio_stop" or message.get("event_class") == CLASSES[1]


def is_text(message):
    return message.get("type") == "text_event" or message.get("event_class") == TEXT


class Microphone:
    """RemoteListener of the design, with its arrays."""

    def __init__(self, socket, source=None, rate=16_000, channels=1, dtype="float32"):
        self.socket, self.rate, self.channels, self.dtype = socket, rate, channels, dtype
        self.source = source or f"ase://{uuid.uuid4()}"

    def start(self):
        tell(self.socket, type="audio_start", source_id=self.source, stream_start_time=START, sample_rate=self.rate,
             channels=self.channels, blocksize=self.rate * 3 // 100, datatype=self.dtype)

    def chunk(self, array, **more):
        tell(self.socket, **{
            "type": "audio_chunk", "source_id": self.source, "stream_start_time": START,
            "data": base64.b64encode(array.tobytes()).decode("ascii"), "dtype": str(array.dtype), "shape": list(array.shape),
            "duration": 0.03, "in_speech": False, "sample_rate": self.rate, "channels": self.channels,
            "blocksize": len(array), "datatype": self.dtype, "meta_data": {}} | more)

    def say(self, samples=GO):
        samples = numpy.concatenate([samples, numpy.zeros(self.rate, "<i2")])
        if self.dtype != "int16":
            samples = (samples / 32_768).astype(self.dtype)
        samples = numpy.stack([samples] * self.channels, axis=1)
        for start in range(0, len(samples), self.rate * 3 // 100):
            self.chunk(samples[start:start + self.rate * 3 // 100])

    def stop(self):
        tell(self.socket, type="audio_stop", source_id=self.source, stream_start_time=START)


@pytest.mark.parametrize("dtype, channels", [("float32", 1), ("int16", 2)])
def test_the_design_is_spoken(dial, dtype, channels):
    events, microphone = dial("/events"), Microphone(dial("/audio"), dtype=dtype, channels=channels)
    tell(events, type="subscribe", event_types=DESIGN)
    microphone.start()
    microphone.say()
    microphone.stop()
    heard = until(events, is_stop, microphone.source)
    assert [one["type"] for one in heard] == [
        "audio_start", "audio_speech_start", "audio_speech_stop", "text_event", "audio_stop"]
    _, start, stop, text, _ = [one["event"] for one in heard]
    assert text["text"] == SAID and [one["text"] for one in text["segments"]] == [SAID]
    assert text["audio_source_id"] == start["source_id"] == microphone.source
    assert start["stream_start_time"] == START <= text["audio_start_time"] < text["audio_end_time"] <= START + 4
    assert START <= start["timestamp"] < stop["last_in_speech_chunk_time"] <= START + 4
    uuid.UUID(text["event_id"])


def test_the_later_version_is_spoken_with_lists_and_classes(dial):
    events, audio = dial("/events"), dial("/audio")
    tell(events, subscribe=CLASSES + [TEXT])
    source = "ase://later"
    base = {"source_id": source, "timestamp": START, "event_id": "1", "stream_start_time": START}
    shape = {"sample_rate": 16_000, "channels": 1, "blocksize": 480, "datatype": "float32"}
    tell(audio, event_class=CLASSES[0], event_type="AUDIO_START", **base, **shape)
    samples = numpy.concatenate([GO, numpy.zeros(16_000, "<i2")]) / 32_768
    for place in range(0, len(samples), 480):
        tell(audio, event_class=CLASSES[2], event_type="AUDIO_CHUNK", data=samples[place:place + 480, None].tolist(),
             duration=0.03, in_speech=False, meta_data=None, **base, **shape)
    tell(audio, event_class=CLASSES[1], event_type="AUDIO_STOP", **base)
    heard = until(events, is_stop, source)
    assert heard[0]["event_class"] == CLASSES[0] and heard[0]["event_type"] == "AUDIO_START"
    assert heard[0]["sample_rate"] == 16_000 and heard[0]["source_id"] == source
    text = next(one for one in heard if is_text(one))
    assert text["text"] == SAID and text["audio_source_id"] == source
    chunks = [one for one in heard if one["event_class"] == CLASSES[2]]
    assert chunks and chunks[0]["event_type"] == "AUDIO_CHUNK" and numpy.array(chunks[0]["data"]).shape == (480, 1)
    assert numpy.allclose(numpy.array(chunks[5]["data"])[:, 0], samples[2_400:2_880])


def test_each_follower_is_answered_in_its_own_dialect(dial):
    followers = {"design": dial("/events"), "later": dial("/events"), "chunkless": dial("/events"), "short": dial("/events")}
    tell(followers["design"], type="subscribe", event_types=["all"])
    tell(followers["later"], subscribe=["all"])
    tell(followers["chunkless"], subscribe=["all_but_chunks"])
    tell(followers["short"], subscribe=["TextEvent", "AudioStopEvent"])
    microphone = Microphone(dial("/audio"))
    microphone.start()
    microphone.say()
    microphone.stop()
    heard = {name: until(socket, is_stop, microphone.source) for name, socket in followers.items()}
    assert [one["type"] for one in heard["design"]] == [
        "audio_start", "audio_speech_start", "audio_speech_stop", "text_event", "audio_stop"]
    names = {one["event_class"].split(".")[-1][:-2] for one in heard["later"]}
    assert names >= {"AudioStartEvent", "AudioChunkEvent", "AudioSpeechStartEvent", "TextEvent", "AudioStopEvent"}
    assert not any("Chunk" in one["event_class"] for one in heard["chunkless"])
    assert [one["event_class"] for one in heard["short"]] == [TEXT, CLASSES[1]]


def test_two_microphones_at_once_are_told_apart(dial):
    events = dial("/events")
    tell(events, type="subscribe", event_types=["text"])
    audio = dial("/audio")
    both = [Microphone(audio), Microphone(dial("/audio"))]
    for microphone in both:
        microphone.start()
    for microphone in both:
        microphone.say()
    heard = []
    while not {one.source for one in both} <= {source_of(one) for one in heard}:
        heard.append(hear(events))
    assert {one["event"]["text"] for one in heard} == {SAID}


def test_what_was_given_up_is_not_told_any_more(dial):
    events, microphone = dial("/events"), Microphone(dial("/audio"))
    tell(events, type="subscribe", event_types=["all"])
    tell(events, type="unsubscribe", event_types=["audio_start", "text"])
    tell(events, type="nonsense")
    assert hear(events)["code"] == "unknown_command"
    microphone.start()
    microphone.say()
    microphone.stop()
    assert [one["type"] for one in until(events, is_stop, microphone.source)] == [
        "audio_speech_start", "audio_speech_stop", "audio_stop"]


@pytest.mark.parametrize("is_cut", [False, True], ids=["closed", "cut"])
def test_a_connection_that_is_lost_ends_its_streams_and_loses_nothing_that_was_said(dial, port, is_cut):
    events = dial("/events")
    tell(events, type="subscribe", event_types=["text", "audio_stop"])
    with connect(f"ws://127.0.0.1:{port}/audio", legacy=True) as audio:
        microphone = Microphone(audio)
        microphone.start()
        for _ in range(3):
            microphone.say()
        if is_cut:
            audio.socket.shutdown(socket.SHUT_RDWR)
    heard = until(events, is_stop, microphone.source)
    assert [one["event"].get("text") for one in heard] == [SAID] * 3 + [None]


WRONG = [
    ("", "invalid_json"), ("[1]", "wrong_type"), ("{}", "missing_field"), ("[" * 9_000, "invalid_json"),
    ({"type": "audio_start"}, "missing_field"),
    ({"type": "dance", "source_id": "a"}, "unknown_command"),
    ({"type": "text", "source_id": "a"}, "unknown_command"),
    ({"type": "audio_start", "source_id": "a" * 600, "sample_rate": 16_000}, "out_of_range"),
    ({"type": "audio_start", "source_id": 7, "sample_rate": 16_000}, "wrong_type"),
    ({"type": "audio_start", "source_id": "a"}, "missing_field"),
    ({"type": "audio_start", "source_id": "a", "sample_rate": 1}, "out_of_range"),
    ({"type": "audio_start", "source_id": "a", "sample_rate": 16_000, "channels": 99}, "out_of_range"),
    ({"type": "audio_start", "source_id": "a", "sample_rate": 16_000, "stream_start_time": 1e300}, "out_of_range"),
    ({"type": "audio_chunk", "source_id": "nobody", "data": "AAAAAA=="}, "unknown_source"),
    ({"type": "audio_stop", "source_id": "nobody"}, "unknown_source"),
]
CHUNKS = [
    ({"data": None}, "missing_field"), ({"data": 7}, "wrong_type"), ({"data": "###"}, "wrong_type"),
    ({"data": "AAAA"}, "out_of_range"), ({"dtype": "complex128"}, "out_of_range"), ({"shape": [7, 1]}, "out_of_range"),
    ({"shape": [1 << 62, 1 << 62]}, "out_of_range"), ({"shape": "wide"}, "out_of_range"), ({"shape": [0, 0]}, "out_of_range"),
    ({"data": [[1, 2], [3]]}, "wrong_type"), ({"data": ["x"]}, "wrong_type"), ({"data": []}, "out_of_range"),
    ({"sample_rate": 8_000}, "bad_audio"), ({"shape": [240, 2]}, "bad_audio"),
]


def test_every_malformed_message_is_told_and_disturbs_nobody(dial):
    events, audio = dial("/events"), dial("/audio")
    tell(events, type="subscribe", event_types=["text"])
    for message, code in WRONG:
        audio.send(message if isinstance(message, str) else json.dumps(message))
        answer = hear(audio)
        assert (answer["type"], answer["code"]) == ("error", code) and answer["message"], message
    audio.send(b"\0" * 99)
    assert hear(audio)["code"] == "invalid_json"
    microphone = Microphone(audio)
    microphone.start()
    for more, code in CHUNKS:
        microphone.chunk(numpy.zeros((480, 1), "float32"), **more)
        assert hear(audio)["code"] == code, more
    microphone.say()
    assert until(events, is_text, microphone.source)[-1]["event"]["text"] == SAID


@pytest.mark.parametrize("message, code", [
    ("nonsense", "invalid_json"), ({"type": "subscribe"}, "missing_field"), ({"event_types": []}, "missing_field"),
    ({"type": "subscribe", "event_types": "text"}, "wrong_type"), ({"type": "subscribe", "event_types": [1]}, "wrong_type"),
    ({"type": "subscribe", "event_types": ["weather"]}, "unknown_event"),
    ({"subscribe": ["<class 'palaver.Weather'>"]}, "unknown_event"),
    ({"subscribe": ["all"] * 65}, "wrong_type"),
])
def test_wrong_subscriptions_are_told(dial, message, code):
    events = dial("/events")
    events.send(message if isinstance(message, str) else json.dumps(message))
    assert hear(events)["code"] == code


def test_who_subscribes_to_nothing_is_sent_away(dial):
    events = dial("/events")
    tell(events, subscribe=[])
    with pytest.raises(ConnectionClosed) as closed:
        events.recv(timeout=30)
    assert closed.value.rcvd.code == 1003


def test_the_later_versions_resources_are_there(dial, port):
    index = ask(port, "GET", "/index")[2]
    assert index["event_stream"] == f"ws://localhost:{port}/events" and index["health"].endswith("/health")
    assert ask(port, "GET", "/health")[2]["status"] == "healthy"
    status = ask(port, "GET", "/status")[2]
    assert status["status"] == "running" and status["pipeline_active"] and not status["rescanner_available"]
    rescanner = dial("/register_rescanner")
    tell(rescanner, url="ws://127.0.0.1:9/")
    assert hear(rescanner) == {"code": "success"}
    status = ask(port, "GET", "/status")[2]
    assert status["rescanner_url"] == "ws://127.0.0.1:9/" and abs(status["last_rescanner_ping"] - time.time()) < 120
    question = dial("/get_rescanner")
    tell(question, any=1)
    assert hear(question) == {"code": "success", "url": "ws://127.0.0.1:9/"}
    rescanner.send("{}")
    assert hear(rescanner)["code"] == "missing_field"


def test_a_page_pauses_the_microphones(dial, port):
    assert ask(port, "GET", "/ui/recording/status")[2] == {"streaming": False, "paused": False, "recording": False}
    events, audio = dial("/events"), dial("/audio")
    tell(events, type="subscribe", event_types=["audio_start"])
    Microphone(audio).start()
    hear(events)
    assert ask(port, "POST", "/ui/recording/pause")[2] == {"streaming": True, "paused": True, "recording": False}
    assert hear(audio)["state"] == "pause"
    assert ask(port, "POST", "/ui/recording/resume")[2] == {"streaming": True, "paused": False, "recording": True}
    assert hear(audio)["state"] == "resume"
