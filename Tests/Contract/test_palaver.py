"""Palaver's door: microphones and followers as its design has them, and as it was built later."""

import base64
import contextlib
import json
import pathlib
import re
import socket
import time
import uuid

import numpy
import pytest
from websockets.exceptions import ConnectionClosed
from websockets.sync.client import connect

from hearsay import Server
from hearsay import until as wait_until
from test_pai import ask

# Debian's package pocketsphinx-testdata: 16 kHz.
GO = numpy.frombuffer(pathlib.Path("/usr/share/pocketsphinx/test/data/goforward.raw").read_bytes(), "<i2")
SAID = "go forward ten meters"
START = 1234567890.125
# A busy machine takes a minute for what an idle one does in two seconds.
PATIENCE = 120
DESIGN = ["text", "command", "audio_speech_start", "audio_speech_stop", "audio_start", "audio_stop", "audio_input_error"]
CLASS = "<class 'palaver.scribe.{}_events.{}'>"
CLASSES = [CLASS.format("audio", f"Audio{name}Event") for name in ("Start", "Stop", "Chunk", "SpeechStart", "SpeechStop", "Error")]
TEXT = CLASS.format("text", "TextEvent")
COMMAND = CLASS.format("command", "ScribeCommandEvent")
DRAFTS = [CLASS.format("draft", f"Draft{name}Event") for name in ("Start", "End", "Rescan")]
DRAFT = {"start_text", "end_text", "full_text", "timestamp", "draft_id", "parent_draft_id", "audio_start_time",
         "audio_end_time"}
# What the constructors of the later version's classes take; any other member is an error there.
BASE = {"source_id", "stream_start_time", "speech_start_time", "timestamp", "event_id", "creation_location", "author_uri"}
SHAPE = {"sample_rate", "channels", "blocksize", "datatype"}
MEMBERS = {
    "AudioStartEvent": BASE | SHAPE, "AudioStopEvent": BASE, "AudioErrorEvent": BASE | {"message"},
    "AudioChunkEvent": BASE | SHAPE | {"data", "duration", "in_speech", "meta_data"},
    "AudioSpeechStartEvent": BASE | {"silence_period_ms", "vad_threshold", "sampling_rate", "speech_pad_ms"},
    "AudioSpeechStopEvent": BASE | {"last_in_speech_chunk_time"},
    "TextEvent": {"text", "timestamp", "event_id", "audio_source_id", "audio_start_time", "audio_end_time", "author_uri"},
    "ScribeCommandEvent": {"command", "pattern", "text_event", "segment_index", "matched_text", "attention_text",
                           "timestamp", "event_id"},
    "DraftStartEvent": {"draft", "timestamp", "event_id", "author_uri"},
    "DraftEndEvent": {"draft", "timestamp", "event_id", "author_uri"},
    "DraftRescanEvent": {"draft", "original_draft_id", "timestamp", "event_id", "author_uri"},
}
NOTE = ["Start a new note.", "The green garden.", "Break. Break. Break."]


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


@pytest.fixture(scope="module")
def note(server):
    """A note by a voice that the basic recogniser understands: its rate, and its samples without and with the end."""
    parts = []
    for sentence in NOTE:
        spoken = server.ask("POST", "/v1/audio/speech", {
            "model": "tts-1", "voice": "slt", "input": sentence, "response_format": "wav"})
        assert spoken.status == 200
        rate = int.from_bytes(spoken.data[24:28], "little")
        parts += [numpy.frombuffer(spoken.data[44:], "<i2"), numpy.zeros(int(1.2 * rate), "<i2")]
    return rate, numpy.concatenate([numpy.zeros(rate, "<i2"), *parts[:4]]), numpy.concatenate(parts[4:])


def source_of(message):
    event = message.get("event", message)
    if "text_event" in event:
        event = event["text_event"]
    return event.get("source_id") or event.get("audio_source_id")


def name_of(message):
    """As Palaver's later client finds the class; it refuses members and values that it does not know."""
    name = message["event_class"].split(".")[-1][:-2]
    extra = {"event_type"} if name.startswith("Audio") else set()
    assert message.keys() - {"event_class"} <= MEMBERS[name] | extra, message.keys()
    if extra:
        assert message["event_type"] in {
            "audio_start", "audio_stop", "audio_chunk", "audio_input_error", "audio_speech_start", "audio_speech_stop"}
    if "draft" in message:
        assert message["draft"].keys() == DRAFT
    return name


def until(socket, wanted, source):
    """Everything of one stream up to the first message that is wanted; streams of earlier tests may still end."""
    heard = []
    while not heard or not wanted(heard[-1]):
        message = hear(socket)
        # Drafts carry no source.
        if source_of(message) in (source, None):
            heard.append(message)
    return heard


def is_stop(message):
    return message.get("type") == "audio_stop" or message.get("event_class") == CLASSES[1]


def is_chunk(message):
    return message.get("event_class") == CLASSES[2]


