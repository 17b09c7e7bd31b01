"""Follows every event of the server and holds it against what must always be true."""

import json
import threading

from websockets.exceptions import ConnectionClosed
from websockets.sync.client import connect

ENDS = ("job.finished", "job.aborted", "job.failed")


class Witness:
    def __init__(self, port, token):
        self.living, self.ended, self.faults = set(), 0, []
        self.last = self.count = 0
        self.changed = threading.Condition()
        self.socket = connect(f"ws://127.0.0.1:{port}/v1/ws", subprotocols=["hearsay.v1", f"bearer.{token}"],
                              compression=None, max_queue=None)
        self.socket.send(json.dumps({"type": "hello", "client": {"name": "witness", "version": "1"}}))
        self.socket.send(json.dumps({"type": "subscribe", "events": ["*"]}))
        self.thread = threading.Thread(target=self.read, daemon=True)
        self.thread.start()

    def read(self):
        try:
            for message in self.socket:
                with self.changed:
                    self.see(json.loads(message))
                    self.changed.notify_all()
        except ConnectionClosed:
            pass

    def see(self, said):
        kind, number, job = said["type"], said.get("seq"), said.get("job_id")
        self.count += 1
        if kind in ("events.lost", "error"):
            self.faults.append(said)
        if number is None or kind == "ok":
            return
        if self.last and number != self.last + 1:
            self.faults.append(f"fact {number} follows {self.last}")
        self.last = number
        if kind == "job.queued":
            self.living.add(job)
        elif kind in ENDS:
            self.ended += 1
            if job not in self.living:
                self.faults.append(f"{job} has ended twice, or was never there")
            self.living.discard(job)

    def wait_silence(self, seconds=60):
        """Waits until every job has ended."""
        with self.changed:
            self.changed.wait_for(lambda: not self.living, seconds)
            return not self.living
