"""The four lines of the queue's test plan, with the programs of Examples/ in both languages."""

import os
import subprocess
import sys

import pytest

from hearsay import ROOT, Server, until

PROGRAMS = {"node": {"speak": "speak.mjs", "abort": "abort-demo.mjs", "terminate": "terminate.mjs"},
            "python": {"speak": "queue_speak.py", "abort": "queue_abort_demo.py", "terminate": "queue_terminate.py"}}


@pytest.fixture(params=PROGRAMS)
def program(request):
    """Starts one of the programs."""

    def program(name, port, *arguments, **environment):
        interpreter = "node" if request.param == "node" else sys.executable
        return subprocess.Popen([interpreter, ROOT / "Examples" / PROGRAMS[request.param][name], *arguments],
                                env=os.environ | {"TTS_PORT": str(port), "NODE_PATH": "/usr/share/nodejs"} | environment, text=True,
                                stdout=subprocess.PIPE, stderr=subprocess.STDOUT)

    return program


@pytest.fixture(scope="module")
def queue():
    server = Server("--alias", "tts=127.0.0.1:0")
    yield server
    server.close()


def test_the_server_says_at_which_port_the_queue_is(serve):
    server = serve("--alias", "tts", environment={"TTS_PORT": "0"})
    port = int(server.wait_line(r"listening on port (\d+)")[1])
    assert port == server.door("tts")[0]


def test_speak_plays_the_text_and_exits_when_it_was_heard(queue, listen, program):
    listener = listen(queue, session="alias-tts")
    process = program("speak", queue.door("tts")[0], "hello")
    said, _ = process.communicate(timeout=30)
    assert process.returncode == 0, said
    assert [line.split()[0] for line in said.splitlines()] == ["queued", "started", "finished"]
    assert listener.sounded().size == queue.wav("hello").size


def test_abort_cuts_the_text_off_in_the_middle(queue, listen, program):
    listener = listen(queue, session="alias-tts")
    process = program("abort", queue.door("tts")[0], ABORT_AFTER="1")
    said, _ = process.communicate(timeout=30)
    assert process.returncode == 0 and "aborted at " in said, said
    assert until(lambda: not listener.order)
    assert program("speak", queue.door("tts")[0], "next").communicate(timeout=30)[0].splitlines()[-1].startswith("finished")


def test_terminate_ends_the_server(serve, program):
    server = serve("--alias", "tts=127.0.0.1:0")
    port = server.door("tts")[0]
    refused = program("terminate", port, HEARSAY_TOKEN=server.make_token(["speak", "control"]))
    assert "refused: " in refused.communicate(timeout=30)[0] and refused.returncode == 1
    said, _ = program("terminate", port, HEARSAY_TOKEN=server.admin_token).communicate(timeout=30)
    assert "the server has ended" in said
    assert server.process.wait(15) == 0
