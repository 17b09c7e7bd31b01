"""Speech through OpenAI's own client: what it gets is what the engine made, in every format, and heard nowhere else."""

import base64
import concurrent.futures
import json
import subprocess

import numpy
import openai
import pytest

from hearsay import until

TEXT = "Good morning. The build is green."
RATE = 24_000


@pytest.fixture(scope="module")
def client(server):
    return openai.OpenAI(base_url=f"http://127.0.0.1:{server.port}/v1", api_key=server.admin_token, max_retries=0)


@pytest.fixture(scope="module")
def expected(server):
    """The samples of the engine, at 24 kHz."""
    return server.wav(TEXT)


def decode(data, *options):
    """What another maker's decoder hears: mono samples at 24 kHz."""
    command = ["ffmpeg", "-v", "error", *options, "-i", "pipe:0", "-ac", "1", "-ar", str(RATE), "-f", "s16le", "pipe:1"]
    done = subprocess.run(command, input=data, stdout=subprocess.PIPE, stderr=subprocess.PIPE, timeout=60)
    assert done.returncode == 0 and not done.stderr, done.stderr
    return numpy.frombuffer(done.stdout, "<i2")


def likeness(one, other):
    """The cosine between two recordings: 1 is the same sound."""
    count = min(one.size, other.size)
    one, other = one[:count].astype(float), other[:count].astype(float)
    return one @ other / numpy.sqrt((one @ one) * (other @ other))


def speak(client, **options):
    return client.audio.speech.create(model="tts-1", voice="tone", input=TEXT, **options).content


def test_wav_and_pcm_are_the_engines_samples(client, expected):
    assert (decode(speak(client, response_format="wav")) == expected).all()
    assert (numpy.frombuffer(speak(client, response_format="pcm"), "<i2") == expected).all()


def test_flac_loses_nothing(client, expected):
    assert (decode(speak(client, response_format="flac")) == expected).all()


def test_opus_is_as_long_as_the_speech_and_sounds_like_it(client, expected):
    heard = decode(speak(client, response_format="opus"))
    assert abs(heard.size - expected.size) <= RATE // 1000
    assert likeness(heard, expected) > 0.95


def test_mp3_sounds_like_the_speech_behind_its_delay(client, expected):
    heard = decode(speak(client))
    late = heard.size - expected.size
    assert 0 <= late < RATE // 5, "a stream cannot tell its delay; it stays below 200 ms"
    best = max(likeness(heard[shift:], expected) for shift in range(late + 1))
    assert best > 0.95


@pytest.mark.parametrize("format", ["mp3", "opus", "flac", "wav", "pcm"])
def test_the_answer_names_its_type_and_comes_in_pieces(client, format):
    types = {"mp3": "audio/mpeg", "opus": "audio/ogg; codecs=opus", "flac": "audio/flac", "wav": "audio/wav", "pcm": "audio/pcm"}
    with client.audio.speech.with_streaming_response.create(
            model="tts-1", voice="tone", input=TEXT, response_format=format) as response:
        assert response.headers["content-type"] == types[format]
        assert response.headers["transfer-encoding"] == "chunked"
        assert len(list(response.iter_bytes(1024))) > 3


def test_events_carry_the_same_bytes_and_a_usage(client, server):
    whole = speak(client, response_format="wav")
    answer = server.ask("POST", "/v1/audio/speech", {
        "model": "tts-1", "voice": "tone", "input": TEXT, "response_format": "wav", "stream_format": "sse"})
    assert answer.headers["content-type"].startswith("text/event-stream")
    events = [json.loads(line[6:]) for line in answer.data.decode().splitlines() if line.startswith("data: ")]
    assert b"".join(base64.b64decode(each["audio"]) for each in events[:-1]) == whole
    assert events[-1]["type"] == "speech.audio.done"
    usage = events[-1]["usage"]
    assert usage["total_tokens"] == usage["input_tokens"] + usage["output_tokens"] > 0


def test_speed_makes_it_shorter(client):
    slow, quick = (len(speak(client, response_format="pcm", speed=speed)) for speed in (0.5, 2.0))
    assert 3.5 < slow / quick < 4.5


@pytest.fixture(scope="module")
def all_voices(server):
    assert until(lambda: len(server.get("/v1/voices")["voices"]) > 20)


@pytest.mark.parametrize("name", ["alloy", "nova", "onyx", "somebody else entirely", "Emily.wav"])
def test_a_voice_of_another_system_is_always_the_same_local_voice(client, all_voices, name):
    create = lambda: client.audio.speech.create(model="gpt-4o-mini-tts", voice=name, input="Hello.", response_format="wav").content
    first, second = create(), create()
    # espeak-ng carries the end of one text over into the next, so the last bits may differ.
    assert abs(len(first) - len(second)) <= len(first) // 20 and len(first) > 5_000


@pytest.mark.parametrize("fields, error, param", [
    ({"input": "   "}, openai.UnprocessableEntityError, "input"),
    ({"response_format": "aac"}, openai.BadRequestError, "response_format"),
    ({"response_format": "midi"}, openai.BadRequestError, "response_format"),
    ({"speed": 9.0}, openai.BadRequestError, "speed"),
    ({"input": "x" * 70_000}, openai.APIStatusError, "input"),
])
def test_errors_have_the_shape_that_the_client_reads(client, fields, error, param):
    with pytest.raises(error) as caught:
        client.audio.speech.create(**{"model": "tts-1", "voice": "tone", "input": TEXT} | fields)
    assert caught.value.body["param"] == param and caught.value.body["code"] and caught.value.body["message"]


def test_a_wrong_key_is_an_authentication_error(client):
    with pytest.raises(openai.AuthenticationError):
        speak(client.with_options(api_key="x" * 43))


def test_unknown_members_are_passed_over(client, expected):
    data = speak(client, response_format="pcm", instructions="Cheerfully.", extra_body={"seed": 7, "exaggeration": 0.5})
    assert data == expected.tobytes()


def test_models_and_voices_are_listed(client, server):
    models = [each.id for each in client.models.list()]
    assert "tts-1" in models and "flite" in models
    assert client.models.retrieve("tts-1").object == "model"
    with pytest.raises(openai.NotFoundError):
        client.models.retrieve("nothing")
    voices = server.get("/v1/audio/voices")["voices"]
    assert {"slt", "rms"} <= {each["id"] for each in voices}


def test_many_callers_at_once_each_get_their_own(client, expected):
    with concurrent.futures.ThreadPoolExecutor(12) as pool:
        answers = list(pool.map(lambda _: speak(client, response_format="pcm"), range(24)))
    assert all(answer == expected.tobytes() for answer in answers)


def test_a_caller_that_leaves_stops_the_work(client, server):
    long = " ".join(["This sentence goes on."] * 300)
    with client.audio.speech.with_streaming_response.create(
            model="tts-1", voice="slt", input=long, response_format="pcm") as response:
        next(response.iter_bytes(1024))
    assert len(speak(client, response_format="pcm")) > 0, "the turn was given back"


def test_nothing_of_it_is_a_job(client, server):
    before = server.jobs()
    speak(client)
    assert server.jobs() == before
