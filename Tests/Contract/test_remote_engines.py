"""Speech by servers that others run: how they are asked, and what is heard when they fail."""

import json
import time

import numpy
import pytest

import stand_in
import tone
from hearsay import Server, run, until

FIRST, SECOND, THIRD = "The first sentence is here.", "The second sentence follows it.", "A third sentence ends it."
TEXT = f"{FIRST} {SECOND} {THIRD}"
KEY = "sk-never-to-be-seen-1234"


@pytest.fixture
def other():
    made = stand_in.OpenAI()
    yield made
    made.close()


@pytest.fixture
def serve():
    servers = []

    def serve(other, *arguments, name="other", **options):
        servers.append(Server("--engine", f"{name}={other.uri}", *arguments, **options))
        return servers[-1]

    yield serve
    for server in servers:
        server.close()


def engine(server, name="other"):
    return next(each for each in server.get("/status")["engines"] if each["engine"] == name)


def wait_state(server, state, name="other", seconds=10):
    assert until(lambda: engine(server, name)["state"] == state, seconds), engine(server, name)
    return engine(server, name)


def speak(server, listen, controls, text=TEXT, voice="ann", seconds=60):
    """Who heard it, and the two events."""
    listener, control = listen(server), controls(server)
    job = control.speak(text, **({"voice": voice} if voice else {}))
    end = control.end(job, seconds)
    return listener, job, end, control


FADE = stand_in.RATE // 200
PAUSE_MS = 300  # behind a sentence


def foreign(samples):
    """How many samples are the stand-in's; each clause is faded over 5 ms at both ends."""
    edges = numpy.diff(numpy.concatenate([[0], (samples == stand_in.LEVEL).astype(int), [0]]))
    return int((samples == stand_in.LEVEL).sum() + (edges == 1).sum() * 2 * FADE)


def lengths(*texts):
    return sum(stand_in.sound(text).size for text in texts)


# How they are asked

def test_a_clause_is_one_request_for_raw_samples(other, serve, listen, controls):
    server = serve(other, environment={"HEARSAY_ENGINE_OTHER_KEY": KEY})
    wait_state(server, "ready")
    listener, job, end, _ = speak(server, listen, controls)
    assert end["type"] == "job.finished" and end["heard"] == "confirmed" and "fallback" not in end
    assert foreign(listener.sounded(job)) == lengths(*other.texts()) and not listener.underruns()
    assert " ".join(text.strip() for text in other.texts()) == TEXT
    path, fields, body = other.asked[0]
    assert path == "/v1/audio/speech" and fields["Authorization"] == f"Bearer {KEY}"
    assert body == {"model": "tts-1", "voice": "ann", "response_format": "pcm", "input": other.texts()[0]}
    assert {"ann", "bob"} <= {voice["id"] for voice in server.get("/v1/voices")["voices"]}


def test_elevenlabs_is_asked_by_its_own_interface(serve, listen, controls):
    other = stand_in.OpenAI(voices=("rachel",), eleven=True)
    try:
        server = serve(other, environment={"HEARSAY_ENGINE_OTHER_KEY": KEY})
        wait_state(server, "ready")
        listener, job, end, _ = speak(server, listen, controls, FIRST, voice="rachel")
        assert end["type"] == "job.finished" and "fallback" not in end
        path, fields, body = other.asked[0]
        assert path == "/v1/text-to-speech/id-of-rachel/stream?output_format=pcm_24000"
        assert fields["xi-api-key"] == KEY and "Authorization" not in fields
        assert body == {"text": FIRST, "model_id": "eleven_flash_v2_5"}
        assert foreign(listener.sounded(job)) == lengths(FIRST)
    finally:
        other.close()


