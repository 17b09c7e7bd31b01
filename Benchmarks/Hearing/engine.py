"""The recogniser without a server: as its own programs run it, and our worker asked directly."""

import json
import pathlib
import socket
import subprocess
import tempfile
import threading
import time

from hearsay import PROGRAM


def streaming(path):
    """What `pocketsphinx_continuous` understands: it cuts by its own detector and is a process for each file."""
    with tempfile.NamedTemporaryFile("w") as log:
        result = subprocess.run(["pocketsphinx_continuous", "-infile", path, "-logfn", log.name],
                                capture_output=True, text=True)
    return result.stdout


def whole(paths):
    """What `pocketsphinx_batch` understands, which may look at a whole file before it begins."""
    paths = list(paths)
    with tempfile.TemporaryDirectory() as folder:
        folder = pathlib.Path(folder)
        (folder / "list").write_text("".join(f"{path.with_suffix('')}\n" for path in paths))
        subprocess.run(["pocketsphinx_batch", "-adcin", "yes", "-adchdr", "44", "-cepdir", "/", "-cepext", ".wav", "-ctl",
                        folder / "list", "-hyp", folder / "text", "-logfn", "/dev/null"], check=True, capture_output=True)
        lines = (folder / "text").read_text().splitlines()
    return {path: line[: line.rindex("(")] for path, line in zip(paths, lines, strict=True)}


class Worker:
    """`hearsay-pocketsphinx`, asked directly."""

    def __init__(self):
        self.folder = tempfile.TemporaryDirectory(prefix="hearsay-bench-")
        self.path = f"{self.folder.name}/worker.sock"
        program = pathlib.Path(PROGRAM).parent / "hearsay-pocketsphinx"
        self.process = subprocess.Popen([program, "--socket", self.path], stdin=subprocess.PIPE)
        deadline = time.monotonic() + 60
        while not pathlib.Path(self.path).exists():
            assert time.monotonic() < deadline, "the worker made no socket"
            time.sleep(0.01)

    def partials(self, samples, piece=0.02):
        """Reads an utterance that is spoken now; each new text with the seconds from its first sample on, last the final one."""
        told = []
        with socket.socket(socket.AF_UNIX) as connection:
            connection.connect(self.path)
            stream = connection.makefile("rwb")
            send(stream, "transcribe", {"partials": True})
            shape, size = {"rate": 16_000, "width": 2, "channels": 1}, int(piece * 16_000)
            began = time.monotonic()
            reader = threading.Thread(target=self.read, args=(stream, told, began))
            reader.start()
            for index in range(0, len(samples), size):
                time.sleep(max(0, began + (index + size) / 16_000 - time.monotonic()))
                send(stream, "audio-chunk", shape, samples[index : index + size].astype("<i2").tobytes())
            send(stream, "audio-stop", {})
            reader.join(60)
        return told

    @staticmethod
    def read(stream, told, began):
        while True:
            header = json.loads(stream.readline())
            data = json.loads(stream.read(header.get("data_length", 0)) or b"{}")
            told.append((time.monotonic() - began, data.get("text", "")))
            if header["type"] != "transcript-partial":
                return

    def close(self):
        self.process.terminate()
        self.process.wait(10)
        self.folder.cleanup()


def send(stream, kind, data, payload=b""):
    block = json.dumps(data).encode()
    header = {"type": kind, "data_length": len(block), "payload_length": len(payload)}
    stream.write(json.dumps(header).encode() + b"\n" + block + payload)
    stream.flush()
