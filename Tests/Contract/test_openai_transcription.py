"""Text of recordings through OpenAI's own client, in every format, and the errors of what is no recording."""

import concurrent.futures
import pathlib
import re
import socket
import subprocess

import openai
import pytest

from hearsay import Server
from hearsay import until as wait_until

# Debian's package pocketsphinx-testdata.
GO = pathlib.Path("/usr/share/pocketsphinx/test/data/goforward.raw").read_bytes()
SAID = "go forward ten meters"
RAW = ["-f", "s16le", "-ar", "16000", "-ac", "1"]
KINDS = {
    "wav": ["-f", "wav"], "mp3": ["-f", "mp3", "-b:a", "64k"], "flac": ["-f", "flac"],
    "opus": ["-f", "opus", "-b:a", "32k"], "m4a": ["-f", "ipod", "-movflags", "frag_keyframe+empty_moov"],
    "webm": ["-f", "webm"], "vorbis": ["-f", "ogg", "-c:a", "libvorbis"],
}
# A busy machine takes a minute for what an idle one does in two seconds.
PATIENCE = 240


def packed(kind, samples=GO):
    command = ["ffmpeg", "-v", "error", *RAW, "-i", "pipe:0", *KINDS[kind], "pipe:1"]
    return subprocess.run(command, input=samples, capture_output=True, check=True, timeout=60).stdout


@pytest.fixture(scope="module")
def client(server):
    return openai.OpenAI(
        base_url=f"http://127.0.0.1:{server.port}/v1", api_key=server.admin_token, max_retries=0, timeout=PATIENCE)


def transcribe(client, content, name="talk.wav", **options):
    return client.audio.transcriptions.create(model="whisper-1", file=(name, content), **options)


def refusal(client, content, **options):
    with pytest.raises(openai.APIStatusError) as caught:
        transcribe(client, content, **options)
    return caught.value.status_code, caught.value.code


@pytest.mark.parametrize("kind", ["mp3", "flac", "opus", "m4a", "webm", "vorbis"])
def test_every_kind_of_recording_is_understood(client, kind):
    # The name lies on purpose: what a file holds counts.
    answer = transcribe(client, packed(kind), name="talk.mp3")
    assert answer.text == SAID
    assert answer.usage.type == "duration" and answer.usage.seconds == 3


def test_verbose_answers_hold_times_and_subtitles_are_plain_text(client):
    talk = packed("wav")
    answer = transcribe(client, talk, response_format="verbose_json", timestamp_granularities=["word", "segment"], language="en")
    assert answer.text == SAID and answer.language == "english" and abs(answer.duration - len(GO) / 32_000) < 0.1
    assert [word.word for word in answer.words] == SAID.split()
    times = [time for word in answer.words for time in (word.start, word.end)]
    assert times == sorted(times) and 0 <= times[0] and times[-1] <= answer.duration
    assert len(answer.segments) == 1 and answer.segments[0].text == SAID
    type(answer).model_validate(answer.model_dump(), strict=True)
    assert transcribe(client, talk, response_format="verbose_json").words is None
    assert transcribe(client, talk, response_format="text") == SAID + "\n"
    number, times, text, *_ = transcribe(client, talk, response_format="srt").split("\n")
    assert number == "1" and re.fullmatch(r"00:00:0\d,\d{3} --> 00:00:0\d,\d{3}", times) and text == SAID
    assert transcribe(client, talk, response_format="vtt").startswith("WEBVTT\n\n00:00:0")


def test_a_stream_tells_each_utterance_and_then_all(client):
    talk = packed("wav", GO + bytes(64_000) + GO + bytes(32_000))
    events = list(transcribe(client, talk, stream=True, response_format="text"))
    assert [event.type for event in events] == ["transcript.text.delta"] * 2 + ["transcript.text.done"]
    assert "".join(event.delta for event in events[:2]) == events[2].text == f"{SAID} {SAID}"


def test_models_list_what_hears(client, server):
    names = [model.id for model in client.models.list()]
    assert "pocketsphinx" in names and "whisper-1" in names
    assert client.models.retrieve("pocketsphinx").owned_by == "hearsay"
    answer = client.audio.transcriptions.create(model="pocketsphinx", file=("a.wav", packed("wav")))
    assert answer.text == SAID