def is_text(message):
    return message.get("type") == "text_event" or message.get("event_class") == TEXT


class Microphone:
    """RemoteListener of the design, with its arrays."""

    def __init__(self, socket, source=None, rate=16_000, channels=1, dtype="float32"):
        self.socket, self.rate, self.channels, self.dtype = socket, rate, channels, dtype
        self.source = source or f"ase://{uuid.uuid4()}"

    def start(self, **more):
        tell(self.socket, type="audio_start", source_id=self.source, stream_start_time=START, sample_rate=self.rate,
             channels=self.channels, blocksize=self.rate * 3 // 100, datatype=self.dtype, **more)

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
    assert heard[0]["event_class"] == CLASSES[0] and heard[0]["event_type"] == "audio_start"
    assert heard[0]["sample_rate"] == 16_000 and heard[0]["source_id"] == source
    text = next(one for one in heard if is_text(one))
    assert text["text"] == SAID and text["audio_source_id"] == source
    chunks = [one for one in heard if one["event_class"] == CLASSES[2]]
    assert chunks and chunks[0]["event_type"] == "audio_chunk" and numpy.array(chunks[0]["data"]).shape == (480, 1)
    assert numpy.allclose(numpy.array(chunks[5]["data"])[:, 0], samples[2_400:2_880])


@pytest.mark.parametrize("is_design", [True, False], ids=["design", "later"])
def test_palavers_own_microphone_sends_pairs_and_fractions(dial, is_design):
    # It opens its device to record and to play: what the sound library then says comes in twos, the rate as a float.
    events, audio, source = dial("/events"), dial("/audio"), f"ase://{uuid.uuid4()}"
    tell(events, type="subscribe", event_types=["text", "audio_start", "audio_stop"])
    base = {"source_id": source, "stream_start_time": START}
    shape = {"blocksize": 480, "datatype": ["float32", "float32"]}

    def send(kind, place, **more):
        name = {"type": kind} if is_design else {"event_class": CLASSES[place], "event_type": kind.upper()}
        tell(audio, **name, **base, **more)

    send("audio_start", 0, sample_rate=16_000, channels=1, **shape)
    samples = (numpy.concatenate([GO, numpy.zeros(16_000, "<i2")]) / 32_768).astype("float32")[:, None]
    for place in range(0, len(samples), 480):
        piece = samples[place:place + 480]
        data = {"data": base64.b64encode(piece.tobytes()).decode("ascii"), "dtype": "float32", "shape": list(piece.shape)}
        send("audio_chunk", 2, **(data if is_design else {"data": piece.tolist()}), duration=0.03, in_speech=False,
             sample_rate=16_000.0, channels=[1, 1], meta_data={"device": [3, 4]}, **shape)
    send("audio_stop", 1)
    heard = [one["event"] for one in until(events, is_stop, source)]
    assert (heard[0]["datatype"], heard[0]["channels"]) == ("float32", 1) and heard[1]["text"] == SAID


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
    names = {name_of(one) for one in heard["later"]}
    assert names >= {"AudioStartEvent", "AudioChunkEvent", "AudioSpeechStartEvent", "TextEvent", "AudioStopEvent"}
    assert not any("Chunk" in one["event_class"] for one in heard["chunkless"])
    assert [one["event_class"] for one in heard["short"]] == [TEXT, CLASSES[1]]


def test_a_note_is_told_as_commands_and_as_a_draft(dial, note):
    rate, beginning, end = note
    design, later = dial("/events"), dial("/events")
    tell(design, type="subscribe", event_types=["all", "draft_start", "draft_end"])
    tell(later, subscribe=["all_but_chunks", COMMAND])
    microphone = Microphone(dial("/audio"), rate=rate, dtype="int16")
    microphone.start()
    microphone.say(beginning)
    microphone.say(end)
    microphone.stop()
    heard = [one for one in until(design, is_stop, microphone.source) if one["type"].startswith(("command", "draft"))]
    assert [one["type"] for one in heard] == ["command_event", "draft_start", "command_event", "draft_end"]
    begun, first, ended, last = [one["event"] for one in heard]
    assert (begun["command"], ended["command"]) == ("start_block", "stop_block")
    assert begun["pattern"].startswith("start") and begun["matched_text"].startswith("start") and not begun["segment_index"]
    assert begun["text_event"]["audio_source_id"] == microphone.source and begun["text_event"]["segments"]
    assert first["draft"]["draft_id"] == last["draft"]["draft_id"] and first["draft"]["end_text"] is None
    draft = last["draft"]
    assert draft["start_text"] == begun["matched_text"] and draft["end_text"] == ended["matched_text"]
    assert "garden" in draft["full_text"] and "break" not in draft["full_text"]
    assert START < draft["audio_start_time"] < draft["audio_end_time"] < START + 20

    heard = [one for one in until(later, is_stop, microphone.source) if name_of(one).startswith(("Scribe", "Draft", "Text"))]
    texts = {one["event_id"]: one for one in heard if is_text(one)}
    commands = [one for one in heard if one["event_class"] == COMMAND]
    assert [one["command"] for one in commands] == [
        {"name": "start_block", "starts_text_block": True, "ends_text_block": False},
        {"name": "stop_block", "starts_text_block": False, "ends_text_block": True}]
    assert commands[0]["text_event"]["event_id"] in texts and commands[0]["event_id"] == begun["event_id"]
    assert [one["draft"] for one in heard if "draft" in one] == [first["draft"], draft]


def test_a_note_that_nobody_ends_is_ended_with_its_stream(dial, note):
    rate, beginning, _ = note
    events = dial("/events")
    tell(events, type="subscribe", event_types=["command", "draft_end", "audio_stop"])
    microphone = Microphone(dial("/audio"), rate=rate, dtype="int16")
    microphone.start()
    microphone.say(beginning)
    microphone.stop()
    heard = until(events, is_stop, microphone.source)
    assert [one["type"] for one in heard] == ["command_event", "draft_end", "command_event", "audio_stop"]
    _, end, forced, _ = [one["event"] for one in heard]
    assert end["draft"]["end_text"] == "forced end" and "garden" in end["draft"]["full_text"]
    assert forced["command"] == "stop_block" and forced["matched_text"] == "" and forced["text_event"]["text"]


def test_a_stream_says_how_its_speech_is_to_be_found(dial):
    events, audio = dial("/events"), dial("/audio")
    tell(events, type="subscribe", event_types=["audio_speech_start", "audio_stop"])
    usual, own = Microphone(audio), Microphone(audio)
    usual.start()
    own.start(vad_threshold=0.6, silence_period_ms=350, speech_pad_ms=400)
    for microphone, wanted in ((usual, (500, 0.5, 16_000, 300)), (own, (350, 0.6, 16_000, 400))):
        microphone.say()
        microphone.stop()
        start = until(events, is_stop, microphone.source)[0]["event"]
        assert (start["silence_period_ms"], start["vad_threshold"], start["sampling_rate"], start["speech_pad_ms"]) == wanted


def test_a_follower_that_takes_nothing_misses_audio_and_no_text(dial, port):
    narrow = socket.socket()
    # The kernel would keep megabytes for it.
    narrow.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 65_536)
    narrow.connect(("127.0.0.1", port))
    awake, microphone, whole = dial("/events"), Microphone(dial("/audio")), []
    with connect(f"ws://127.0.0.1:{port}/events", sock=narrow, legacy=True, max_size=None, max_queue=1) as stalled:
        for follower in (awake, stalled):
            tell(follower, subscribe=["all"])
        microphone.start()
        for _ in range(8):
            microphone.say()
            whole += until(awake, is_text, microphone.source)
        microphone.stop()
        whole += until(awake, is_stop, microphone.source)
        holey = until(stalled, is_stop, microphone.source)
    assert sum(is_chunk(one) for one in holey) < sum(is_chunk(one) for one in whole) == 8 * 127
    assert [one for one in holey if not is_chunk(one)] == [one for one in whole if not is_chunk(one)]
    assert [one["text"] for one in holey if is_text(one)] == [SAID] * 8


