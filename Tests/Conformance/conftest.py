import pathlib
import sys

import pytest

sys.path.append(str(pathlib.Path(__file__).resolve().parents[1] / "System"))

from hearsay import Server


@pytest.fixture(scope="session", params=["plain", "TLS"])
def echo(request):
    """A server that echoes at /debug/echo."""
    server = Server("--debug-echo", *(["--tls"] if request.param == "TLS" else []))
    yield server
    server.close()
