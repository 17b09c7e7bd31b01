"""A client who does at random what clients do, well and badly."""

import threading
import time
import traceback

from client import Client
from microphone import Microphone
from sounds import FORMATS

MOST_SOURCES = 4
# How often a second each of them does something.
PACE = 0.2
# Of all sources, since words cost a hundred times as much as finding speech.
READERS = 0.06
# Less than what the server waits for a client.
LONGEST_ABSENCE = 20
NOT_FRAMES = ("bad_audio", "unknown_channel")


class Caller(Client):
    def __init__(self, house, chance):
        super().__init__(house)
        self.chance = chance
        self.thread = threading.Thread(target=self.live)
        self.thread.start()

    def live(self):
        acts = {
            self.speaks: 70, self.speaks_at_leisure: 3, self.opens: 16, self.closes: 6, self.loses_its_line: 4, self.moves: 2,
            self.offends: 1, self.leaves_for_ever: 0.7, self.comes_too_late: 0.3, self.pauses: 3, self.goes_on: 6, self.updates: 3,
            self.flushes: 3, self.leaves_out_a_while: 3, self.sends_rubbish: 4,
        }
        try:
            for _ in range(self.chance.randint(3, MOST_SOURCES)):
                self.opens()
            while not self.house.is_over.wait(self.chance.expovariate(PACE)):
                act = self.chance.choices(list(acts), list(acts.values()))[0]
                self.heed()
                act()
                self.house.done[act.__name__] += 1
            for microphone in list(self.microphones.values()):
                self.close(microphone)
            self.talk.close()
        except Exception:
            self.house.fail(traceback.format_exc())

    def some(self):
        return self.chance.choice(list(self.microphones.values())) if self.microphones else None

    # Its sources

    def opens(self):
        if len(self.microphones) >= MOST_SOURCES:
            return
        stt, session, more = {"engine": "none"}, self.chance.choice(self.house.sessions), {}
        if self.chance.random() < READERS:
            stt = {"revise": self.chance.random() < 0.2, "partials": self.chance.random() < 0.8}
        if self.chance.random() < 0.2:
            more = {"group": f"{session}-table", "speaker": self.chance.choice(["Ann", "Bob", "Cleo"])}
        self.open(Microphone(session, self.chance.choice(FORMATS), stt, **more))

    def closes(self):
        if microphone := self.some():
            self.close(microphone)

    def pauses(self):
        microphone = self.some()
        if microphone and self.order("source.pause", microphone):
            microphone.is_paused = True

    def goes_on(self):
        for microphone in list(self.microphones.values()):
            if microphone.is_paused and self.order("source.resume", microphone):
                microphone.is_paused = False
                self.leave_out(microphone, self.chance.randint(0, 5_000))

    def updates(self):
        if microphone := self.some():
            vad = {"threshold": self.chance.uniform(0.3, 0.7), "silence_ms": self.chance.randint(200, 900), "pad_ms": self.chance.randint(0, 600)}
            self.order("source.update", microphone, vad=vad)

    def flushes(self):
        if microphone := self.some():
            self.order("source.flush", microphone)

    # What it sends

    def speaks(self, is_live=False):
        microphone = self.some()
        if not microphone or microphone.is_paused or microphone.is_slow:
            return
        frames, kind = self.house.sounds.some(microphone.form, self.chance)
        began = time.monotonic()
        for number, payload in enumerate(frames):
            if is_live:
                time.sleep(max(0, began + number * microphone.form.frame_ms / 1000 - time.monotonic()))
            self.talk.socket.send(microphone.take(payload))
        self.house.done[f"sends_{kind}"] += 1
        self.house.sounded_ms += len(frames) * microphone.form.frame_ms

    def speaks_at_leisure(self):
        """As somebody says it, not faster."""
        self.speaks(is_live=True)

    def leaves_out_a_while(self):
        microphone = self.some()
        if microphone and not microphone.is_paused:
            self.leave_out(microphone, self.chance.randint(300, 5_000))

    def sends_rubbish(self):
        """Frames that are none: they are answered, and all others are heard."""
        microphone = self.some()
        head = microphone.frame(microphone.sequence, microphone.position, b"") if microphone else bytes(16)
        # The last is half a sample, or a packet with no frames in it (RFC 6716, section 3.2.5).
        for frame in (head, self.chance.randbytes(15), b"\x02" + head[1:], head + b"\x03\x00\x00"):
            self.talk.socket.send(frame)
        self.talk.ask("ping")
        answers = [told for told in self.talk.kept if told["type"] == "error"]
        self.talk.kept = [told for told in self.talk.kept if told["type"] != "error"]
        # Of those on a channel that is over nothing is said.
        assert 2 <= len(answers) <= 4 and all(each["code"] in NOT_FRAMES for each in answers), answers

    # Its line

    def loses_its_line(self):
        self.tear()
        self.house.is_over.wait(self.chance.choice([0, 1, LONGEST_ABSENCE]) * self.chance.random())
        self.come_back()

    def moves(self):
        """Comes by another line before the first one is gone."""
        self.heed()
        first = self.talk
        self.come_back()
        first.close()

    def offends(self):
        """A frame of a kind that does not exist ends the connection; its sources wait as after any other end."""
        self.talk.socket.socket.sendall(b"\xff\x80" + bytes(4))
        code = self.talk.closed()
        assert code == 1002, code
        self.come_back()

    def leaves_for_ever(self):
        self.lose()

    def comes_too_late(self):
        """When it is back, its sources have been given up, and begin anew where their text ended."""
        for microphone in self.lose():
            assert self.witness.wait_stopped(microphone.id), f"{microphone.id} was not given up"
            self.open(microphone)