def test_a_chunk_that_does_not_say_it_has_the_form_of_its_stream(dial):
    events, microphone = dial("/events"), Microphone(dial("/audio"), dtype="int16", channels=2)
    tell(events, type="subscribe", event_types=["text", "audio_stop"])
    microphone.start()
    samples = numpy.stack([numpy.concatenate([GO, numpy.zeros(16_000, "<i2")])] * 2, axis=1)
    for place in range(0, len(samples), 480):
        tell(microphone.socket, type="audio_chunk", source_id=microphone.source,
             data=base64.b64encode(samples[place:place + 480].tobytes()).decode("ascii"))
    microphone.stop()
    heard = until(events, is_stop, microphone.source)
    assert [one["event"]["text"] for one in heard if is_text(one)] == [SAID]


@pytest.mark.parametrize("dtype, channels", [("int16", 1), ("float32", 2)])
def test_audio_may_come_as_binary_frames(dial, dtype, channels):
    events, audio = dial("/events"), dial("/audio")
    tell(events, type="subscribe", event_types=["all"])
    microphone = Microphone(audio, dtype=dtype, channels=channels)
    microphone.start()
    samples = numpy.concatenate([GO, numpy.zeros(16_000, "<i2")])
    samples = samples if dtype == "int16" else (samples / 32_768).astype("<f4")
    samples = numpy.stack([samples] * channels, axis=1)
    for place in range(0, len(samples), 480):
        audio.send(samples[place:place + 480].tobytes())
    microphone.stop()
    heard = until(events, is_stop, microphone.source)
    assert [one["event"]["text"] for one in heard if is_text(one)] == [SAID]


