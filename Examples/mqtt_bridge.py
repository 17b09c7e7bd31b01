#!/usr/bin/env python3
"""Carries what is said to an MQTT broker, and says what the broker brings.

    Examples/mqtt_bridge.py [BROKER[:PORT]]

Each event becomes a message: transcript.final arrives below the topic hearsay/transcript/final, as JSON, job.finished
below hearsay/job/finished. What is published to hearsay/say is spoken. HEARSAY_SERVER and HEARSAY_TOKEN say where and
as whom; without a token it takes that of the server on this machine. Needs the packages websockets and paho-mqtt
(Debian: python3-websockets, python3-paho-mqtt).
"""

import json
import os
import pathlib
import sys

import paho.mqtt.client as mqtt
from websockets.sync.client import connect

SERVER = os.environ.get("HEARSAY_SERVER", "http://127.0.0.1:7780")
DATA = pathlib.Path(os.environ.get("XDG_DATA_HOME", pathlib.Path.home() / ".local/share")) / "hearsay"
TOKEN = os.environ.get("HEARSAY_TOKEN") or (DATA / "admin.token").read_text().strip()
EVENTS = ["speech.*", "transcript.final", "command.*", "draft.*", "job.*"]

host, _, port = (sys.argv[1] if len(sys.argv) > 1 else "127.0.0.1").partition(":")
broker = mqtt.Client()
with connect(SERVER.replace("http", "ws", 1) + "/v1/ws", subprotocols=["hearsay.v1", f"bearer.{TOKEN}"]) as server:

    def say(client, data, message):
        server.send(json.dumps({"type": "speak", "text": message.payload.decode(errors="replace")}))

    # The broker forgets subscriptions with the connection; this runs after each new one.
    broker.on_connect = lambda client, *rest: client.subscribe("hearsay/say")
    broker.on_subscribe = lambda *rest: print("bridge is open", flush=True)
    broker.on_message = say
    server.send(json.dumps({"type": "hello", "client": {"name": "mqtt_bridge", "version": "1"}}))
    server.send(json.dumps({"type": "subscribe", "events": EVENTS}))
    broker.connect(host, int(port or 1883))
    broker.loop_start()
    for message in server:
        event = json.loads(message)
        if "seq" in event and "at" in event:
            broker.publish("hearsay/" + event["type"].replace(".", "/"), message, qos=1)
