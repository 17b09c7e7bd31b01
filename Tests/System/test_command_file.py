"""The file of spoken commands: what is wrong with it is told by the log, events, `/status` and `hearsay doctor`."""

import os
import subprocess

import pytest

from hearsay import PROGRAM, clean_environment, save, until
from sse import Events

BROKEN = "[lamp]\nphrase = the lamp\n[dish]\nthreshold = 200\nphrase = green garden\n"


def write(folder, text):
    save(folder / "commands.txt", text)


def state(server):
    return server.get("/status")["commands"]


def findings(server, folder):
    told = server.run("doctor", "--data", str(folder), "--json")
    return [line for line in told.lines if line.get("subject") == "commands"]


def test_without_a_file_palavers_commands_hold_and_nothing_is_said(serve, folder):
    server = serve(folder=folder)
    assert state(server) == {"file": str(folder / "commands.txt"), "state": "ok", "book": "usual", "commands": 2,
                             "mistakes": [], "warnings": []}
    assert findings(server, folder) == []


def test_a_file_that_is_broken_at_the_start_is_told_everywhere(serve, folder):
    write(folder, BROKEN)
    server = serve(folder=folder)
    assert (state(server)["state"], state(server)["book"], state(server)["mistakes"]) == ("broken", "usual", [{"line": 4}])
    found, = findings(server, folder)
    assert found["state"] == "warning" and "line 4: a threshold is from 50 to 100" in found["text"]
    assert str(folder / "commands.txt") in found["text"] and "Palaver" in found["text"] and found["remedies"]


def test_a_file_that_was_named_in_another_folder_is_found(serve, folder):
    write(folder, BROKEN)
    server = serve("--commands", os.path.relpath(folder / "commands.txt"))
    assert os.path.isabs(state(server)["file"])
    told = subprocess.run([PROGRAM, "doctor", "--json", *server.arguments()], cwd="/", capture_output=True, text=True,
                          env=clean_environment(), timeout=60).stdout
    assert "line 4: a threshold" in told and '"commands"' in told


def test_a_file_that_breaks_keeps_what_held_and_everybody_is_told(serve, folder):
    write(folder, "[lamp]\nphrase = the lamp\n")
    server = serve(folder=folder)
    assert findings(server, folder)[0]["state"] == "ok"
    events = Events(server, query="?events=commands.changed")
    write(folder, BROKEN)
    _, _, event = events.next()
    assert (event["state"], event["book"], event["commands"], event["mistakes"]) == ("broken", "file", 1, [{"line": 4}])
    assert "before" in findings(server, folder)[0]["text"]
    write(folder, "[fan]\nphrase = the fan\n[door]\nphrase = the door\n")
    _, _, event = events.next()
    assert (event["state"], event["commands"], event["mistakes"]) == ("ok", 2, [])
    (folder / "commands.txt").unlink()
    _, _, event = events.next()
    assert (event["state"], event["book"]) == ("ok", "usual")


def test_a_command_that_nobody_can_give_is_warned_of_with_its_line(serve, folder):
    write(folder, "[lamp]\nphrase = the lamp\nattention = required\n")
    server = serve(folder=folder)
    assert (state(server)["state"], state(server)["warnings"]) == ("ok", [{"line": 3}])
    server.wait_line(r"commands\.warning.*line 3: \[lamp\] needs attention")
    found, = findings(server, folder)
    assert found["state"] == "warning" and "line 3: [lamp]" in found["text"]
    write(folder, "[lamp]\nphrase = the lamp\nattention = required\n[attention]\nphrase = rupert\n")
    assert until(lambda: state(server)["warnings"] == []), state(server)


def test_a_bound_token_learns_nothing_of_the_file(serve, folder):
    server = serve(folder=folder)
    token = server.make_token(["events"], session_id="kitchen")
    assert "commands" not in server.get("/status", token=token)