def test_a_microphone_changes_how_it_is_heard_and_pauses(dial):
    events, audio = dial("/events"), dial("/audio")
    tell(events, type="subscribe", event_types=["text", "audio_speech_start", "audio_stop"])
    microphone = Microphone(audio)
    microphone.start()
    microphone.say()
    tell(audio, type="audio_control", source_id=microphone.source, state="pause")
    microphone.say()
    tell(audio, type="audio_control", source_id=microphone.source, state="resume")
    tell(audio, type="audio_config", source_id=microphone.source, vad_threshold=0.45, silence_period_ms=400)
    microphone.say()
    microphone.stop()
    heard = [one["event"] for one in until(events, is_stop, microphone.source)]
    assert [one["text"] for one in heard if "text" in one] == [SAID] * 2
    starts = [one for one in heard if "vad_threshold" in one]
    assert len(starts) == 2 and (starts[-1]["vad_threshold"], starts[-1]["silence_period_ms"]) == (0.45, 400)


def test_a_stream_that_begins_anew_ends_the_one_before(dial):
    events, microphone = dial("/events"), Microphone(dial("/audio"))
    tell(events, type="subscribe", event_types=["text", "audio_start", "audio_stop"])
    for _ in range(2):
        microphone.start()
        microphone.say()
    microphone.stop()
    heard = until(events, is_stop, microphone.source) + until(events, is_stop, microphone.source)
    assert sorted(one["type"] for one in heard) == sorted(2 * ["audio_start", "text_event", "audio_stop"])
    assert all(one["event"].get("text", SAID) == SAID for one in heard)


def test_more_streams_than_may_be_are_refused_and_disturb_nobody(dial):
    events, first, crowd = dial("/events"), Microphone(dial("/audio")), dial("/audio")
    tell(events, type="subscribe", event_types=["text"])
    first.start()
    first.say(GO[:16_000])
    for _ in range(64):
        Microphone(crowd).start()
    assert hear(crowd)["code"] == "too_many_sources"
    crowd.close()
    first.say(GO[16_000:])
    assert until(events, is_text, first.source)


def test_two_microphones_at_once_are_told_apart(dial):
    events = dial("/events")
    tell(events, type="subscribe", event_types=["text"])
    audio = dial("/audio")
    both = [Microphone(audio), Microphone(dial("/audio"))]
    for microphone in both:
        microphone.start()
    for microphone in both:
        microphone.say()
    texts = {one.source: None for one in both}
    while None in texts.values():
        heard = hear(events)
        if source_of(heard) in texts:
            texts[source_of(heard)] = heard["event"]["text"]
    assert set(texts.values()) == {SAID}


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


@pytest.fixture
def dial_as(server, port):
    """Connects with a token that is bound to a session."""
    assert server.ask("POST", "/v1/sessions", {"session_id": "meeting"}).status in (200, 201)
    with contextlib.ExitStack() as stack:
        def dial_as(path, scopes, session="meeting"):
            token = server.make_token(scopes, session_id=session)
            return stack.enter_context(connect(
                f"ws://127.0.0.1:{port}{path}", legacy=True, max_size=None,
                additional_headers={"Authorization": f"Bearer {token}"}))
        yield dial_as


def test_what_is_said_in_one_session_is_told_in_no_other(dial, dial_as):
    followers = {"door": dial("/events"), "meeting": dial_as("/events", ["events", "listen"])}
    microphones = {"door": Microphone(dial("/audio")), "meeting": Microphone(dial_as("/audio", ["capture"]))}
    for follower in followers.values():
        tell(follower, subscribe=["all"])
        tell(follower, type="subscribe", event_types=["all", "audio_chunk"])
        # Its answer says that both subscriptions hold.
        tell(follower, type="nonsense")
        assert hear(follower)["code"] == "unknown_command"
    for microphone in microphones.values():
        microphone.start()
        microphone.say()
    for microphone in microphones.values():
        microphone.stop()
    for name, follower in followers.items():
        heard, stops = [], 0
        while stops < 2:
            heard.append(hear(follower))
            # One in each dialect.
            stops += is_stop(heard[-1]) and source_of(heard[-1]) == microphones[name].source
        other = microphones["meeting" if name == "door" else "door"].source
        assert not [one for one in heard if source_of(one) == other], name
        own = [one for one in heard if source_of(one) == microphones[name].source]
        assert any(is_chunk(one) for one in own) and any(one.get("type") == "audio_chunk" for one in own), name