@pytest.mark.parametrize("form", ["srt", "vtt", "verbose_json"])
def test_a_stream_has_no_times_and_says_so(client, form):
    with pytest.raises(openai.BadRequestError) as caught:
        transcribe(client, packed("wav"), stream=True, response_format=form)
    assert caught.value.param == "response_format" and "stream=true" in caught.value.body["message"]


def test_an_empty_file_is_told_as_one(client, server):
    with pytest.raises(openai.APIStatusError) as caught:
        transcribe(client, b"")
    assert caught.value.code == "unsupported_audio" and caught.value.body["message"].startswith("the file is empty")
    answer = server.ask("POST", "/v1/vad", b"")
    assert answer.error["code"] == "unsupported_audio" and answer.error["message"].startswith("the file is empty")


def test_silence_is_no_text(client):
    assert transcribe(client, packed("wav", bytes(96_000))).text == ""


@pytest.mark.parametrize("content, expected", [
    (b"<!doctype html><title>404</title>" * 50, (415, "unsupported_audio")),
    (b"ID3\x04\0\0\0\0\0\0" + b"<html>no sound at all</html>" * 400, (400, "damaged_recording")),
    (b"#EXTM3U\n#EXTINF:1,\nhttp://127.0.0.1:1/secret.ts\n", (415, "unsupported_audio")),
    (b"", (415, "unsupported_audio")),
    (b"RIFF\xff\xff\xff\xffWAVEfmt \x10\0\0\0\1\0\1\0\x80\x3e\0\0\0\x7d\0\0\2\0\x10\0data\xf0\xff\xff\xff" + bytes(4_000),
     (400, "truncated_recording")),
    (b"\0\0\0\x18ftypM4A " + bytes(5_000), (400, "damaged_recording")),
    (b"\x1aE\xdf\xa3" + bytes(range(256)) * 20, (400, "damaged_recording")),
], ids=["html", "an MP3 that is HTML", "playlist", "nothing", "4 GB header", "broken M4A", "broken WebM"])
def test_what_is_no_recording_is_refused(client, content, expected):
    assert refusal(client, content) == expected
    assert refusal(client, content, stream=True) == expected


# A WAV file out of a pipe knows no size that could be missed; one with a size is among those above.
@pytest.mark.parametrize("kind", ["opus", "flac"])
def test_a_recording_that_was_cut_is_refused(client, kind):
    content = packed(kind)
    for share in (0.3, 0.9):
        assert refusal(client, content[:int(len(content) * share)]) == (400, "truncated_recording")


def test_an_hour_of_silence_in_a_small_file_is_refused_in_little_memory(client, server):
    command = ["ffmpeg", "-v", "error", "-f", "lavfi", "-i", "anullsrc=r=16000:cl=mono", "-t", "3600", "-b:a", "8k", "-f", "mp3", "-"]
    silence = subprocess.run(command, capture_output=True, check=True, timeout=120).stdout
    assert len(silence) < 8 << 20
    transcribe(client, packed("wav", bytes(32_000)))
    before = peak(server)
    assert refusal(client, silence) == (413, "recording_too_long")
    # The file itself lies there twice while it arrives; the hour would be 115 MB.
    assert peak(server) - before < 4 * len(silence) + (24 << 20)


def peak(server):
    status = pathlib.Path(f"/proc/{server.pid}/status").read_text()
    return int(re.search(r"VmHWM:\s+(\d+) kB", status)[1]) << 10


def test_wrong_requests_are_refused_by_field(client):
    talk = packed("wav", bytes(3_200))
    for options, field in [({"response_format": "pdf"}, "response_format"), ({"language": "tlh"}, "language")]:
        with pytest.raises(openai.BadRequestError) as caught:
            transcribe(client, packed("wav"), **options)
        assert caught.value.param == field
    # The languages that it does understand, and nothing else to do.
    assert "pocketsphinx understands en" in caught.value.body["message"]
    with pytest.raises(openai.APIStatusError) as caught:
        client.audio.translations.create(model="whisper-1", file=("a.wav", talk))
    assert (caught.value.status_code, caught.value.code) == (501, "not_supported")
    told = caught.value.body["message"]
    assert "/v1/audio/transcriptions" in told and "leave it out" not in told
    for body, kind in [(b"{}", "application/json"), (b"--b\r\nhalf", "multipart/form-data; boundary=b")]:
        answer = client._client.post(
            f"{client.base_url}audio/transcriptions", content=body,
            headers={"Content-Type": kind, "Authorization": f"Bearer {client.api_key}"})
        assert answer.status_code == 400 and answer.json()["error"]["code"] == "invalid_form"
    with pytest.raises(openai.AuthenticationError):
        transcribe(client.with_options(api_key="nobody"), talk)