def test_a_wyoming_server_is_asked_by_its_address(serve, listen, controls):
    other = stand_in.Wyoming()
    try:
        server = serve(other)
        wait_state(server, "ready")
        voice = next(each for each in server.get("/v1/voices")["voices"] if each["id"] == "en_GB-carol")
        assert voice["language"] == "en-GB"
        listener, job, end, _ = speak(server, listen, controls, FIRST, voice="en_GB-carol")
        assert end["type"] == "job.finished" and "fallback" not in end
        assert other.asked[0].text == FIRST and other.asked[0].voice.name == "en_GB-carol"
        assert abs(listener.sounded(job).size - lengths(FIRST)) < 240
        other.is_cutting = True
        _, _, end, _ = speak(server, listen, controls, SECOND, voice="en_GB-carol")
        assert end["type"] == "job.finished" and "cut" in end["fallback"]["reason"]
    finally:
        other.close()


def test_hearsay_speaks_through_another_hearsay(serve):
    first = Server()
    try:
        class Address:
            uri = f"openai+http://127.0.0.1:{first.port}/v1"

        server = serve(Address, environment={"HEARSAY_ENGINE_OTHER_KEY": first.admin_token})
        wait_state(server, "ready")
        ids = {each["id"] for each in server.get("/v1/voices")["voices"]}
        assert {"tone", "other/tone", "slt", "other/slt"} <= ids, "voices of one name are told apart by their engines"
        own, heard = first.wav(TEXT), server.wav(TEXT, "--voice", "other/tone")
        assert (heard[FADE:6_000] == own[FADE:6_000]).all(), "its samples, between the edges of the clause"
    finally:
        first.close()


def test_voices_that_are_not_listed_can_be_named(serve, listen, controls):
    other = stand_in.OpenAI(voices=None)
    try:
        server = serve(other, "--engine-voices", "other=nova,onyx")
        wait_state(server, "ready")
        assert {"nova", "onyx"} <= {each["id"] for each in server.get("/v1/voices")["voices"]}
        _, _, end, _ = speak(server, listen, controls, FIRST, voice="onyx")
        assert "fallback" not in end and other.asked[0][2]["voice"] == "onyx"
    finally:
        other.close()


def test_a_wav_file_is_read_though_samples_were_wanted(other, serve, listen, controls):
    server = serve(other)
    other.mode = "wav"
    wait_state(server, "ready")
    listener, job, end, _ = speak(server, listen, controls, FIRST)
    assert "fallback" not in end
    assert abs(listener.sounded(job).size - lengths(FIRST)) < 240, "12 kHz became 24 kHz"


def test_words_are_estimated(other, serve, listen, controls):
    server = serve(other)
    wait_state(server, "ready")
    _, job, _, control = speak(server, listen, controls, FIRST)
    words = control.event("job.words", job)
    assert words["estimated"] and [each["char_index"] for each in words["words"]][:3] == [0, 4, 10]


def test_an_abort_closes_the_connection(other, serve, listen, controls):
    server = serve(other)
    wait_state(server, "ready")
    other.factor = 0.7
    listener, control = listen(server), controls(server)
    job = control.speak("A sentence that goes on and on and on, so that there is enough time to end it while it is still being made.",
                        voice="ann")
    listener.wait_sounding()
    control.abort(job)
    other.wait(lambda: other.lost == 1, 5)
    assert engine(server)["state"] == "ready", "an abort is no failure"


# What is heard when they fail

@pytest.mark.parametrize("mode, reason", [
    ("401", "HEARSAY_ENGINE_OTHER_KEY"), ("403", "HEARSAY_ENGINE_OTHER_KEY"), ("429-long", "pause of 600 s"), ("500", "500"),
    ("302", "302"), ("html", "text/html"), ("html-as-audio", "web page"), ("type", "text/plain"), ("mp3", "audio/mpeg"),
    ("empty", "nothing"), ("hang", "too long"),
])
def test_a_local_voice_speaks_for_one_that_fails(mode, reason, other, serve, listen, controls):
    server = serve(other, "--engine-timeout", "2s")
    wait_state(server, "ready")
    other.mode = mode
    began = time.monotonic()
    listener, job, end, control = speak(server, listen, controls, FIRST)
    assert end["type"] == "job.finished" and end["heard"] == "confirmed"
    assert end["fallback"]["engine"] == end["fallback"]["voice"] == "tone" and reason in end["fallback"]["reason"]
    assert control.event("job.started", job)["fallback"] == end["fallback"]
    assert (listener.sounded(job) == tone.samples_of(FIRST)).all(), "the whole clause, by the local voice alone"
    assert next(each for each in server.jobs() if each["job_id"] == job)["fallback"] == end["fallback"]
    assert listener.pieces[0].began - began < 20, "it waits neither for the pause that was asked for nor for ever"


