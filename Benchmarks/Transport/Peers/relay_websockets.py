"""A relay on PyPI `websockets`: relay_websockets.py PORT [CERTIFICATE KEY]"""

import asyncio
import collections
import http
import ssl
import sys
import urllib.parse

from websockets.asyncio.server import broadcast, serve

topics = collections.defaultdict(set)


def answer(connection, request):
    """Requests that ask for no WebSocket."""
    if "Upgrade" in request.headers:
        return None
    if request.headers.get("Authorization") != "Bearer measure":
        return connection.respond(http.HTTPStatus.UNAUTHORIZED, "")
    return connection.respond(http.HTTPStatus.OK, '{"status":"ok","jobs":0}')


async def handle(connection):
    url = urllib.parse.urlsplit(connection.request.path)
    topic = urllib.parse.parse_qs(url.query).get("topic", [""])[0]
    if url.path == "/pub":
        async for message in connection:
            broadcast(topics[topic], message)
    elif url.path == "/sub":
        topics[topic].add(connection)
        try:
            await connection.wait_closed()
        finally:
            topics[topic].discard(connection)
    else:
        async for message in connection:
            await connection.send(message)


async def main():
    port, *files = sys.argv[1:]
    context = None
    if files:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(*files)
    async with serve(handle, "127.0.0.1", int(port), ssl=context, compression=None, max_size=8 << 20, process_request=answer, backlog=4096) as server:
        await server.serve_forever()


asyncio.run(main())
