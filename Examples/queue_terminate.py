#!/usr/bin/env python3
"""Ends the server through the queue.

    Examples/queue_terminate.py

HEARSAY_TOKEN is the token of an administrator; without it, that of the server on this machine is taken. TTS_PORT names
another port than 11500. Needs the package websockets (Debian: python3-websockets).
"""

import json
import os
import pathlib
import sys

from websockets.sync.client import connect

folder = pathlib.Path(os.environ.get("XDG_DATA_HOME", pathlib.Path.home() / ".local/share")) / "hearsay"
token = os.environ.get("HEARSAY_TOKEN") or (folder / "admin.token").read_text().strip()
with connect(f"ws://127.0.0.1:{os.environ.get('TTS_PORT', 11500)}",
             additional_headers={"Authorization": f"Bearer {token}"}) as socket:
    socket.send(json.dumps({"type": "terminate"}))
    for message in socket:
        event = json.loads(message)
        if event["type"] == "error" and "id" not in event:
            sys.exit(f"refused: {event['message']}")
print("the server has ended")
