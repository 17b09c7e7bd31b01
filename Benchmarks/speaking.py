"""How long a request waits: for its answer, and for its first sound on the wire."""

import time

from hearsay import Server
from listener import RATE, Listener
from report import Figure
from talk import Talk
from wyoming import Worker

SENTENCE = "Every sentence of this text has about the same length and ends with a full stop. "
TEXTS = {
    "short": ("Good morning.", "Good morning."),
    "80": (SENTENCE.strip(), SENTENCE.strip()),
    "300": ((SENTENCE * 4)[:300], SENTENCE.strip()),
}


def listening(server, session="default"):
    """A connection with a ready listener on it."""
    talk = Talk(server.port, server.admin_token)
    opened = talk.ask("listener.open", kind="bench", session_id=session, formats=["pcm_s16"], sample_rate=RATE)
    talk.listener = opened["listener_id"]
    talk.ask("listener.state", listener_id=talk.listener, ready=True)
    return talk


def replies(quick):
    """Answers to `speak` while one job sounds and 100 wait: each job asked for is taken back, so there stay 100."""
    server = Server(voice="tone")
    talk, listener = Talk(server.port, server.admin_token), Listener(server.port, server.admin_token)
    talk.ask("speak", text=" ".join(["endless"] * 500))
    listener.wait_sounding()
    for number in range(100):
        talk.ask("speak", text=f"Number {number} of a hundred sentences waits for its turn.", expires_in_ms=600_000)
    times = []
    for number in range(30 if quick else 1_000):
        began = time.perf_counter()
        answer = talk.ask("speak", text="This is the hundred and first sentence.", expires_in_ms=600_000)
        times.append((time.perf_counter() - began) * 1000)
        talk.ask("abort", scope="job", job_id=answer["job_id"])
        talk.kept.clear()
    talk.close()
    listener.close()
    server.close()
    yield Figure("reply to `speak` while a job sounds and 100 are queued", times, bars={99: 5})


def first_frames(quick):
    server, worker = Server(voice="slt"), Worker()
    talk = listening(server)
    talk.ask("subscribe", events=["job.finished", "job.aborted", "job.failed"])
    totals, extras = {name: [] for name in TEXTS}, {name: [] for name in TEXTS}
    for turn in range(6 if quick else 42):
        for name, (text, clause) in TEXTS.items():
            own = worker.first_audio(clause)
            total = first_frame(talk, text)
            if turn >= 2:
                totals[name].append(total * 1000)
                extras[name].append((total - own) * 1000)
    talk.close()
    worker.close()
    server.close()
    for name in TEXTS:
        yield Figure(f"`speak` to first frame, {name} text, over the engine's own time", extras[name], bars={50: 10, 95: 25},
                     note="less the time in which a worker of our own, asked directly in the same turn, gives its first samples of the first clause")
    for name in TEXTS:
        yield Figure(f"`speak` to first frame, {name} text, in all", totals[name])
    ratios = [long / short for long, short in zip(sorted(totals["300"]), sorted(totals["80"]))]
    yield Figure("300 characters begin later than 80 by", ratios, unit="times", bars={50: 1.5},
                 note="rank by rank of both samples")


def first_frame(talk, text, **fields):
    """Seconds from asking to the first samples on the listener's socket; the job is then taken back."""
    began = time.perf_counter()
    talk.say("speak", req="bench", text=text, **fields)
    job = None
    while True:
        message = talk.next()
        if isinstance(message, bytes) and message[1] == 2:
            first = time.perf_counter() - began
            break
        job = message["job_id"] if isinstance(message, dict) and message.get("req") == "bench" else job
    while job is None:
        message = talk.next()
        job = message["job_id"] if isinstance(message, dict) and message.get("req") == "bench" else job
    talk.say("playback", job_id=job, listener_id=talk.listener, state="started", position_ms=0)
    talk.say("abort", req="back", scope="job", job_id=job)
    while True:
        message = talk.next()
        if isinstance(message, bytes) and message[1] == 4:
            talk.say("playback", job_id=job, listener_id=talk.listener, state="flushed", position_ms=0)
        if isinstance(message, dict) and message["type"] in ("job.aborted", "job.finished", "job.failed") and message["job_id"] == job:
            return first
