"""One source as its client knows it: where it is in its time, what was sent, and what would have to be sent again."""

import collections
import itertools
import struct

# A client keeps its last 30 s, whether they were acknowledged or not.
KEPT_MS = 30_000
NAMES = itertools.count(1)


class Microphone:
    def __init__(self, session, form, stt, **more):
        self.id, self.session, self.form = f"microphone-{next(NAMES)}", session, form
        self.more = {"stt": stt, **more}
        self.channel = None
        self.sequence = self.position = self.left_out = 0
        self.acknowledged = -1
        self.is_paused = self.is_slow = False
        self.kept = collections.deque(maxlen=KEPT_MS // form.frame_ms)

    @property
    def opening(self):
        """The fields of `source.open`."""
        return {"source_id": self.id, "session_id": self.session, **self.form.fields, **self.more}

    def begin(self, channel, milliseconds):
        """The server has opened it, and knows nothing from there on."""
        self.channel = channel
        self.position = -(-self.form.sample_rate * milliseconds // 1000)
        self.sequence, self.acknowledged, self.left_out = 0, -1, 0
        self.is_paused = self.is_slow = False
        self.kept.clear()

    def take(self, payload):
        """The next frame with this in it, ready to be sent."""
        self.kept.append((self.sequence, self.position, payload))
        self.sequence += 1
        self.position += self.form.frame
        self.left_out = 0
        return self.frame(*self.kept[-1])

    def since(self, sequence):
        """What was sent from this frame on, once more."""
        return [self.frame(*each) for each in self.kept if each[0] >= sequence]

    def frame(self, sequence, position, payload):
        # Places are told modulo 2³².
        return struct.pack("<BBHIII", 1, 1, 0, self.channel, sequence, position & 0xFFFF_FFFF) + payload

    def leave_out(self, milliseconds):
        """Time goes on and nothing of it is sent; returns for how long by now."""
        self.position += self.form.sample_rate * milliseconds // 1000
        self.left_out += milliseconds
        return self.left_out

    def heed(self, told):
        """Takes an acknowledgement or an order of the server."""
        if told["type"] == "source.ack":
            assert self.acknowledged <= told["sequence"] < self.sequence, (told, self.acknowledged, self.sequence)
            self.acknowledged = told["sequence"]
        elif told["state"] == "slow_down":
            self.is_slow = True
        else:
            self.is_paused = told["state"] == "pause"
            self.is_slow = self.is_slow and self.is_paused
