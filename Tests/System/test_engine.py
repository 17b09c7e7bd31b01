"""The engine is killed in mid-clause: nobody hears it."""

import os
import random
import signal
import time

import numpy
import pytest

from hearsay import children, until
from listener import Behaviour

TEXT = ("The engine that speaks this long sentence is killed while it is speaking it, and nobody who listens can tell. "
        "There is a second sentence as well, because the worker must come back. And there is a third.")


@pytest.fixture(scope="module")
def flite():
    from hearsay import Server
    server = Server(voice="slt")
    yield server
    server.close()


@pytest.fixture(scope="module")
def expected(flite):
    """The samples of an undisturbed run."""
    return flite.wav(TEXT)


def engines(server):
    return [pid for pid, name in children(server.pid).items() if name.startswith("hearsay-flite")]


def kill(server, dice=random.Random(0)):
    """Kills one worker: with two in the pool it may be the one that speaks or the one that waits."""
    assert until(lambda: engines(server)), "there is a worker"
    killed = dice.choice(engines(server))
    os.kill(killed, signal.SIGKILL)
    return killed


def is_ready(server):
    return any(engine["engine"] == "flite" and engine["state"] == "ready" for engine in server.get("/status")["engines"])


def test_an_engine_killed_when_the_first_sound_comes_is_not_heard(flite, expected, listen, controls):
    listener, control = listen(flite), controls(flite)
    job = control.speak(TEXT)
    listener.wait_sounding()
    kill(flite)
    assert control.end(job, 60)["type"] == "job.finished"
    assert numpy.array_equal(listener.sounded(job), expected)
    assert not listener.underruns()


def test_an_engine_killed_at_a_random_moment_changes_no_sample(flite, expected, listen, controls):
    listener, control = listen(flite, behaviour=Behaviour(instant=True)), controls(flite)
    for turn in range(12):
        assert until(lambda: is_ready(flite))
        job = control.speak(TEXT)
        time.sleep(random.Random(turn).uniform(0, 0.1))  # the moment of the accident
        kill(flite)
        end = control.end(job, 60)
        assert end["type"] == "job.finished", end
        assert numpy.array_equal(listener.received(job), expected)


def test_a_killed_engine_is_back(flite, listen, controls):
    listener, control = listen(flite), controls(flite)
    first = control.speak("Once.")
    assert control.end(first)["type"] == "job.finished"
    before = kill(flite)
    assert until(lambda: before not in engines(flite)), "the dead one is gone"
    second = control.speak("Once.")
    assert control.end(second)["type"] == "job.finished"
    assert numpy.array_equal(listener.sounded(first), listener.sounded(second))
    assert until(lambda: engines(flite)), "another worker is there"
