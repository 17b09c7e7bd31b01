"""A relay on PyPI `uvicorn`, uvloop and httptools: relay_uvicorn.py PORT [CERTIFICATE KEY]"""

import asyncio
import collections
import sys
import urllib.parse

import uvicorn

topics = collections.defaultdict(set)
BODY = b'{"status":"ok","jobs":0}'


async def application(scope, receive, send):
    if scope["type"] == "http":
        await answer(scope, send)
    elif scope["type"] == "websocket":
        await receive()
        await send({"type": "websocket.accept"})
        await relay(scope, receive, send)


async def answer(scope, send):
    status = 200 if dict(scope["headers"]).get(b"authorization") == b"Bearer measure" else 401
    body = BODY if status == 200 else b""
    headers = [(b"content-type", b"application/json"), (b"content-length", str(len(body)).encode())]
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": body})


async def relay(scope, receive, send):
    topic = urllib.parse.parse_qs(scope["query_string"].decode()).get("topic", [""])[0]
    if scope["path"] == "/sub":
        topics[topic].add(send)
    try:
        while (event := await receive())["type"] == "websocket.receive":
            message = {"type": "websocket.send", "bytes": event["bytes"]}
            if scope["path"] == "/pub":
                await asyncio.gather(*(listener(message) for listener in list(topics[topic])))
            elif scope["path"] != "/sub":
                await send(message)
    finally:
        topics[topic].discard(send)


if __name__ == "__main__":
    port, *files = sys.argv[1:]
    uvicorn.run(application, host="127.0.0.1", port=int(port), log_level="warning", access_log=False, lifespan="off",
                ws_per_message_deflate=False, backlog=4096, ssl_certfile=files[0] if files else None, ssl_keyfile=files[1] if files else None)
