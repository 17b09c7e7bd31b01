"""Opus on the wire: what sounds has the length and the place of what was made."""

import base64
import pathlib
import sys

import numpy

from conftest import as_floats, prefer

sys.path.append(str(pathlib.Path(__file__).resolve().parents[1] / "System"))

from talk import Talk

TEXT = "Sound that travels light arrives all the same."


def packets(server, text):
    """The opening, the packets and the end of a job, as a raw listener gets them."""
    talk = Talk(server.port, server.admin_token)
    opened = talk.ask("listener.open", kind="test", formats=["opus"])
    assert opened["format"] == {"codec": "opus", "sample_rate": 48_000, "channels": 1}, opened
    job = talk.ask("speak", text=text, deliver=opened["listener_id"])["job_id"]
    begin = talk.until("audio.begin")
    frames = []
    while True:
        message = talk.next()
        if isinstance(message, bytes):
            kind, timestamp = message[1], int.from_bytes(message[12:16], "little")
            if kind == 3:
                break
            frames.append(message[16:])
            state = "started" if len(frames) == 1 else "progress"
            talk.say("playback", job_id=job, listener_id=opened["listener_id"], state=state, position_ms=20 * len(frames))
    talk.say("playback", job_id=job, listener_id=opened["listener_id"], state="finished", position_ms=timestamp // 48)
    talk.ask("ping")
    talk.close()
    return begin, frames, timestamp


def lag_of(came, made, limit=100):
    """By how many samples a sound is late, and how much alike they are then."""
    size = min(came.size, made.size) - limit
    middle = made[limit:size].astype(float)
    scores = [numpy.corrcoef(middle, came[limit + lag:size + lag])[0, 1] for lag in range(-limit // 2, limit // 2)]
    best = int(numpy.argmax(scores))
    return best - limit // 2, scores[best]


def test_the_decoder_gives_every_sample_in_its_place(player, server):
    begin, frames, end = packets(server, TEXT)
    player.open()
    text = player.page.evaluate("""async ([preSkip, frames, end]) => {
        const { OpusChannel } = await import('/web/link/opus-channel.js');
        const parts = [];
        await new Promise((resolve, reject) => {
            const channel = new OpusChannel(preSkip, { samples: (part) => parts.push(...part), end: resolve, broken: reject });
            frames.forEach((frame, index) => channel.frame(index * 960, Uint8Array.from(atob(frame), (c) => c.charCodeAt(0))));
            channel.end(end);
        });
        return parts; }""", [begin["pre_skip"], [base64.b64encode(frame).decode() for frame in frames], end])
    came, made = numpy.array(text, "<i2"), server.samples(TEXT)
    assert came.size == made.size == end // 2
    lag, alike = lag_of(came, made)
    assert abs(lag) <= 2 and alike > 0.97, (lag, alike)


def test_what_sounds_is_what_was_said(player, control, server):
    prefer(player.page, savesData=True)
    player.open().until_ready()
    assert player.wire.wait_sent(type="listener.open")["formats"] == ["opus", "pcm_s16"]
    end = control.end(control.speak(TEXT))
    assert end["heard"] == "confirmed"
    begin = player.wire.wait_received(type="audio.begin")
    assert begin["codec"] == "opus" and begin["pre_skip"] > 0
    made = as_floats(server.samples(TEXT))
    # To the millisecond: what was made is what was confirmed.
    assert end["duration_ms"] == made.size * 1000 // 24_000
    assert player.wire.wait_sent(type="playback", state="finished")["position_ms"] == made.size * 1000 // 24_000
    heard = player.heard()
    heard = heard[numpy.flatnonzero(heard)[0]:numpy.flatnonzero(heard)[-1] + 1]
    # Of what the decoder made silent the tap keeps one zero only, so lengths are no measure here: the test above has that.
    assert 0.95 < heard.size / made.size <= 1.001
    assert lag_of(heard[:12_000], made[:12_000], limit=400)[1] > 0.97
    came = sum(frame["samples"] * 2 + 16 for frame in player.wire.all_received(type="frame"))
    print(f"{came * 8 * 24 / made.size:.1f} kbit/s with headers")
    assert came < made.size * 2 / 6


def test_saving_data_is_chosen_while_a_sentence_sounds(player, control, server):
    player.open().until_ready()
    job = control.speak(TEXT)
    player.wire.wait_sent(type="playback", state="progress")
    player.page.locator("hearsay-settings summary").click()
    player.page.get_by_role("checkbox", name="Save data").check()
    end = control.end(job)
    assert end["type"] == "job.finished" and end["heard"] == "confirmed", end
    begins = player.wire.all_received(type="audio.begin")
    assert [begin["codec"] for begin in begins] == ["pcm_s16", "opus"] and begins[1]["from_ms"] > 0
    assert not [report for report in player.wire.all_sent(type="playback") if report["state"] in ("flushed", "failed")]
    made, heard = as_floats(server.samples(TEXT)), player.heard()
    assert 0.95 < numpy.count_nonzero(heard) / numpy.count_nonzero(made) <= 1.001


def test_a_browser_without_a_decoder_says_so(player):
    player.open()
    assert player.page.evaluate("""async () => {
        const { canDecodeOpus } = await import('/web/link/opus-channel.js');
        const can = await canDecodeOpus();
        delete window.AudioDecoder;
        return [can, await canDecodeOpus()]; }""") == [True, False]
