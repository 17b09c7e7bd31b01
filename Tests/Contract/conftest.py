import pathlib
import sys

import pytest

for folder in ("System", "Browser"):
    sys.path.append(str(pathlib.Path(__file__).resolve().parents[1] / folder))

from control import Control
from hearsay import Server
from listener import Listener


@pytest.fixture(scope="module")
def server():
    """One server for the tests of a file."""
    server = Server()
    yield server
    server.close()


@pytest.fixture
def listen():
    """Attaches listeners; at the end none may have seen the protocol broken."""
    listeners = []

    def listen(server, **options):
        listeners.append(Listener(server.port, server.admin_token, **options))
        return listeners[-1]

    yield listen
    for listener in listeners:
        listener.close()
    for listener in listeners:
        assert not listener.faults, listener.faults


@pytest.fixture
def controls():
    """Connections with the admin token."""
    made = []

    def controls(server):
        made.append(Control(server.port, server.admin_token))
        return made[-1]

    yield controls
    for control in made:
        control.close()
