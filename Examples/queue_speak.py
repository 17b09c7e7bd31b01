#!/usr/bin/env python3
"""Says a text through the queue and exits when it was heard to its end.

    Examples/queue_speak.py "hello"

The server: hearsay serve --alias tts. TTS_PORT names another port than 11500. Needs the package websockets (Debian:
python3-websockets).
"""

import json
import os
import sys
import uuid

from websockets.sync.client import connect

text = " ".join(sys.argv[1:]) or "hello"
own = str(uuid.uuid4())
with connect(f"ws://127.0.0.1:{os.environ.get('TTS_PORT', 11500)}") as socket:
    socket.send(json.dumps({"type": "speak", "text": text, "id": own}))
    for message in socket:
        event = json.loads(message)
        if event.get("id") != own:  # every client is told of every job
            continue
        match event["type"]:
            case "finished":
                print(f"finished after {event['duration_ms']} ms")
                sys.exit(0)
            case "aborted":
                sys.exit(f"aborted after {event['spoken_percent']} %")
            case "error":
                sys.exit(f"error: {event['message']}")
            case other:
                print(other, flush=True)
