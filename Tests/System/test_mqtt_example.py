"""The bridge of Examples/ to a real MQTT broker."""

import json
import os
import queue
import shutil
import socket
import subprocess
import sys

import paho.mqtt.client as mqtt
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
    until(lambda: accepts(port), 20)
    yield port
    process.terminate()
    process.wait(10)


def test_what_happens_reaches_the_broker_and_what_it_brings_is_said(server, listen, broker):
    ear = listen(server)
    seen, client = queue.Queue(), mqtt.Client()
    client.on_message = lambda client, data, message: seen.put((message.topic, json.loads(message.payload)))
    client.on_subscribe = lambda *rest: seen.put(("subscribed", None))
    client.connect("127.0.0.1", broker)
    client.subscribe("hearsay/job/#")
    client.loop_start()
    environment = os.environ | {"HEARSAY_SERVER": f"http://127.0.0.1:{server.port}", "HEARSAY_TOKEN": server.admin_token}
    bridge = subprocess.Popen([sys.executable, ROOT / "Examples" / "mqtt_bridge.py", f"127.0.0.1:{broker}"],
                              stdout=subprocess.PIPE, text=True, env=environment)
    try:
        assert seen.get(timeout=20)[0] == "subscribed"
        assert bridge.stdout.readline() == "bridge is open\n"
        client.publish("hearsay/say", "The kettle boils.")
        topics = []
        while not topics or topics[-1][0] != "hearsay/job/finished":
            topics.append(seen.get(timeout=30))
        assert [topic for topic, _ in topics][0] == "hearsay/job/queued"
        assert ear.sounded(topics[-1][1]["job_id"]).size > 0
    finally:
        bridge.kill()
        bridge.wait()
        client.loop_stop()
        client.disconnect()