def test_the_sound_itself_needs_a_token_that_may_hear_it(dial_as):
    events, microphone = dial_as("/events", ["events"]), Microphone(dial_as("/audio", ["capture"]))
    for subscription in ({"subscribe": ["TextEvent", "AudioChunkEvent"]}, {"type": "subscribe", "event_types": ["audio_chunk"]}):
        tell(events, **subscription)
        answer = hear(events)
        assert answer["code"] == "not_allowed" and "listen" in answer["message"]
    tell(events, subscribe=["all"])
    microphone.start()
    microphone.say()
    microphone.stop()
    names = [name_of(one) for one in until(events, is_stop, microphone.source)]
    assert names[0] == "AudioStartEvent" and "TextEvent" in names and "AudioChunkEvent" not in names


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
    ({"type": "audio_start", "source_id": "a", "sample_rate": 16_000, "vad_threshold": 7}, "out_of_range"),
    ({"type": "audio_start", "source_id": "a", "sample_rate": 16_000, "silence_period_ms": "long"}, "wrong_type"),
    *[({"type": "audio_start", "source_id": "a", "sample_rate": 16_000} | more, code) for more, code in [
        ({"sample_rate": "fast"}, "wrong_type"), ({"sample_rate": 1e300}, "out_of_range"),
        ({"channels": "two"}, "wrong_type"), ({"channels": 1.5}, "wrong_type"), ({"channels": [2, 2, 2]}, "wrong_type"),
        ({"channels": [99, 1]}, "out_of_range"), ({"blocksize": "small"}, "wrong_type"),
        ({"datatype": "complex"}, "out_of_range"), ({"datatype": 7}, "wrong_type"),
        ({"datatype": ["complex", "float32"]}, "out_of_range"), ({"datatype": []}, "wrong_type"),
        ({"stream_start_time": "x"}, "wrong_type"), ({"timestamp": "x"}, "wrong_type"),
        ({"record": "yes"}, "wrong_type"), ({"record": 1}, "wrong_type"),
    ]],
    ({"type": "audio_chunk", "source_id": "nobody", "data": "AAAAAA=="}, "unknown_source"),
    ({"type": "audio_stop", "source_id": "nobody"}, "unknown_source"),
]
CHUNKS = [
    ({"data": None}, "missing_field"), ({"data": 7}, "wrong_type"), ({"data": "###"}, "wrong_type"),
    ({"data": "AAAA"}, "out_of_range"), ({"dtype": "complex128"}, "out_of_range"), ({"shape": [7, 1]}, "out_of_range"),
    ({"shape": [1 << 62, 1 << 62]}, "out_of_range"), ({"shape": "wide"}, "out_of_range"), ({"shape": [0, 0]}, "out_of_range"),
    ({"data": [[1, 2], [3]]}, "wrong_type"), ({"data": ["x"]}, "wrong_type"), ({"data": []}, "out_of_range"),
    ({"sample_rate": 8_000}, "bad_audio"), ({"shape": [240, 2]}, "bad_audio"),
    ({"sample_rate": "fast"}, "wrong_type"), ({"in_speech": "no"}, "wrong_type"), ({"dtype": 7}, "wrong_type"),
    ({"dtype": None, "datatype": "complex"}, "out_of_range"), ({"shape": None, "channels": "two"}, "wrong_type"),
]


CHANGES = [
    ({"type": "audio_config", "source_id": "nobody"}, "unknown_source"),
    ({"type": "audio_config", "vad_threshold": "much"}, "wrong_type"),
    ({"type": "audio_config", "silence_period_ms": -1}, "out_of_range"),
    ({"type": "audio_config", "model": 7}, "wrong_type"), ({"type": "audio_config", "model": "nobody"}, "unknown_engine"),
    ({"type": "audio_control"}, "missing_field"), ({"type": "audio_control", "state": "dance"}, "out_of_range"),
    ({"type": "audio_control", "state": "pause", "source_id": "nobody"}, "unknown_source"),
]


def test_every_malformed_message_is_told_and_disturbs_nobody(dial):
    events, audio = dial("/events"), dial("/audio")
    tell(events, type="subscribe", event_types=["text"])
    for message, code in WRONG:
        audio.send(message if isinstance(message, str) else json.dumps(message))
        answer = hear(audio)
        assert (answer["type"], answer["code"]) == ("error", code) and answer["message"], message
        assert "source.open" not in answer["message"] and "protocol" not in answer["message"]
        assert code != "unknown_source" or answer["message"].endswith("; send audio_start first")
    audio.send(b"\0" * 99)
    answer = hear(audio)
    assert answer["code"] == "unknown_source" and answer["message"].endswith("; send audio_start first")
    more = Microphone(audio), Microphone(audio)
    for one in more:
        one.start()
    audio.send(b"\0" * 96)
    answer = hear(audio)
    assert answer["code"] == "unknown_source" and "audio_chunk with its source_id" in answer["message"]
    for one in more:
        one.stop()
    microphone = Microphone(audio)
    microphone.start()
    for frame in (b"", b"\0" * 99, b"\0" * 4 * 16_000 * 11):
        audio.send(frame)
        assert hear(audio)["code"] == "out_of_range", len(frame)
    for message, code in CHANGES:
        tell(audio, **{"source_id": microphone.source} | message)
        assert hear(audio)["code"] == code, message
    for more, code in CHUNKS:
        microphone.chunk(numpy.zeros((480, 1), "float32"), **more)
        assert hear(audio)["code"] == code, more
    microphone.say()
    assert until(events, is_text, microphone.source)[-1]["event"]["text"] == SAID


