"""The server's configuration file: read at the start, read again when it changes, and never half obeyed."""

import fcntl
import os
import pty
import signal
import subprocess
import termios

import pytest

from hearsay import PROGRAM, clean_environment, run, save, until
from sse import Events


def write(folder, text):
    save(folder / "config.json5", text)


def changes(server):
    return Events(server, query="?events=configuration.changed")


def policy(server):
    return server.get("/v1/queue")["policy"]


def test_the_file_in_the_data_folder_is_obeyed_and_the_command_line_goes_before_it(serve, folder):
    write(folder, """{
        // a household
        queue: "fifo", limit: { jobs: 7, text_bytes: "2KiB" },
        metrics_net: ["127.0.0.1"],
    }""")
    server = serve("--limit", "jobs=9", folder=folder)
    assert policy(server) == "fifo"
    limits = server.get("/status")["limits"]
    assert (limits["jobs"], limits["text_bytes"]) == (9, 2048)
    assert server.ask("GET", "/metrics", token=None).status == 200
    state = server.get("/status")["configuration"]
    assert state == {"file": str(folder / "config.json5"), "state": "ok", "changed": [], "restart": [], "mistakes": []}


def test_a_file_with_mistakes_keeps_the_server_from_starting_and_each_is_told(folder):
    write(folder, '{\n  voise: "slt",\n  keep_jobs: "soon",\n  token: "hsy_secret",\n}')
    outcome = run("serve", "--data", str(folder), "--listen", "127.0.0.1:0")
    assert outcome.code == 1
    name = folder / "config.json5"
    assert f"{name}:2:3: “voise” means nothing here; did you mean voice?" in outcome.said
    assert f"{name}:3:14: keep_jobs cannot be “soon”" in outcome.said
    assert f"{name}:4:3: “token” looks like a secret" in outcome.said and "hsy_secret" not in outcome.said
    outcome = run("serve", "--config", str(folder / "none.json5"), "--data", str(folder))
    assert outcome.code == 1 and "there is no such file" in outcome.said


def test_what_is_saved_holds_at_once_or_is_told_to_wait_for_a_start(serve, folder):
    write(folder, '{ queue: "fifo", limit: { jobs: 7 } }')
    server = serve(folder=folder)
    events = changes(server)
    write(folder, '{ queue: "priority", limit: { jobs: 8 }, host: "box.example", rate_token: "1000/s", }')
    _, _, event = events.next()
    assert event["state"] == "ok" and event["changed"] == ["host", "rate_token", "queue"] and event["restart"] == ["limit"]
    assert policy(server) == "priority" and server.get("/status")["limits"]["jobs"] == 7
    assert server.ask("GET", "/health", Host="box.example").status == 200
    write(folder, '{ limit: { jobs: 7 } }')
    _, _, event = events.next()
    assert event["changed"] == ["host", "rate_token", "queue"] and event["restart"] == []
    assert policy(server) == "round_robin"
    assert server.ask("GET", "/health", Host="box.example").status == 403


def test_a_broken_file_changes_nothing_and_everybody_is_told(serve, folder):
    write(folder, '{ queue: "fifo" }')
    server = serve(folder=folder)
    events = changes(server)
    write(folder, '{\n  queue: "priority",\n  host: [1, {}]\n}')
    _, _, event = events.next()
    assert event["state"] == "broken" and event["mistakes"] == [{"line": 3, "column": 13}] and event["changed"] == []
    assert policy(server) == "fifo"
    server.wait_line(r"configuration\.mistake.*config\.json5:3:13: host needs a text in quotes, or a list of them")
    doctor = server.run("doctor", "--data", str(folder), "--json")
    told = [line for line in doctor.lines if line.get("subject") == "configuration"]
    assert [line["state"] for line in told] == ["warning"] and "goes on with what held before" in told[0]["text"]
    (folder / "config.json5").unlink()
    assert until(lambda: server.get("/status")["configuration"]["mistakes"] == [{}])
    assert policy(server) == "fifo"
    write(folder, '{ queue: "priority" }')
    assert until(lambda: policy(server) == "priority")
    assert server.get("/status")["configuration"]["state"] == "ok"


def test_a_voice_that_nobody_has_is_a_mistake_and_one_that_is_there_speaks_at_once(serve, folder):
    write(folder, '{ voice: "tone" }')
    server = serve(folder=folder, voice=None)
    events = changes(server)
    write(folder, '{ voice: "nobody" }')
    _, _, event = events.next()
    assert event["mistakes"] == [{"line": 1, "column": 3}]
    write(folder, '{ voice: "rms" }')
    _, _, event = events.next()
    assert event["changed"] == ["voice"] and server.get("/v1/voices")["default"] == "rms"


def test_sighup_reads_the_file_and_ends_nothing(serve, folder):
    server = serve(folder=folder)
    events = changes(server)
    server.process.send_signal(signal.SIGHUP)
    _, _, event = events.next()
    assert event["state"] == "ok" and event["changed"] == []
    assert server.get("/health") == {"status": "ok"}


def test_a_server_whose_terminal_is_gone_ends_in_good_order(folder):
    ours, theirs = pty.openpty()
    process = subprocess.Popen([PROGRAM, "serve", "--data", str(folder), "--listen", "127.0.0.1:0", "--no-speaker"],
                               stdin=theirs, stdout=theirs, stderr=theirs, start_new_session=True,
                               preexec_fn=lambda: fcntl.ioctl(0, termios.TIOCSCTTY, 0),
                               env=clean_environment())
    os.close(theirs)
    said = b""
    while b"Ctrl-C" not in said:
        said += os.read(ours, 4096)
    os.close(ours)
    try:
        assert process.wait(20) == 0
    finally:
        process.kill()


def test_a_bound_token_learns_nothing_of_the_file(server):
    token = server.make_token(["events"], session_id="kitchen")
    assert "configuration" not in server.get("/status", token=token)
