"""What an engine says to a whole text, asked directly: a worker of ours by its socket, a stand-in by its URL."""

import http.client
import json
import socket
import struct
import urllib.parse


def speech(address, text, voice="slt"):
    """The rate, and 16-bit samples as bytes."""
    return by_http(address, text) if address.startswith("http") else by_socket(address, text, voice)


def by_socket(path, text, voice):
    data, pieces, rate = json.dumps({"text": text, "voice": {"name": voice}}).encode(), [], 0
    with socket.socket(socket.AF_UNIX) as connection:
        connection.connect(path)
        connection.sendall(json.dumps({"type": "synthesize", "data_length": len(data)}).encode() + b"\n" + data)
        reader = connection.makefile("rb")
        while True:
            event = json.loads(reader.readline())
            facts = {**(event.get("data") or {}), **json.loads(reader.read(event.get("data_length") or 0) or "{}")}
            payload = reader.read(event.get("payload_length") or 0)
            if event["type"] == "audio-chunk":
                rate = facts["rate"]
                pieces.append(payload)
            elif event["type"] == "audio-stop":
                return rate, b"".join(pieces)
            elif event["type"] == "error":
                raise RuntimeError(facts)


def by_http(url, text):
    place = urllib.parse.urlsplit(url)
    connection = http.client.HTTPConnection(place.hostname, place.port, timeout=60)
    body = {"model": "tts-1", "input": text, "voice": "stand-in", "response_format": "pcm"}
    connection.request("POST", "/v1/audio/speech", json.dumps(body), {"Content-Type": "application/json"})
    sound = connection.getresponse().read()
    connection.close()
    return 24_000, sound


def wav(rate, sound):
    return struct.pack("<4sI4s4sIHHIIHH4sI", b"RIFF", 36 + len(sound), b"WAVE", b"fmt ", 16, 1, 1, rate, rate * 2, 2, 16,
                       b"data", len(sound)) + sound