def submit(dial, **draft):
    """As the later version's rescanner does: a connection for each draft."""
    socket = dial("/new_draft")
    tell(socket, **draft)
    return hear(socket)


def test_a_rescanner_hands_in_a_better_reading(dial, port, note):
    rate, beginning, end = note
    events, rescans, native = dial("/events"), dial("/events"), dial("/events")
    tell(events, subscribe=["all_but_chunks"])
    tell(rescans, subscribe=["DraftRescanEvent"])
    tell(native, type="subscribe", event_types=["draft_rescan"])
    microphone = Microphone(dial("/audio"), rate=rate, dtype="int16")
    microphone.start()
    microphone.say(numpy.concatenate([beginning, end]))
    microphone.stop()
    heard = until(events, is_stop, microphone.source)
    draft = next(one["draft"] for one in heard if name_of(one) == "DraftEndEvent")
    better = {"start_text": "Start a new note.", "end_text": "Break, break, break.", "full_text": "The green garden!",
              "timestamp": draft["timestamp"] + 1, "draft_id": str(uuid.uuid4()), "parent_draft_id": draft["draft_id"],
              "audio_start_time": draft["audio_start_time"], "audio_end_time": draft["audio_end_time"]}
    assert submit(dial, **better) == {"code": "success"}
    # A second reading of our own may come before it.
    told = next(one for one in iter(lambda: hear(rescans), None) if one["draft"]["draft_id"] == better["draft_id"])
    assert name_of(told) == "DraftRescanEvent" and told["original_draft_id"] == draft["draft_id"]
    assert told["draft"].keys() == DRAFT and told["draft"] == pytest.approx(better, abs=0.002)
    told = next(one for one in iter(lambda: hear(native), None) if one["event"]["draft"]["draft_id"] == better["draft_id"])
    assert told["type"] == "draft_rescan" and told["event"]["original_draft_id"] == draft["draft_id"]

    family = ask(port, "GET", f"/drafts/{draft['draft_id']}?include_parent=true&include_children=1")[2]
    assert family["parent"] is None and [one["full_text"] for one in family["children"]] == ["The green garden!"]
    child = ask(port, "GET", f"/drafts/{better['draft_id']}?include_parent=true")[2]
    assert child["parent"] == family["draft"] and child.keys() == {"draft", "parent"}
    assert child["draft"].keys() == {
        "draft_id", "timestamp", "full_text", "classname", "directory_path", "parent_draft_id", "created_at"}
    assert child["draft"]["classname"] == CLASS.format("draft", "Draft") and child["draft"]["directory_path"] == ""
    assert submit(dial, **better)["code"] == "draft_exists"


def test_drafts_are_listed_page_by_page(dial, port, server):
    first = 4_000_000_000
    before = ask(port, "GET", "/drafts")[2]["total"]
    for place in range(5):
        assert submit(dial, start_text="x", full_text=f"number {place}", timestamp=first + place) == {"code": "success"}
    page = ask(port, "GET", "/drafts?limit=2&order=desc")[2]
    assert [one["full_text"] for one in page["drafts"]] == ["number 4", "number 3"]
    assert (page["total"], page["limit"], page["offset"], page["has_more"]) == (before + 5, 2, 0, True)
    for since in (f"{first + 1}.0", "2096-10-02T07:06:41Z", "2096-10-02T07:06:41", "2096-10-02T09:06:41%2B02:00"):
        page = ask(port, "GET", f"/drafts?since={since}&order=asc&offset=3&limit=3")[2]
        assert [one["full_text"] for one in page["drafts"]] == ["number 4"] and not page["has_more"] and page["total"] == 4
    brief = ask(port, "GET", "/drafts?summary=true&limit=1")[2]["drafts"][0]
    assert brief.keys() == {"draft_id", "timestamp", "parent_draft_id"} and brief["timestamp"] == first + 4
    # The server's own interface has them too, and takes them back with all that was made of them.
    better = {"start_text": "x", "full_text": "better", "parent_draft_id": brief["draft_id"]}
    assert submit(dial, **better) == {"code": "success"}
    assert server.get(f"/v1/drafts/{brief['draft_id']}")["ended_by"] == "made"
    assert server.ask("DELETE", f"/v1/drafts/{brief['draft_id']}").status == 200
    assert ask(port, "GET", "/drafts")[2]["total"] == before + 4


@pytest.mark.parametrize("question", [
    "?limit=0", "?limit=1001", "?limit=x", "?offset=-1", "?offset=99999999999999999999", "?order=up", "?since=soon",
    "?since=1e300", "?summary=maybe", "/x?include_parent=7", "/nobody",
])
def test_wrong_questions_for_drafts_are_told(port, question):
    status, _, body = ask(port, "GET", f"/drafts{question}")
    assert status == (404 if question == "/nobody" else 400) and body["detail"]
    assert "/v1/" not in body["detail"] and ("GET /drafts lists" in body["detail"]) == (status == 404)


