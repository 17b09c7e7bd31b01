"""The engine is killed in mid-clause: nobody hears it."""

import os
import signal

import numpy

from hearsay import children, until

TEXT = ("The engine that speaks this long sentence is killed while it is speaking it, and nobody who listens can tell. "
        "There is a second sentence as well, because the worker must come back. And there is a third.")


def engines(server):
    return [pid for pid, name in children(server.pid).items() if name.startswith("hearsay-flite")]


def test_an_engine_killed_in_mid_clause_is_not_heard(serve, listen, controls):
    server = serve(voice="slt")
    expected = server.wav(TEXT)
    listener, control = listen(server), controls(server)
    assert until(lambda: engines(server)), "there is a worker"
    killed = 0
    job = control.speak(TEXT)
    for pid in engines(server):
        os.kill(pid, signal.SIGKILL)
        killed += 1
    listener.wait_sounding()
    for pid in engines(server):
        os.kill(pid, signal.SIGKILL)
        killed += 1
    assert control.end(job, 60)["type"] == "job.finished"
    assert killed >= 1
    assert numpy.array_equal(listener.sounded(job), expected)
    assert not listener.underruns()


def test_a_killed_engine_is_back_and_tells_so(serve, listen, controls):
    server = serve(voice="slt")
    listener, control = listen(server), controls(server)
    first = control.speak("Once.")
    assert control.end(first)["type"] == "job.finished"
    before = engines(server)
    for pid in before:
        os.kill(pid, signal.SIGKILL)
    second = control.speak("Once.")
    assert control.end(second)["type"] == "job.finished"
    assert numpy.array_equal(listener.sounded(first), listener.sounded(second))
    assert set(engines(server)) - set(before), "another worker is there"