def test_bad_recordings_do_not_disturb_good_ones(client):
    good, bad = packed("wav"), packed("opus")[:-500]
    with concurrent.futures.ThreadPoolExecutor(6) as pool:
        answers = [pool.submit(transcribe, client, good) if number % 2 else pool.submit(refusal, client, bad)
                   for number in range(6)]
        results = [answer.result(PATIENCE) for answer in answers]
    assert [one.text for one in results[1::2]] == [SAID] * 3
    assert results[::2] == [(400, "truncated_recording")] * 3


def test_limits_hold():
    server = Server("--limit", "upload_bytes=64KiB", "--limit", "recording_seconds=2")
    try:
        client = openai.OpenAI(
            base_url=f"http://127.0.0.1:{server.port}/v1", api_key=server.admin_token, max_retries=0, timeout=PATIENCE)
        with pytest.raises(openai.APIStatusError) as caught:
            transcribe(client, bytes(65_536))
        assert caught.value.status_code == 413 and "upload_bytes" in caught.value.response.text
        assert refusal(client, packed("mp3")) == (413, "recording_too_long")
        assert refusal(client, packed("m4a")) == (413, "recording_too_long")
    finally:
        server.close()


def upload(server, size):
    """A recording that is announced with a size, and of which nearly all is sent."""
    head = (f"POST /v1/audio/transcriptions HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer {server.admin_token}\r\n"
            f"Content-Type: multipart/form-data; boundary=b\r\nContent-Length: {size}\r\n\r\n").encode()
    connection = socket.create_connection(("127.0.0.1", server.port), timeout=PATIENCE)
    try:
        connection.sendall(head + bytes(size - 1))
    except OSError:
        pass
    return connection


def is_refused(connection):
    connection.settimeout(0.2)
    try:
        connection.recv(64)
        return True
    except TimeoutError:
        return False
    except OSError:
        return True


def test_recordings_that_never_arrive_whole_fill_no_memory():
    size, bound = 8 << 20, 32 << 20
    server = Server("--limit", f"upload_bytes={size}", "--limit", f"input_bytes={bound}")
    uploads = []
    try:
        client = openai.OpenAI(
            base_url=f"http://127.0.0.1:{server.port}/v1", api_key=server.admin_token, max_retries=0, timeout=PATIENCE)
        transcribe(client, packed("wav", bytes(32_000)))
        before = peak(server)
        uploads = [upload(server, size) for _ in range(20)]
        wait_until(lambda: sum(map(is_refused, uploads)) >= 16, 30)
        assert sum(map(is_refused, uploads)) >= 16
        # 160 MB were sent; what is held is bounded, and each buffer may be twice as large while it grows.
        assert peak(server) - before < 2 * bound + (24 << 20)
        assert transcribe(client, packed("opus")).text == SAID
    finally:
        for connection in uploads:
            connection.close()
        server.close()


def test_more_recordings_at_once_than_are_read_are_refused():
    server = Server("--limit", "recordings=1")
    try:
        client = openai.OpenAI(
            base_url=f"http://127.0.0.1:{server.port}/v1", api_key=server.admin_token, max_retries=0, timeout=PATIENCE)
        talk = packed("wav", GO * 4)
        with concurrent.futures.ThreadPoolExecutor(6) as pool:
            answers = [pool.submit(transcribe, client, talk) for _ in range(6)]
            faults = [answer.exception(PATIENCE) for answer in answers]
        refused = [fault for fault in faults if fault]
        assert faults.count(None) >= 1 and refused
        assert {(fault.status_code, fault.code) for fault in refused} == {(429, "too_many_requests")}
        assert transcribe(client, packed("wav")).text == SAID
    finally:
        server.close()
