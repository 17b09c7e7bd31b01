import pathlib
import sys

import pytest

for folder in ("System", "Browser"):
    sys.path.append(str(pathlib.Path(__file__).resolve().parents[1] / folder))

from hearsay import Server


@pytest.fixture(scope="module")
def server():
    """One server for the tests of a file."""
    server = Server()
    yield server
    server.close()
