import pathlib
import sys

import pytest

sys.path.append(str(pathlib.Path(__file__).resolve().parents[1] / "System"))

from hearsay import Server


@pytest.fixture(scope="session")
def echo():
    """A server that echoes at /debug/echo."""
    server = Server("--debug-echo")
    yield server
    server.close()