@pytest.mark.parametrize("message, code", [
    ("", "invalid_json"), ("[]", "wrong_type"), ({}, "missing_field"), ({"start_text": 7}, "wrong_type"),
    ({"start_text": "x", "full_text": ["a"]}, "wrong_type"), ({"start_text": "x", "timestamp": "now"}, "wrong_type"),
    ({"start_text": "x", "timestamp": 1e300}, "out_of_range"), ({"start_text": "x", "draft_id": "a b"}, "out_of_range"),
    ({"start_text": "x", "draft_id": ".."}, "out_of_range"), ({"start_text": "x", "draft_id": "%2E."}, "out_of_range"),
    ({"start_text": "x", "draft_id": ""}, "out_of_range"), ({"start_text": "x" * 2_000}, "out_of_range"),
    ({"start_text": "x", "draft_id": "a", "parent_draft_id": "a"}, "out_of_range"),
    ({"start_text": "x", "parent_draft_id": "nobody"}, "unknown_draft"),
])
def test_wrong_drafts_are_told_and_not_kept(dial, port, message, code):
    total = ask(port, "GET", "/drafts")[2]["total"]
    socket = dial("/new_draft")
    socket.send(message if isinstance(message, str) else json.dumps(message))
    assert hear(socket)["code"] == code
    assert ask(port, "GET", "/drafts")[2]["total"] == total


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
    answer = hear(events)
    assert answer["code"] == code and "job" not in answer["message"]
    if code == "unknown_event":
        assert all(name in answer["message"] for name in DESIGN + ["audio_chunk", "draft_end", "all"])


def test_who_subscribes_to_nothing_is_sent_away(dial):
    events = dial("/events")
    tell(events, subscribe=[])
    with pytest.raises(ConnectionClosed) as closed:
        events.recv(timeout=30)
    assert closed.value.rcvd.code == 1003


def test_the_later_versions_resources_are_there(dial, port):
    index = ask(port, "GET", "/index")[2]
    assert index["event_stream"] == f"ws://localhost:{port}/events" and index["health"].endswith("/health")
    assert index["add_stream"].endswith("/new_draft") and index["audio_stream"].endswith("/audio")
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
    # One that is not heard of for 5 s is no longer there, but as in Palaver's server its address stays known.
    wait_until(lambda: not ask(port, "GET", "/status")[2]["rescanner_available"], PATIENCE)
    question = dial("/get_rescanner")
    tell(question)
    assert hear(question) == {"code": "success", "url": "ws://127.0.0.1:9/"}


def test_a_page_pauses_the_microphones(dial, port):
    wait_until(lambda: not ask(port, "GET", "/ui/recording/status")[2]["streaming"])
    assert ask(port, "GET", "/ui/recording/status")[2] == {"streaming": False, "paused": False, "recording": False}
    status, _, body = ask(port, "POST", "/ui/recording/pause")
    assert status == 400 and body == {"detail": "Recording is not active"}
    assert "disabled" in ask(port, "GET", "/ui/recording-button")[2]
    events, audio = dial("/events"), dial("/audio")
    tell(events, type="subscribe", event_types=["audio_start"])
    Microphone(audio).start()
    hear(events)
    assert 'hx-post="/ui/recording/pause"' in ask(port, "GET", "/ui/recording-button")[2]
    status, fields, button = ask(port, "POST", "/ui/recording/pause")
    assert status == 200 and fields["Content-Type"].startswith("text/html") and 'hx-post="/ui/recording/resume"' in button
    assert ask(port, "GET", "/ui/recording/status")[2] == {"streaming": True, "paused": True, "recording": False}
    assert hear(audio)["state"] == "pause"
    assert 'hx-post="/ui/recording/pause"' in ask(port, "POST", "/ui/recording/resume")[2]
    assert ask(port, "GET", "/ui/recording/status")[2] == {"streaming": True, "paused": False, "recording": True}
    assert hear(audio)["state"] == "resume"


def test_a_page_pauses_nobody_of_another_session(dial_as, port):
    wait_until(lambda: not ask(port, "GET", "/ui/recording/status")[2]["streaming"])
    events = dial_as("/events", ["events", "listen"])
    tell(events, type="subscribe", event_types=["audio_start"])
    Microphone(dial_as("/audio", ["capture"])).start()
    hear(events)
    assert ask(port, "POST", "/ui/recording/pause")[0] == 400
    assert ask(port, "GET", "/ui/recording/status")[2] == {"streaming": False, "paused": False, "recording": False}


@pytest.mark.parametrize("path, wanted", [("/", "/ui/status-partial"), ("/events", "/ui/events-poll")])
def test_the_later_versions_pages_are_there(port, path, wanted):
    status, fields, page = ask(port, "GET", path)
    assert status == 200 and fields["Content-Type"] == "text/html; charset=utf-8" and wanted in page
    for file in re.findall(r'(?:src|href)="(/web/[^"]+)"', page):
        assert ask(port, "GET", file)[0] == 200, file
    assert ask(port, "HEAD", path)[0] == 200 and ask(port, "POST", path)[0] == 405


