"""Server-Sent Events, read one at a time."""

import http.client
import json


class Events:
    def __init__(self, server, token=None, last=None, query="", seconds=15):
        self.connection = http.client.HTTPConnection("127.0.0.1", server.port, timeout=seconds)
        headers = {"Authorization": f"Bearer {token or server.admin_token}", "Accept": "text/event-stream"}
        if last is not None:
            headers["Last-Event-ID"] = str(last)
        self.connection.request("GET", f"/v1/events{query}", headers=headers)
        self.response = self.connection.getresponse()
        self.seen = []

    def next(self):
        """The next event as (id, name, data)."""
        number, name, data = None, "message", []
        while True:
            line = self.response.readline()
            if not line:
                raise EOFError("the stream ended")
            line = line.decode().rstrip("\r\n")
            if not line and data:
                self.seen.append((number, name, json.loads("\n".join(data))))
                return self.seen[-1]
            field, _, value = line.partition(":")
            value = value.removeprefix(" ")
            if field == "id":
                number = int(value)
            elif field == "event":
                name = value
            elif field == "data":
                data.append(value)

    def until(self, matches):
        while True:
            number, name, data = self.next()
            if matches(data):
                return data

    def close(self):
        self.connection.close()
        self.response.close()
