"""The server under test: the real one when HEARSAY names its program, else the small one in Python."""

import http.client
import json
import os
import pathlib
import re
import subprocess
import tempfile
import wave

import numpy

import fake_server


class Fake:
    def __init__(self):
        server = fake_server.start()
        self.port, self.admin_token, self.player_token = server.port, server.admin_token, server.player_token

    def samples(self, text):
        return fake_server.samples_of(text)

    def stop(self):
        pass


class Real:
    """`hearsay serve` on a data folder of its own, with the deterministic engine."""

    def __init__(self, program, *options):
        self.program, self.folder = program, tempfile.TemporaryDirectory()
        self.data = data = pathlib.Path(self.folder.name)
        usual = os.environ.get("HEARSAY_ARGUMENTS", "--tone --voice tone --no-speaker").split()
        arguments = [program, "serve", "--data", str(data), "--listen", "127.0.0.1:0", "--host", "voice.lan", *usual, *options]
        self.process = subprocess.Popen(arguments, stdout=subprocess.PIPE, stderr=None, text=True)
        for line in self.process.stdout:
            if link := re.search(r"https?://127\.0\.0\.1:(\d+)/player#token=([\w-]+)", line):
                break
        self.port, self.player_token = int(link[1]), link[2]
        self.admin_token = (data / "admin.token").read_text().strip()

    def samples(self, text):
        """What the engine makes of a text: the same every time."""
        with tempfile.NamedTemporaryFile(suffix=".wav") as file:
            subprocess.run([self.program, "say", "--server", f"http://127.0.0.1:{self.port}", "--token", self.admin_token,
                            "--wav", file.name, text], check=True)
            with wave.open(file.name) as sound:
                assert sound.getframerate() == 24_000 and sound.getnchannels() == 1
                return numpy.frombuffer(sound.readframes(sound.getnframes()), "<i2")

    def door(self):
        """The port of the only door for clients of another system."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port)
        connection.request("GET", "/status", headers={"Authorization": f"Bearer {self.admin_token}"})
        address = json.load(connection.getresponse())["doors"][0]["address"]
        connection.close()
        return int(address.rpartition(":")[2])

    def stop(self):
        self.process.terminate()
        self.process.wait(10)
        self.folder.cleanup()


def program():
    """The program under test; None when there is only the small server."""
    return os.environ.get("HEARSAY")


def start():
    return Real(program()) if program() else Fake()
