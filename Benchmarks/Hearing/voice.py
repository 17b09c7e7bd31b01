"""A source as a client sends it: 20 ms at a time, at the pace at which it was spoken."""

import json
import struct
import threading
import time

from hearsay import run, until
from talk import Talk

from recordings import RATE

FRAME = 320


class Voice:
    """One open source on a connection of its own, and everything that is told about it with the time at which it came."""

    def __init__(self, server, **stt):
        self.talk = Talk(server.port, server.admin_token)
        opened = self.talk.ask("source.open", codec="pcm_s16", sample_rate=RATE, stt=stt)
        assert opened["type"] == "ok", opened
        self.channel, self.id = opened["channel"], opened["source_id"]
        self.talk.ask("subscribe", events=["speech.*", "transcript.*", "source.*"], sources=[self.id])
        self.told, self.changed, self.position, self.began = [], threading.Condition(), 0, None
        self.reader = threading.Thread(target=self.read, daemon=True)
        self.reader.start()

    def read(self):
        while True:
            message = self.talk.next(600)
            if isinstance(message, dict) and message["type"].partition(".")[0] in ("speech", "transcript", "source"):
                with self.changed:
                    self.told.append((time.monotonic(), message))
                    self.changed.notify_all()
                if message["type"] == "source.stopped":
                    return

    def speak(self, samples):
        """Sends samples as they would be spoken, right after what was sent before."""
        self.began = self.began or time.monotonic() - self.position / RATE
        for index in range(0, len(samples) - FRAME + 1, FRAME):
            time.sleep(max(0, self.began + (self.position + FRAME) / RATE - time.monotonic()))
            header = struct.pack("<BBHIII", 1, 1, 0, self.channel, self.position // FRAME, self.position)
            self.talk.socket.send(header + samples[index : index + FRAME].astype("<i2").tobytes())
            self.position += FRAME

    def moment(self, milliseconds):
        """When a sample of the source was spoken, by this machine's clock."""
        return self.began + milliseconds / 1_000

    def of(self, kind):
        with self.changed:
            return [(moment, event) for moment, event in self.told if event["type"] == kind]

    def close(self, seconds=60):
        self.talk.say("source.close", source_id=self.id)
        self.reader.join(seconds)
        assert not self.reader.is_alive(), "the source did not end"
        self.talk.close()


def hear(server, path, *options):
    """What `hearsay hear` tells of a recording that is sent as fast as it is understood."""
    outcome = server.run("hear", "--source", str(path), "--fast", "--json", *options, seconds=3_600)
    assert outcome.code == 0, outcome.said
    return outcome.lines


def give_denoiser(server, model):
    """Installs a model that takes noise away, and waits until the server offers it."""
    outcome = run("models", "import", str(model), "--name", "denoiser", "--kind", "denoiser", "--licence", "its own", "--data", str(server.data))
    assert outcome.code == 0, outcome.said
    assert until(lambda: "denoiser" in [one["engine"] for one in server.get("/v1/engines")["engines"]]), "the server does not offer it"


def transcribe(path):
    outcome = run("transcribe", str(path), "--json", seconds=3_600)
    assert outcome.code == 0, outcome.said
    return [json.loads(line) for line in outcome.out.splitlines()]
