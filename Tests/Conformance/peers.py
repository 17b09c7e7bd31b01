"""WebSocket programs of other makers, and our own client as a program."""

import contextlib
import os
import pathlib
import subprocess
import threading

from websockets.sync.server import serve

ROOT = pathlib.Path(__file__).resolve().parents[2]
SCRIPTS = pathlib.Path(__file__).resolve().parent / "peers"
# Where Debian puts the modules of Node; other builds of Node do not look there by themselves.
NODE = os.environ | {"NODE_PATH": "/usr/share/nodejs"}
# Around every border between two ways to write a length, and as large as the echo takes.
SIZES = [0, 1, 2, 124, 125, 126, 127, 128, 65534, 65535, 65536, 65537, 1 << 20, 16 << 20]


@contextlib.contextmanager
def websockets_server():
    """An echo server of the Python world; its port."""
    def echo(socket):
        for message in socket:
            socket.send(message)

    with serve(echo, "127.0.0.1", 0, max_size=16 << 20) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        try:
            yield server.socket.getsockname()[1]
        finally:
            server.shutdown()
            thread.join(10)


@contextlib.contextmanager
def node_server():
    """An echo server of the Node world; its port."""
    with subprocess.Popen(["node", str(SCRIPTS / "echo_server.js")], stdout=subprocess.PIPE, text=True, env=NODE) as process:
        try:
            yield int(process.stdout.readline())
        finally:
            process.kill()


def node_client(url):
    return subprocess.run(["node", str(SCRIPTS / "echo_client.js"), url, *map(str, SIZES)], capture_output=True, text=True,
                          timeout=60, env=NODE)


def build_probe():
    """Builds net-probe, which `swift test` has done already where all tests run; its path."""
    subprocess.run(["swift", "build", "--product", "net-probe"], cwd=ROOT, check=True, capture_output=True, timeout=900)
    folder = subprocess.run(["swift", "build", "--show-bin-path"], cwd=ROOT, check=True, capture_output=True, text=True)
    return pathlib.Path(folder.stdout.strip()) / "net-probe"


def probe(program, url):
    return subprocess.run([str(program), url], capture_output=True, text=True, timeout=120)