def test_of_an_answer_without_an_end_hardly_anything_sounds(other, serve, listen, controls):
    server = serve(other)
    wait_state(server, "ready")
    other.mode = "huge"
    listener, job, end, _ = speak(server, listen, controls, FIRST)
    assert "more audio" in end["fallback"]["reason"]
    heard, own = listener.sounded(job), tone.samples_of(FIRST)
    assert foreign(heard) < 2 * stand_in.RATE and (heard[-own.size:] == own).all()
    other.wait(lambda: other.lost == 1)


@pytest.mark.parametrize("mode, reason", [("cut-second", "cut"), ("silent-second", "too long")])
def test_the_rest_is_spoken_from_the_clause_that_was_cut(mode, reason, other, serve, listen, controls):
    server = serve(other, "--engine-timeout", "2s")
    wait_state(server, "ready")
    other.mode, other.factor = mode, 1.5
    listener, job, end, control = speak(server, listen, controls)
    assert end["type"] == "job.finished" and reason in end["fallback"]["reason"]
    heard = listener.sounded(job)
    clauses = other.texts()
    assert len(clauses) == 2, "nobody asks it again within this job"
    assert foreign(heard) == lengths(clauses[0]), "of a slow engine's clause nothing sounds before all of it is there"
    rest = TEXT[TEXT.index(clauses[1].strip()):]
    spoken = heard[heard != stand_in.LEVEL]
    assert tone.samples_of(rest).size <= spoken.size + 240 and (spoken[-2_400:] == tone.samples_of(rest)[-2_400:]).all()


def test_what_of_a_cut_clause_has_not_sounded_is_taken_back(other, serve, listen, controls):
    server = serve(other)
    wait_state(server, "ready")
    other.mode = "cut-second"
    listener, job, end, _ = speak(server, listen, controls)
    clauses = other.texts()
    assert end["type"] == "job.finished" and "cut" in end["fallback"]["reason"]
    heard = listener.sounded(job)
    assert foreign(heard) == lengths(clauses[0]) and end["heard"] == "confirmed"
    assert tone.samples_of(f"{SECOND} {THIRD}").size <= heard.size - foreign(heard) + 240


def test_a_short_wait_is_waited_for(other, serve, listen, controls):
    server = serve(other)
    wait_state(server, "ready")
    other.mode = "429-short"
    _, _, end, _ = speak(server, listen, controls, FIRST)
    assert "fallback" not in end and other.texts() == [FIRST, FIRST]


def test_an_engine_that_fails_again_and_again_is_left_alone(other, serve, listen, controls):
    server = serve(other)
    wait_state(server, "ready")
    other.mode = "500"
    listener, control = listen(server), controls(server)
    for _ in range(3):
        control.end(control.speak("One.", voice="ann"))
    failed = control.wait(lambda event: event["type"] == "engine.changed" and event["engine"] == "other" and event["state"] == "failed")
    assert "500" in failed["reason"]
    count = len(other.asked)
    end = control.end(control.speak("Two.", voice="ann"))
    assert end["fallback"]["voice"] == "tone" and len(other.asked) == count, "it was not asked"
    other.mode = "ok"
    wait_state(server, "ready")
    assert "fallback" not in control.end(control.speak("Three.", voice="ann"))


