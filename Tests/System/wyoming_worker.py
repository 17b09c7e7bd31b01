"""A worker on its own, without a server: asked over Wyoming events."""

import json
import os
import pathlib
import socket
import subprocess
import time

import hearsay

SHAPE = {"rate": 16_000, "width": 2, "channels": 1}


class WyomingWorker:
    """`hearsay-sherpa` with a model, on a socket in a folder."""

    def __init__(self, model, folder, *arguments):
        program = pathlib.Path(os.path.realpath(hearsay.PROGRAM)).parent / "hearsay-sherpa"
        self.path = str(pathlib.Path(folder) / "worker.sock")
        # It ends when its standard input closes.
        self.process = subprocess.Popen([program, "--model", model, "--socket", self.path, *arguments],
                                        stdin=subprocess.PIPE)
        while not os.path.exists(self.path):
            assert self.process.poll() is None, f"it ended with code {self.process.returncode}"
            time.sleep(0.02)
        self.connect()

    def connect(self):
        while True:
            self.socket = socket.socket(socket.AF_UNIX)
            self.socket.settimeout(60)
            try:
                self.socket.connect(self.path)
                break
            except ConnectionRefusedError:  # It is there, and nobody listens yet.
                self.socket.close()
                time.sleep(0.02)
        self.reader = self.socket.makefile("rb")

    def send(self, kind, data=None, payload=b""):
        head = {"type": kind, "data": data or {}, "payload_length": len(payload)}
        self.socket.sendall(json.dumps(head).encode() + b"\n" + payload)

    def receive(self):
        """Type, data and payload of the next event."""
        head = json.loads(self.reader.readline())
        data = head.get("data") or {}
        if head.get("data_length"):
            data |= json.loads(self.reader.read(head["data_length"]))
        return head["type"], data, self.reader.read(head.get("payload_length") or 0)

    def hear(self, samples, pause=None, **request):
        """What it makes of an utterance that comes 100 ms at a time, and what it told before.

        With `pause` nothing more comes after so many seconds until it has told what it understands.
        """
        self.send("transcribe", {"partials": True, **request})
        self.send("audio-start", SHAPE)
        partials = []
        for start in range(0, len(samples), 3_200):
            self.send("audio-chunk", SHAPE, samples[start:start + 3_200])
            if pause is not None and start == int(pause * 10) * 3_200:
                partials.append(self.receive()[1]["text"])
        self.send("audio-stop")
        while (event := self.receive())[0] == "transcript-partial":
            partials.append(event[1]["text"])
        return event, partials

    def close(self):
        self.reader.close()
        self.socket.close()
        self.process.stdin.close()
        self.process.wait(10)
