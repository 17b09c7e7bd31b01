"""WebSocket programs of other makers, and our own client as a program."""

import asyncio
import contextlib
import os
import pathlib
import ssl
import subprocess
import threading

from websockets.asyncio.server import serve

ROOT = pathlib.Path(__file__).resolve().parents[2]
SCRIPTS = pathlib.Path(__file__).resolve().parent / "peers"
# Where Debian puts the modules of Node; other builds of Node do not look there by themselves.
NODE = os.environ | {"NODE_PATH": "/usr/share/nodejs"}
# Around every border between two ways to write a length, and as large as the echo takes.
SIZES = [0, 1, 2, 124, 125, 126, 127, 128, 65534, 65535, 65536, 65537, 1 << 20, 16 << 20]


def certificate(folder):
    """A certificate for this machine and its key, made by OpenSSL; their paths."""
    made, key = folder / "certificate.pem", folder / "key.pem"
    subprocess.run(["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-days", "2",
                    "-subj", "/CN=peer", "-addext", "subjectAltName=IP:127.0.0.1", "-out", made, "-keyout", key],
                   check=True, capture_output=True)
    return made, key


def trusted(server):
    """What one of our servers proves itself with; None over plain TCP."""
    return server.data / "tls-certificate.pem" if server.scheme == "https" else None


def trusting(server):
    """The settings of a Python client that believes this server alone; None over plain TCP."""
    return ssl.create_default_context(cafile=str(trusted(server))) if trusted(server) else None


def url(server, path):
    return f"ws{server.scheme.removeprefix('http')}://127.0.0.1:{server.port}{path}"


@contextlib.contextmanager
def websockets_server(files=None):
    """An echo server of the Python world; its port."""
    context = None
    if files:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(*files)

    async def echo(socket):
        async for message in socket:
            await socket.send(message)

    loop = asyncio.new_event_loop()
    thread = threading.Thread(target=loop.run_forever)
    thread.start()
    try:
        async def start():
            return await serve(echo, "127.0.0.1", 0, max_size=16 << 20, ssl=context)

        server = asyncio.run_coroutine_threadsafe(start(), loop).result(10)
        yield server.sockets[0].getsockname()[1]
        server.close()
        asyncio.run_coroutine_threadsafe(server.wait_closed(), loop).result(10)
    finally:
        loop.call_soon_threadsafe(loop.stop)
        thread.join(10)
        loop.close()


@contextlib.contextmanager
def node_server(files=()):
    """An echo server of the Node world; its port."""
    with subprocess.Popen(["node", str(SCRIPTS / "echo_server.js"), *files], stdout=subprocess.PIPE, text=True, env=NODE) as process:
        try:
            yield int(process.stdout.readline())
        finally:
            process.kill()


def node_client(server, path):
    authorities = {"NODE_EXTRA_CA_CERTS": str(trusted(server))} if trusted(server) else {}
    return subprocess.run(["node", str(SCRIPTS / "echo_client.js"), url(server, path), *map(str, SIZES)], capture_output=True,
                          text=True, timeout=60, env=NODE | authorities)


def build_probe():
    """Builds net-probe, which `swift test` has done already where all tests run; its path."""
    subprocess.run(["swift", "build", "--product", "net-probe"], cwd=ROOT, check=True, capture_output=True, timeout=900)
    folder = subprocess.run(["swift", "build", "--show-bin-path"], cwd=ROOT, check=True, capture_output=True, text=True)
    return pathlib.Path(folder.stdout.strip()) / "net-probe"


def probe(program, *arguments):
    return subprocess.run([str(program), *map(str, arguments)], capture_output=True, text=True, timeout=120)
