#!/usr/bin/env python3
"""Says a long text through the queue and cuts it off after three seconds.

    Examples/queue_abort_demo.py

The server: hearsay serve --alias tts. TTS_PORT names another port than 11500. Needs the package websockets (Debian:
python3-websockets).
"""

import json
import os
import sys
import threading
import uuid

from websockets.sync.client import connect

text = "This sentence goes on and on, because nobody has told it yet that it will be cut off. " * 4
own = str(uuid.uuid4())
with connect(f"ws://127.0.0.1:{os.environ.get('TTS_PORT', 11500)}") as socket:
    socket.send(json.dumps({"type": "speak", "text": text, "id": own}))
    abort = threading.Timer(float(os.environ.get("ABORT_AFTER", 3)),
                            lambda: socket.send(json.dumps({"type": "abort_current"})))
    for message in socket:
        event = json.loads(message)
        if event.get("id") != own:
            continue
        match event["type"]:
            case "started":
                print("started", flush=True)
                abort.start()
            case "aborted":
                print(f"aborted at {event['position_ms']} ms, unspoken: {len(event['unspoken_text'])} characters")
                sys.exit(0)
            case "finished":
                abort.cancel()
                sys.exit("finished before it could be cut off")
            case "error":
                sys.exit(f"error: {event['message']}")
