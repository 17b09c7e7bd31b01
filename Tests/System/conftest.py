import pathlib
import sys

import pytest

sys.path.append(str(pathlib.Path(__file__).resolve().parents[1] / "Browser"))

from control import Control
from dictation import dictate
from hearsay import Server
from listener import Listener
from talk import Talk


@pytest.fixture(scope="module")
def server():
    """One server for the tests of a file, with the deterministic engine."""
    server = Server()
    yield server
    server.close()


@pytest.fixture(scope="module")
def note(server, tmp_path_factory):
    """Three sentences by a voice that the basic recogniser understands, with pauses between them."""
    return dictate(server, tmp_path_factory.mktemp("note") / "note.wav")


@pytest.fixture
def folder(tmp_path):
    """A data folder that no server has used."""
    path = tmp_path / "data"
    path.mkdir()
    return path


@pytest.fixture
def serve():
    """Starts servers of a test's own."""
    servers = []

    def serve(*arguments, **options):
        servers.append(Server(*arguments, **options))
        return servers[-1]

    yield serve
    for server in servers:
        server.close()


@pytest.fixture
def listen():
    """Attaches listeners; at the end none may have seen the protocol broken."""
    listeners = []

    def listen(server, token=None, **options):
        listeners.append(Listener(server.port, token or server.admin_token, **options))
        return listeners[-1]

    yield listen
    for listener in listeners:
        listener.close()
    for listener in listeners:
        assert not listener.faults, listener.faults


@pytest.fixture
def control(server):
    control = Control(server.port, server.admin_token)
    yield control
    control.ask("abort", scope="all")  # what a failed test leaves must not sound in the next
    control.close()


@pytest.fixture
def controls():
    """Connections with the admin token to servers of a test's own."""
    made = []

    def controls(server):
        made.append(Control(server.port, server.admin_token))
        return made[-1]

    yield controls
    for control in made:
        control.close()


@pytest.fixture
def talk():
    """Opens raw connections."""
    made = []

    def talk(server, token="admin", **options):
        made.append(Talk(server.port, server.admin_token if token == "admin" else token, **options))
        return made[-1]

    yield talk
    for each in made:
        each.close()
