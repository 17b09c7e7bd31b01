"""The bridge of Examples/ to a real MQTT broker."""

import json
import os
import queue
import shutil
import socket
import subprocess
import sys

import paho.mqtt.client as mqtt
from paho.mqtt import publish
import pytest

from hearsay import ROOT, until

BROKER = shutil.which("mosquitto", path=os.environ["PATH"] + ":/usr/sbin")


def accepts(port):
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0


@pytest.fixture
def broker(tmp_path):
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    (tmp_path / "mosquitto.conf").write_text(f"listener {port} 127.0.0.1\nallow_anonymous true\npersistence false\n")
    process = subprocess.Popen([BROKER, "-c", tmp_path / "mosquitto.conf"], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    assert until(lambda: accepts(port), 20), "the broker does not listen"
    yield port
    process.terminate()
    process.wait(10)


@pytest.fixture
def seen(broker):
    """What a client of the broker gets below `hearsay/`: topics with what they bring."""
    seen, client = queue.Queue(), mqtt.Client()
    client.on_message = lambda client, data, message: seen.put((message.topic, message.payload))
    client.on_subscribe = lambda *rest: seen.put(("subscribed", None))
    client.connect("127.0.0.1", broker)
    client.subscribe("hearsay/#")
    client.loop_start()
    assert seen.get(timeout=20)[0] == "subscribed"
    yield seen
    client.loop_stop()
    client.disconnect()


@pytest.fixture
def bridge(server, broker, seen):
    environment = os.environ | {"HEARSAY_SERVER": f"http://127.0.0.1:{server.port}", "HEARSAY_TOKEN": server.admin_token}
    bridge = subprocess.Popen([sys.executable, ROOT / "Examples" / "mqtt_bridge.py", f"127.0.0.1:{broker}"],
                              stdout=subprocess.PIPE, text=True, env=environment)
    assert bridge.stdout.readline() == "bridge is open\n"
    yield bridge
    bridge.kill()
    bridge.wait()


def until_topic(seen, last):
    """All messages up to one with this topic."""
    messages = []
    while not messages or messages[-1][0] != last:
        messages.append(seen.get(timeout=60))
    return messages


def test_what_the_broker_brings_is_said(server, listen, broker, seen, bridge):
    ear = listen(server)
    publish.single("hearsay/say", "The kettle boils.", hostname="127.0.0.1", port=broker)
    messages = until_topic(seen, "hearsay/job/finished")
    assert [topic for topic, _ in messages][:2] == ["hearsay/say", "hearsay/job/queued"]
    assert ear.sounded(json.loads(messages[-1][1])["job_id"]).size > 0


def test_what_somebody_says_reaches_the_broker(server, note, seen, bridge):
    assert server.run("hear", "--source", note, "--fast", "--no-revise", seconds=120).code == 0
    messages = [(topic, json.loads(body)) for topic, body in until_topic(seen, "hearsay/draft/ended")]
    told = [topic.removeprefix("hearsay/") for topic, _ in messages if not topic.startswith("hearsay/speech")]
    begun, ended = told.index("draft/started"), told.index("draft/ended")
    assert "transcript/final" in told[:begun] and "command/matched" in told[:begun]
    texts = [event["text"] for topic, event in messages if topic == "hearsay/transcript/final"]
    draft = messages[-1][1]["draft"]
    assert begun < ended and draft["ended_by"] == "command"
    assert "garden" in draft["text"] and draft["text"] in " ".join(texts)