def test_a_page_shows_the_state_and_what_happens(dial, port):
    status, fields, html = ask(port, "GET", "/ui/status-partial")
    assert status == 200 and fields["Content-Type"].startswith("text/html")
    assert re.search(r"Pipeline Active</dt><dd>Yes<", html) and f"ws://localhost:{port}" in html
    tell(dial("/register_rescanner"), url="<script>alert(1)</script>")
    wait_until(lambda: "&lt;script&gt;" in ask(port, "GET", "/ui/status-partial")[2])
    assert "<script>" not in ask(port, "GET", "/ui/status-partial")[2]

    place = int(ask(port, "GET", "/ui/events-poll?since=0")[1]["X-Event-Sequence"])
    assert submit(dial, start_text="x", full_text="<b>bold</b>") == {"code": "success"}
    microphone, events = Microphone(dial("/audio")), dial("/events")
    tell(events, type="subscribe", event_types=["audio_stop"])
    microphone.start()
    microphone.say()
    microphone.stop()
    until(events, is_stop, microphone.source)
    _, fields, html = ask(port, "GET", f"/ui/events-poll?since={place}")
    kinds = re.findall(r'data-event-type="([a-z-]+)"', html)
    assert kinds == ["draft-end", "speech-start", "speech-stop", "text"]
    assert SAID in html and "&lt;b&gt;bold&lt;/b&gt;" in html and "<b>" not in html
    place = fields["X-Event-Sequence"]
    _, fields, html = ask(port, "GET", f"/ui/events-poll?since={place}")
    assert html == "" and fields["X-Event-Sequence"] == place
    assert ask(port, "GET", "/ui/events-poll?since=-1")[0] == 400
    assert ask(port, "GET", "/ui/events-poll?since=99999999")[2] == ""


def test_other_machines_come_in_where_the_door_is_open():
    server = Server("--alias", "palaver=0.0.0.0:0,open", "--allow-net", "127.0.0.0/8")
    try:
        port = server.door("palaver")[0]
        with connect(f"ws://127.0.0.1:{port}/events", legacy=True) as events:
            tell(events, type="subscribe", event_types=["nonsense"])
            assert hear(events)["code"] == "unknown_event"
        assert ask(port, "GET", "/drafts", Host="192.0.2.7")[0] == 200
        assert ask(port, "GET", "/drafts", Host="evil.example")[0] in (403, 421)
    finally:
        server.close()


def test_a_door_may_keep_the_sound_of_drafts_of_those_who_do_not_ask(note):
    rate, beginning, end = note
    server = Server("--alias", "palaver=127.0.0.1:0,record")
    try:
        port = server.door("palaver")[0]
        assert any("Records the sound of drafts" in line for line in server.lines)
        assert [door["records"] for door in server.get("/status")["doors"]] == [True]
        folders = []
        for more in ({}, {"record": False}):
            with (connect(f"ws://127.0.0.1:{port}/events", legacy=True) as events,
                  connect(f"ws://127.0.0.1:{port}/audio", legacy=True) as audio):
                tell(events, type="subscribe", event_types=["draft_end", "audio_stop"])
                microphone = Microphone(audio, rate=rate, dtype="int16")
                microphone.start(**more)
                microphone.say(numpy.concatenate([beginning, end]))
                microphone.stop()
                draft = until(events, is_stop, microphone.source)[0]["event"]["draft"]
            path = f"/drafts/{draft['draft_id']}"
            if not more:
                wait_until(lambda: ask(port, "GET", path)[2]["draft"]["directory_path"], PATIENCE)
            folders.append(ask(port, "GET", path)[2]["draft"]["directory_path"])
        files = {file.name for file in pathlib.Path(folders[0]).iterdir()}
        assert files >= {"block.wav", "first_draft.txt", "meta_events.json", "full_events.json"}
        assert re.fullmatch(r"block-\d{8}_\d{6}", pathlib.Path(folders[0]).name) and folders[1] == ""
    finally:
        server.close()


def test_strangers_do_not_come_in(port):
    for path in ("/events", "/audio", "/new_draft", "/register_rescanner", "/get_rescanner"):
        with connect(f"ws://127.0.0.1:{port}{path}", legacy=True, origin="https://evil.example") as stranger:
            with pytest.raises(ConnectionClosed) as refused:
                stranger.recv(timeout=30)
        assert refused.value.rcvd.code in (4401, 4403), path
    for path in ("/drafts", "/status", "/ui/status-partial", "/ui/events-poll", "/ui/recording-button"):
        assert ask(port, "GET", path, Sec_Fetch_Site="cross-site")[0] in (401, 403), path
        assert ask(port, "GET", path, X_Forwarded_For="192.0.2.7")[0] == 401, path
    assert ask(port, "POST", "/ui/recording/pause", Origin="https://evil.example")[0] in (401, 403)
