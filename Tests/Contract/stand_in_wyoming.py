"""A Wyoming server of somebody else's that hears; it knows none of our additions, and misbehaves by request."""

import json
import socket
import threading

MAKER = {"name": "somebody", "url": "https://example.org"}
PROGRAM = {"name": "whisper", "installed": True, "attribution": MAKER}
INFO = {"asr": [{**PROGRAM, "models": [{**PROGRAM, "languages": ["en", "de"]}]}]}
#: Some begin their text with a space.
TEXT = "Go forward, ten metres."


class WyomingRecogniser:
    """Hears the same in everything: `ok`, `error` as its answer, `cut` before it, or `hang` instead of it."""

    def __init__(self, mode="ok"):
        self.mode, self.asked, self.is_over = mode, [], threading.Event()
        self.server = socket.create_server(("127.0.0.1", 0))
        self.uri = f"wyoming://127.0.0.1:{self.server.getsockname()[1]}"
        threading.Thread(target=self.accept, daemon=True).start()

    def accept(self):
        while True:
            try:
                connection, _ = self.server.accept()
            except OSError:
                return
            threading.Thread(target=self.converse, args=(connection,), daemon=True).start()

    def converse(self, connection):
        with connection, connection.makefile("rwb") as stream:
            request, length = {}, 0
            for line in stream:
                head = json.loads(line)
                data = head.get("data") or {}
                if head.get("data_length"):
                    data |= json.loads(stream.read(head["data_length"]))
                payload = stream.read(head.get("payload_length") or 0)
                match head["type"]:
                    case "describe":
                        self.send(stream, "info", INFO)
                    case "transcribe":
                        request, length = data, 0
                    case "audio-chunk":
                        length += len(payload)
                    case "audio-stop":
                        self.asked.append((request, length))
                        if not self.answer(stream):
                            return

    def answer(self, stream):
        """Whether the conversation goes on."""
        match self.mode:
            case "ok":
                self.send(stream, "transcript", {"text": f" {TEXT}"})
            case "error":
                self.send(stream, "error", {"text": "out of memory", "code": "busy"})
            case "hang":
                self.is_over.wait(60)
        return self.mode in ("ok", "error")

    def send(self, stream, kind, data):
        stream.write(json.dumps({"type": kind, "data": data}).encode() + b"\n")
        stream.flush()

    def close(self):
        self.is_over.set()
        self.server.close()
