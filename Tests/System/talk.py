"""One raw WebSocket connection: what is said and what comes back, one message at a time."""

import itertools
import json
import time

from websockets.exceptions import ConnectionClosed
from websockets.sync.client import connect


class Talk:
    def __init__(self, port, token=None, hello=True, url=None, **options):
        protocols = ["hearsay.v1"] + ([f"bearer.{token}"] if token else [])
        self.socket = connect(url or f"ws://127.0.0.1:{port}/v1/ws", subprotocols=protocols, compression=None, legacy=True,
                              max_queue=None, max_size=None, **options)
        self.kept, self.numbers = [], itertools.count(1)
        if hello:
            self.welcome = self.ask("hello", client={"name": "talk", "version": "1"})

    def say(self, command, /, **fields):
        self.socket.send(json.dumps({"type": command, **fields}))

    def next(self, seconds=10):
        """The next message; what `ask` put aside comes first."""
        if self.kept:
            return self.kept.pop(0)
        message = self.socket.recv(timeout=seconds)
        return json.loads(message) if isinstance(message, str) else message

    def answer(self, request, seconds=10):
        deadline = time.monotonic() + seconds
        while True:
            message = self.socket.recv(timeout=max(0.01, deadline - time.monotonic()))
            message = json.loads(message) if isinstance(message, str) else message
            if isinstance(message, dict) and message.get("req") == request:
                return message
            self.kept.append(message)

    def ask(self, command, /, **fields):
        """Asks and returns the answer, be it an error."""
        number = next(self.numbers)
        self.say(command, req=number, **fields)
        return self.answer(number)

    def closed(self, seconds=10):
        """The code with which the server closes; reads until then."""
        deadline = time.monotonic() + seconds
        try:
            while True:
                self.socket.recv(timeout=max(0.01, deadline - time.monotonic()))
        except ConnectionClosed as closed:
            return closed.rcvd.code if closed.rcvd else None

    def until(self, kind, seconds=10, **fields):
        """Reads on until a message of a kind comes."""
        deadline = time.monotonic() + seconds
        while True:
            message = self.next(max(0.01, deadline - time.monotonic()))
            if isinstance(message, dict) and message["type"] == kind and all(message.get(k) == v for k, v in fields.items()):
                return message

    def close(self):
        self.socket.close()
