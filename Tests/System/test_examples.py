"""The programs of Examples/ do what they say."""

import os
import subprocess
import sys

from hearsay import ROOT


def run(server, name, *arguments):
    environment = os.environ | {"HEARSAY_SERVER": f"http://127.0.0.1:{server.port}", "HEARSAY_TOKEN": server.admin_token}
    return subprocess.run([sys.executable, ROOT / "Examples" / name, *arguments], env=environment, capture_output=True,
                          text=True, timeout=60)


def test_speak_tells_who_heard_it(server, listen):
    listener = listen(server)
    outcome = run(server, "speak.py", "The backup", "is done.")
    assert outcome.returncode == 0 and outcome.stdout.startswith(f"heard by {listener.id} after "), outcome


def test_speak_fails_when_nobody_hears_it(server):
    outcome = run(server, "speak.py", "Nobody is there.")
    assert outcome.returncode == 1 and "not heard: no_listener" in outcome.stderr, outcome


def test_speak_tells_why_it_was_refused(server):
    outcome = run(server, "speak.py", "")
    assert outcome.returncode == 1 and outcome.stderr.startswith("refused: "), outcome
