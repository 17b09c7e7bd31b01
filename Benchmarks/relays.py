"""The servers whose transport is compared: each relays what publishers send to the listeners of a topic."""

import contextlib
import dataclasses
import pathlib
import socket
import subprocess
import sys
import time

HERE = pathlib.Path(__file__).resolve().parent
BUILT = HERE.parent / ".build" / "release"
PEERS = HERE / "Transport" / "Peers"


@dataclasses.dataclass(frozen=True)
class Relay:
    """A server as a command that takes a port, and for TLS the files of a certificate and its key."""

    name: str
    command: tuple
    version: str


def output(*command):
    return subprocess.run(command, capture_output=True, text=True, check=True).stdout.strip()


def python_version(package):
    return output(sys.executable, "-c", f"import importlib.metadata; print(importlib.metadata.version('{package}'))")


def ours():
    return Relay("Hearsay", (str(BUILT / "transport-bench"),), output("git", "-C", str(HERE), "rev-parse", "--short", "HEAD"))


def node():
    package = "/usr/share/nodejs/ws"
    version = output("node", "-p", f"require('{package}/package.json').version + ', node ' + process.version")
    return Relay("node ws", ("node", str(PEERS / "relay.js")), f"ws {version}")


def websockets():
    return Relay("websockets", (sys.executable, str(PEERS / "relay_websockets.py")), f"websockets {python_version('websockets')}")


def uvicorn():
    version = f"uvicorn {python_version('uvicorn')}, uvloop {python_version('uvloop')}, httptools {python_version('httptools')}"
    return Relay("uvicorn", (sys.executable, str(PEERS / "relay_uvicorn.py")), version)


def free_port():
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return free.getsockname()[1]


@contextlib.contextmanager
def started(relay, certificate=()):
    """Runs a relay; gives its port and process."""
    port = free_port()
    process = subprocess.Popen([*relay.command, str(port), *certificate], stdin=subprocess.DEVNULL)
    try:
        await_answer(port, process)
        yield port, process
    finally:
        process.kill()
        process.wait()


def await_answer(port, process):
    end = time.monotonic() + 60
    while time.monotonic() < end and process.poll() is None:
        with contextlib.suppress(ConnectionError):
            socket.create_connection(("127.0.0.1", port), 5).close()
            return
        time.sleep(0.02)
    raise RuntimeError(f"{process.args} does not answer")


def certificate(folder):
    """A self-signed certificate and its key."""
    files = str(folder / "certificate.pem"), str(folder / "key.pem")
    output("openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-days", "2",
           "-subj", "/CN=127.0.0.1", "-addext", "subjectAltName=IP:127.0.0.1", "-out", files[0], "-keyout", files[1])
    return files
