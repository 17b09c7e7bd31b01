"""Whether somebody speaks in a recording, and whether a text was said."""

import pathlib
import random
import struct

import pytest

# Debian's package pocketsphinx-testdata: "go forward ten meters" at 16 kHz.
GO = pathlib.Path("/usr/share/pocketsphinx/test/data/goforward.raw").read_bytes()
SECOND = 32_000
CHANCE = random.Random(7)
HISS = struct.pack("<48000h", *(int(CHANCE.gauss(0, 300)) for _ in range(48_000)))


def wav(samples):
    head = struct.pack("<4sI4s4sIHHIIHH4sI", b"RIFF", 36 + len(samples), b"WAVE", b"fmt ", 16, 1, 1, 16_000, SECOND, 2, 16, b"data", len(samples))
    return head + samples


def form(content, name="file"):
    body = b"\r\n".join([b"--x", f'Content-Disposition: form-data; name="{name}"; filename="a.wav"'.encode(), b"", content, b"--x--", b""])
    return {"body": body, "Content_Type": "multipart/form-data; boundary=x"}


def test_speech_is_found_where_it_is(server):
    silence = bytes(2 * SECOND)
    recording = wav(silence + GO + silence + GO + silence)
    answer = server.ask("POST", "/v1/vad", **form(recording)).json
    assert answer["has_speech"] and answer["num_segments"] == len(answer["segments"]) == 2 and answer["confidence"] > 0.5
    length, talk = (len(recording) - 44) / SECOND, len(GO) / SECOND
    assert answer["total_audio_sec"] == pytest.approx(length, abs=0.01)
    for found, start in zip(answer["segments"], (2, 4 + talk)):
        assert start * 1000 - 150 <= found["start_ms"] < found["end_ms"] <= (start + talk) * 1000 + 150
        assert found["end_ms"] - found["start_ms"] >= 900 and 0.5 < found["probability"] <= 1
    spoken = sum(found["end_ms"] - found["start_ms"] for found in answer["segments"]) / 1000
    assert answer["total_speech_sec"] == pytest.approx(spoken, abs=0.01)
    assert answer["speech_ratio"] == pytest.approx(spoken / length, abs=0.01)
    # The same without a form.
    assert server.ask("POST", "/v1/vad", recording, Content_Type="audio/wav").json["segments"] == answer["segments"]


@pytest.mark.parametrize("samples", [bytes(3 * SECOND), HISS], ids=["silence", "noise"])
def test_no_speech_is_found_where_nobody_speaks(server, samples):
    answer = server.ask("POST", "/v1/vad", **form(wav(samples))).json
    assert not answer["has_speech"] and answer["segments"] == [] and answer["total_speech_sec"] == 0 and answer["total_audio_sec"] == 3


def test_wrong_recordings_and_forms_are_told(server):
    for request, status, code in (
        (form(b"<html>no sound</html>"), 415, "unsupported_audio"), (form(wav(GO), name="sound"), 400, "missing_field"),
        ({"body": b"", "Content_Type": "audio/wav"}, 415, "unsupported_audio"),
        ({"body": b"--y", "Content_Type": "multipart/form-data"}, 400, "invalid_form"),
    ):
        answer = server.ask("POST", "/v1/vad", **request)
        assert (answer.status, answer.json["error"]["code"]) == (status, code), answer.json
    assert server.ask("POST", "/v1/vad", **form(wav(GO)), token=None).status == 401


def test_a_text_is_judged_by_how_it_is_said_not_by_its_words(server):
    def judge(**question):
        return server.ask("POST", "/v1/filter", question).json

    for text in ("thanks", "Thank you for watching!", "bye", "yes yes yes yes"):
        assert judge(text=text) == {"is_hallucination": False, "reason": None, "text": text}
    nagging = " ".join(["so"] * 40)
    assert judge(text=nagging)["reason"] == "repetition"
    assert judge(text=nagging, duration_ms=2_900)["reason"] == "repetition"
    assert judge(text="all of this in a tenth of a second", duration_ms=100)["reason"] == "too_much_text"
    for question, code in (({}, "missing_field"), ({"text": 7}, "wrong_type"), ({"text": "a", "duration_ms": -1}, "out_of_range")):
        assert server.ask("POST", "/v1/filter", question).json["error"]["code"] == code
