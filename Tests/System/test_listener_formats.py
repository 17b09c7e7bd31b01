"""What a listener gets when it asks for WAV or MP3: one stream that ffmpeg decodes to what was said, in its place."""

import subprocess

import numpy
import pytest

TEXT = "Whoever knows files only can listen too."
RATE = 24_000


def received(talk, codec):
    """The opening of a job, its bytes and the timestamp of its end, as a listener of one codec gets them."""
    opened = talk.ask("listener.open", kind="test", formats=[codec], sample_rate=RATE)
    assert opened["format"] == {"codec": codec, "sample_rate": RATE, "channels": 1}, opened
    talk.ask("subscribe", events=["job.*"])
    job = talk.ask("speak", text=TEXT, deliver=opened["listener_id"])["job_id"]
    begin = talk.until("audio.begin")
    report = lambda state, at: talk.say("playback", job_id=job, listener_id=opened["listener_id"], state=state, position_ms=at)
    stream, count = b"", 0
    while True:
        message = talk.next()
        if not isinstance(message, bytes):
            continue
        kind, timestamp = message[1], int.from_bytes(message[12:16], "little")
        if kind == 3:
            break
        assert kind == 2 and timestamp == count * RATE // 50, "each frame stands for 20 ms"
        stream, count = stream + message[16:], count + 1
        report("started" if count == 1 else "progress", 20 * (count - 1))
    report("finished", timestamp * 1000 // RATE)
    assert talk.until("job.finished", job_id=job)["heard"] == "confirmed"
    return begin, stream, timestamp


def decoded(stream):
    # A decoder of streams knows no delay; what is left in here a player must drop.
    done = subprocess.run(["ffmpeg", "-v", "error", "-flags2", "+skip_manual", "-i", "pipe:0", "-f", "s16le", "pipe:1"],
                          input=stream, capture_output=True, check=True)
    return numpy.frombuffer(done.stdout, "<i2")


@pytest.mark.parametrize("codec", ["wav", "mp3"])
def test_a_file_on_the_wire_is_what_was_said(server, talk, codec):
    begin, stream, end = received(talk(server), codec)
    made, came = server.wav(TEXT), decoded(stream)[begin["pre_skip"]:]
    assert end == made.size and came.size >= end, (end, made.size, came.size)
    came = came[:end]
    if codec == "wav":
        assert begin["pre_skip"] == 0 and numpy.array_equal(came, made)
    else:
        middle = slice(2_000, end - 2_000)
        likeness = {lag: numpy.corrcoef(made[middle].astype(float), numpy.roll(came, -lag)[middle])[0, 1] for lag in range(-60, 61)}
        best = max(likeness, key=likeness.get)
        assert abs(best) <= 1 and likeness[best] > 0.95, (best, likeness[best])
        assert len(stream) * 8 * RATE / made.size < 80_000