def test_a_server_that_is_down_is_found_when_it_comes(serve, listen, controls):
    other = stand_in.OpenAI()
    other.close()
    server = serve(other, voice="other/ann")
    reason = wait_state(server, "failed")["reason"]
    assert "nobody answers" in reason
    _, job, end, _ = speak(server, listen, controls, FIRST, voice=None)
    assert end["fallback"]["voice"] == "slt", "the first voice of our own"
    doctor = server.run("doctor", "--data", str(server.data))
    assert "other failed: nobody answers" in doctor.said
    other = stand_in.OpenAI(port=other.port)
    try:
        wait_state(server, "ready")
        assert "ann" in {each["id"] for each in server.get("/v1/voices")["voices"]}
    finally:
        other.close()


# Those that are slow

def test_an_engine_slower_than_speech_pauses_between_clauses_only(other, serve, listen, controls):
    server = serve(other)
    wait_state(server, "ready")
    other.factor = 1.5
    began = time.monotonic()
    listener, job, end, _ = speak(server, listen, controls)
    clauses = other.texts()
    assert end["type"] == "job.finished" and "fallback" not in end
    assert foreign(listener.sounded(job)) == lengths(*clauses)
    ends = numpy.cumsum([lengths(clause) * 1000 // stand_in.RATE + PAUSE_MS for clause in clauses])
    assert listener.underruns(), "it cannot keep up"
    for at, _ in listener.underruns():
        assert min(abs(at - each) for each in ends) < 120, (listener.underruns(), ends)
    first = lengths(clauses[0]) / stand_in.RATE
    assert listener.pieces[0].began - began < 1.5 * first + 1.5, "it begins with its first clause"


def test_an_engine_quicker_than_speech_begins_before_its_first_clause_is_complete(other, serve, listen, controls):
    server = serve(other)
    wait_state(server, "ready")
    other.factor = 0.7
    began = time.monotonic()
    listener, job, end, _ = speak(server, listen, controls)
    assert "fallback" not in end and not listener.underruns()
    assert foreign(listener.sounded(job)) == lengths(*other.texts())
    assert listener.pieces[0].began - began < 0.7 * lengths(other.texts()[0]) / stand_in.RATE


# Their keys

@pytest.mark.parametrize("mode", ["ok", "401", "500"])
def test_a_key_is_told_to_nobody_but_its_server(mode, other, serve, listen, controls):
    server = serve(other, environment={"HEARSAY_ENGINE_OTHER_KEY": KEY, "HEARSAY_LOG": "debug"})
    wait_state(server, "ready")
    other.mode = mode
    _, job, end, control = speak(server, listen, controls, FIRST)
    shown = [json.dumps(control.messages), json.dumps(server.get("/status")), json.dumps(server.jobs()),
             json.dumps(server.get("/v1/engines")), *server.lines]
    assert not [line for line in shown if KEY in line]
    assert other.asked[0][1]["Authorization"] == f"Bearer {KEY}"


def test_a_key_may_stand_in_the_configuration_file(other, serve, listen, controls, tmp_path):
    (tmp_path / "hearsay").mkdir()
    (tmp_path / "hearsay" / "config").write_text(f"engine-other-key = {KEY}\n")
    server = serve(other, environment={"XDG_CONFIG_HOME": str(tmp_path)})
    wait_state(server, "ready")
    speak(server, listen, controls, FIRST)
    assert other.asked[0][1]["Authorization"] == f"Bearer {KEY}"


@pytest.mark.parametrize("value", [
    "other", f"other=openai+https://{KEY}@host/v1", f"other=openai+https://host/v1?key={KEY}", "flite=wyoming://127.0.0.1:1", "Other=tcp://a:1",
])
def test_an_engine_that_cannot_be_understood_is_refused(value, tmp_path):
    outcome = run("serve", "--data", str(tmp_path / "data"), "--listen", "127.0.0.1:0", "--engine", value)
    assert outcome.code == 1 and "--engine" in outcome.said and KEY not in outcome.said


def test_say_tells_who_spoke_instead(other, serve, listen):
    server = serve(other)
    wait_state(server, "ready")
    other.mode = "500"
    listen(server)
    outcome = server.run("say", FIRST, "--voice", "ann")
    assert outcome.code == 0 and "by the voice tone" in outcome.out and "500" in outcome.out
