"""Asks an engine worker directly, to know its own time."""

import json
import pathlib
import socket
import subprocess
import tempfile
import time

from hearsay import PROGRAM

WORKER = pathlib.Path(PROGRAM).with_name("hearsay-flite")


class Worker:
    def __init__(self):
        self.folder = tempfile.TemporaryDirectory(prefix="hearsay-bench-")
        self.path = f"{self.folder.name}/flite.sock"
        self.process = subprocess.Popen([WORKER, "--socket", self.path], stdin=subprocess.PIPE)
        deadline = time.monotonic() + 10
        while not pathlib.Path(self.path).exists():
            assert time.monotonic() < deadline, "the worker made no socket"
            time.sleep(0.005)

    def first_audio(self, text, voice="slt"):
        """Seconds from the request to the first samples, on a connection of its own."""
        data = json.dumps({"text": text, "voice": {"name": voice}}).encode()
        began = time.perf_counter()
        with socket.socket(socket.AF_UNIX) as connection:
            connection.connect(self.path)
            connection.sendall(json.dumps({"type": "synthesize", "data_length": len(data)}).encode() + b"\n" + data)
            reader, first = connection.makefile("rb"), None
            while True:
                event = json.loads(reader.readline())
                reader.read(event.get("data_length") or 0)
                reader.read(event.get("payload_length") or 0)
                if event["type"] == "audio-chunk" and first is None:
                    first = time.perf_counter() - began
                if event["type"] == "audio-stop":
                    return first

    def close(self):
        self.process.terminate()
        self.process.wait(5)
        self.folder.cleanup()
