"""The server dies or is stopped: who waits is told the truth, and nothing speaks by itself afterwards."""

import os
import signal
import sqlite3

import pytest

from hearsay import Server, children, until
from listener import RATE

TEXT = "This sentence is much too long for the life of the server that is asked to say it."
SHORT = "Two words."


def test_a_server_killed_in_mid_sentence_is_exit_9_with_the_last_position(serve, listen, controls):
    server = serve()
    listener, control = listen(server), controls(server)
    saying = server.start("say", TEXT, "--json")
    control.wait(lambda each: each["type"] == "job.progress" and each["position_ms"] >= 500)
    server.kill()
    outcome = saying.outcome()
    assert outcome.code == 9, outcome
    position = outcome.lines[-1]["position_ms"]
    last = max(each["position_ms"] for each in control.messages if each["type"] == "job.progress")
    assert 0 < position <= listener.sounded().size * 1000 // RATE
    assert abs(position - last) <= 300, (position, last)


def test_a_server_killed_in_mid_sentence_says_so_in_words(serve, listen):
    server = serve()
    listener = listen(server)
    saying = server.start("say", TEXT)
    listener.wait(lambda each: each.sounded().size > RATE // 2)
    server.kill()
    outcome = saying.outcome()
    assert outcome.code == 9 and outcome.err.strip(), outcome


def test_nothing_is_spoken_by_itself_after_a_restart(serve, listen, controls):
    server = serve()
    listener, control = listen(server), controls(server)
    jobs = [control.speak(TEXT), control.speak(SHORT), control.speak("Three.")]
    control.event("job.started", jobs[0])
    workers = children(server.pid)
    server.kill()
    again = serve(folder=server.data)
    fresh, watching = listen(again), controls(again)
    job = watching.speak(SHORT)
    assert watching.end(job)["type"] == "job.finished"
    assert {piece.job for piece in fresh.pieces} == {job}, "only what was asked of the new server sounded"
    assert again.player_token == server.player_token, "the player link still works"
    assert until(lambda: not [pid for pid in workers if os.path.exists(f"/proc/{pid}")]), "no worker outlives its server"


def test_workers_do_not_outlive_a_killed_server(serve):
    server = serve(voice="slt")
    server.wav("Hello.")
    workers = children(server.pid)
    assert workers
    server.kill()
    assert until(lambda: not [pid for pid in workers if os.path.exists(f"/proc/{pid}")], 5), workers


@pytest.mark.parametrize("how", ["SIGTERM", "SIGINT", "hearsay stop"])
def test_an_orderly_stop_lets_the_sounding_sentence_end(serve, listen, controls, how):
    server = serve(voice="slt")
    listener, control = listen(server), controls(server)
    expected = server.wav(SHORT)
    job = control.speak(SHORT)
    control.event("job.started", job)
    workers = children(server.pid)
    if how == "hearsay stop":
        stopping = server.run("stop")
        assert stopping.code == 0, stopping
    else:
        server.process.send_signal(getattr(signal, how))
    control.wait(lambda each: each["type"] == "server.stopping")
    assert server.process.wait(10) == 0
    assert control.event("job.finished", job)["heard"] == "confirmed"
    assert (listener.sounded(job) == expected).all()
    assert_left_clean(server, workers)


def test_a_stop_waits_no_longer_than_five_seconds(serve, listen, controls):
    import time
    server = serve()
    listen(server)
    control = controls(server)
    job = control.speak(" ".join(["endless"] * 60))
    waiting = control.speak(SHORT)
    control.event("job.started", job)
    began = time.monotonic()
    server.process.send_signal(signal.SIGTERM)
    assert server.process.wait(15) == 0
    assert 3 < time.monotonic() - began < 8, time.monotonic() - began
    assert [control.end(each)["type"] for each in (job, waiting)] == ["job.failed", "job.failed"]
    assert_left_clean(server, {})


def test_an_idle_server_stops_at_once_and_twice_stopped_is_exit_7(serve):
    import time
    server = serve(voice="slt")
    workers, began = children(server.pid), time.monotonic()
    assert server.terminate() == 0
    assert time.monotonic() - began < 3
    assert_left_clean(server, workers)
    assert server.run("stop").code == 7


def test_new_jobs_are_refused_while_it_stops(serve, listen, controls):
    server = serve()
    listen(server)
    control = controls(server)
    control.event("job.started", control.speak(TEXT))
    server.process.send_signal(signal.SIGTERM)
    control.wait(lambda each: each["type"] == "server.stopping")
    control.socket.send('{"type":"speak","req":"late","text":"Too late."}')
    answer = control.wait(lambda each: each.get("req") == "late")
    assert answer["type"] == "error" and answer["code"] == "server_stopping", answer
    assert server.process.wait(10) == 0


def assert_left_clean(server, workers):
    """No child, no half-written file, a database that is whole."""
    assert not [pid for pid in workers if os.path.exists(f"/proc/{pid}")], workers
    names = [path.name for path in server.data.rglob("*")]
    assert not [name for name in names if name.endswith((".tmp", ".part", ".new")) or name.startswith(".")], names
    with sqlite3.connect(server.data / "hearsay.db") as database:
        assert database.execute("pragma integrity_check").fetchone() == ("ok",)
    again = Server(folder=server.data)
    again.close()
