"""A speech queue behind one WebSocket: texts come in, a worker makes them one after the other, everybody is told.

usage: queue_websockets.py PORT ENGINE
"""

import asyncio
import json
import pathlib
import sys

import websockets

sys.path.append(str(pathlib.Path(__file__).resolve().parents[1]))

from engine import speech, wav

clients, texts = set(), asyncio.Queue()


async def serve(socket):
    clients.add(socket)
    try:
        async for message in socket:
            texts.put_nowait((socket, json.loads(message)["text"]))
            websockets.broadcast(clients, json.dumps({"event": "queued"}))
    finally:
        clients.discard(socket)


async def work():
    while True:
        socket, text = await texts.get()
        rate, sound = await asyncio.to_thread(speech, sys.argv[2], text)
        websockets.broadcast(clients, json.dumps({"event": "started"}))
        await socket.send(wav(rate, sound))
        websockets.broadcast(clients, json.dumps({"event": "finished"}))


async def main():
    async with websockets.serve(serve, "127.0.0.1", int(sys.argv[1]), max_size=None, compression=None):
        await work()


asyncio.run(main())
