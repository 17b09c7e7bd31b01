"""The server's own costs: to start, to idle, to be there."""

import socket
import subprocess
import tempfile
import time

import speaking
from hearsay import PROGRAM, Server, children, clean_environment, resident
from report import Figure

HEALTH = b"GET /health HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n"


def starts(quick):
    with tempfile.TemporaryDirectory() as folder:
        again = [start(folder) for _ in range(3 if quick else 21)][1:]
    first = []
    for _ in range(3 if quick else 20):
        with tempfile.TemporaryDirectory() as folder:
            first.append(start(folder))
    yield Figure("start until `/health` answers", again, bars={50: 100})
    yield Figure("first start on an empty data folder until `/health` answers", first, bars={50: 100})


def start(folder):
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    began = time.perf_counter()
    process = subprocess.Popen([PROGRAM, "serve", "--data", folder, "--listen", f"127.0.0.1:{port}", "--no-speaker"],
                               stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, env=clean_environment())
    while not answers(port):
        assert process.poll() is None and time.perf_counter() - began < 20, "it does not start"
        time.sleep(0.001)
    took = (time.perf_counter() - began) * 1000
    process.terminate()
    process.wait(10)
    return took


def answers(port):
    try:
        with socket.create_connection(("127.0.0.1", port), 5) as connection:
            connection.sendall(HEALTH)
            return connection.recv(64).startswith(b"HTTP/1.1 200")
    except ConnectionError:
        return False


def idle(quick):
    seconds = 2 if quick else 20
    server = Server(voice="slt")
    time.sleep(1 if quick else 5)
    alone = [share(server.pid, seconds)]
    workers = [sum(share(pid, 0.5 if quick else 5) for pid in children(server.pid))]
    talk = speaking.listening(server)
    attended = [share(server.pid, seconds)]
    talk.close()
    server.close()
    note = f"over {seconds} s, by the process's own clock"
    yield Figure("idle server, processor", alone, unit="%", bars={50: 0.1}, note=note)
    yield Figure("idle server with an idle listener, processor", attended, unit="%", bars={50: 0.1}, note=note)
    yield Figure("idle workers, processor", workers, unit="%")


def share(pid, seconds):
    """Percent of one core that a process took."""
    before, began = spent(pid), time.monotonic()
    time.sleep(seconds)
    return (spent(pid) - before) / (time.monotonic() - began) * 100


def spent(pid):
    """Seconds on a core, over all threads that are and were; `/proc/PID/stat` counts whole hundredths only, this nanoseconds."""
    # What clock_getcpuclockid(3) makes of a process id on Linux.
    return time.clock_gettime(~pid << 3 | 2)


def memory(quick):
    mega = 1_000_000
    server = Server(voice="slt")
    server.wav("Good morning.")
    fresh = [resident(server.pid) / mega]
    workers = [sum(resident(pid) for pid in children(server.pid)) / mega]
    talk = speaking.listening(server)
    talk.ask("subscribe", events=["job.finished", "job.aborted", "job.failed"])
    for number in range(20 if quick else 200):
        speaking.first_frame(talk, f"Sentence number {number} is begun and taken back.")
    used = [resident(server.pid) / mega]
    talk.close()
    server.close()
    yield Figure("resident memory after one sentence, without workers", fresh, unit="MB", bars={50: 60})
    yield Figure("resident memory after 200 sentences, without workers", used, unit="MB", bars={50: 60})
    yield Figure("resident memory of all workers", workers, unit="MB")
