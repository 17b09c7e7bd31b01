"""A connection with the admin token: asks for speech and sees what comes of it."""

import itertools
import json
import threading

from websockets.exceptions import ConnectionClosed
from websockets.sync.client import connect


class Control:
    def __init__(self, port, token, tls=None):
        address = f"{'wss' if tls else 'ws'}://127.0.0.1:{port}/v1/ws"
        self.socket = connect(address, ssl=tls, subprotocols=["hearsay.v1", f"bearer.{token}"], compression=None, legacy=True)
        self.messages, self.changed, self.numbers = [], threading.Condition(), itertools.count(1)
        threading.Thread(target=self.read, daemon=True).start()
        self.ask("hello", client={"name": "test", "version": "1"})
        self.ask("subscribe", events=["*"])

    def read(self):
        try:
            for message in self.socket:
                with self.changed:
                    self.messages.append(json.loads(message))
                    self.changed.notify_all()
        except ConnectionClosed:
            pass

    def ask(self, command, **fields):
        number = next(self.numbers)
        self.socket.send(json.dumps({"type": command, "req": number, **fields}))
        answer = self.wait(lambda message: message.get("req") == number)
        assert answer["type"] != "error", answer
        return answer

    def wait(self, matches, seconds=120):
        with self.changed:
            found = lambda: next((message for message in self.messages if matches(message)), None)
            assert self.changed.wait_for(found, seconds), f"nothing came: {self.messages[-5:]}"
            return found()

    def speak(self, text, **fields):
        """Asks for a sentence and returns its job."""
        return self.ask("speak", text=text, **fields)["job_id"]

    def abort(self, job):
        return self.ask("abort", scope="job", job_id=job)

    def event(self, kind, job, seconds=120):
        return self.wait(lambda message: message["type"] == kind and message.get("job_id") == job, seconds)

    def is_over(self, job):
        ends = ("job.finished", "job.aborted", "job.failed")
        return any(message["type"] in ends and message.get("job_id") == job for message in list(self.messages))

    def end(self, job, seconds=120):
        """The one event that ends a job."""
        ends = ("job.finished", "job.aborted", "job.failed")
        return self.wait(lambda message: message["type"] in ends and message.get("job_id") == job, seconds)

    def close(self):
        self.socket.close()
