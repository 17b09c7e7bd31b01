"""What others do to a server that hears: operators, subscribers, strangers, and whatever kills a process."""

import dataclasses
import os
import pathlib
import signal
import time

from hearsay import children
from talk import Talk

BAD_COMMANDS = [
    ("source.open", {}), ("source.open", {"codec": "mp3", "sample_rate": 16_000}), ("source.open", {"codec": "pcm_s16", "sample_rate": 1e300}),
    ("source.open", {"codec": "opus", "sample_rate": 44_100}), ("source.open", {"codec": "pcm_s16", "sample_rate": 16_000, "channels": 33}),
    ("source.open", {"codec": "pcm_s16", "sample_rate": 16_000, "session_id": "nobody"}), ("source.update", {"source_id": "nobody"}),
    ("source.open", {"codec": "pcm_s16", "sample_rate": 16_000, "vad": {"threshold": 2}}), ("source.close", {}), ("source.close", {"source_id": 7}),
    ("source.open", {"codec": "pcm_s16", "sample_rate": 16_000, "stt": {"engine": "nobody"}}), ("source.flush", {"source_id": "x" * 200}),
]


@dataclasses.dataclass
class Trouble:
    per_minute: float
    perform: object  # called with the house and a source of chance


def operates(house, chance):
    """Somebody else changes a source, which its client is told."""
    source = house.witness.some_source(chance)
    command = chance.choice(["pause", "resume", "resume", "flush", "update", "close"])
    fields = {"vad": {"silence_ms": chance.randint(200, 900)}} if command == "update" else {}
    with house.doors:
        if command == "close":
            house.witness.allow(source, "closed")
        answer = house.order(f"source.{command}", source_id=source, **fields)
    assert answer["type"] == "ok" or answer["code"] in ("unknown_source", "missing_field", "malformed"), answer


def changes_the_recogniser(house, chance):
    if source := house.witness.some_source(chance, lambda life: life.has_read):
        answer = house.order("source.update", source_id=source, stt={"engine": chance.choice(["none", house.recogniser, house.recogniser])})
        assert answer["type"] == "ok" or answer["code"] == "unknown_source", answer


def ends_a_session(house, chance):
    session = chance.choice(house.sessions)
    with house.doors:
        for source in house.server.get("/v1/sources")["sources"]:
            if source["session_id"] == session:
                house.witness.allow(source["source_id"], "session_ended")
        for command in ("session.end", "session.start"):
            answer = house.order(command, session_id=session)
            assert answer["type"] == "ok", answer


def visits(house, chance):
    """A subscriber comes, hears what was told lately and what is told now, and goes."""
    talk = Talk(house.server.port, house.server.admin_token)
    wanted = chance.choice([["*"], ["*"], ["speech.*", "transcript.*"], ["level"], ["source.*"]])
    last = max(0, house.witness.last - chance.randint(0, 500))
    assert talk.ask("subscribe", events=wanted, last_seq=last)["type"] == "ok"
    until = time.monotonic() + chance.random() * 5
    while (left := until - time.monotonic()) > 0:
        try:
            told = talk.next(left)
        except TimeoutError:
            break
        assert told["type"] != "events.lost", told
        if number := told.get("seq"):
            assert number == last + 1 if wanted == ["*"] else number > last, f"fact {number} follows {last}"
            last = number
    talk.close()


def sends_bad_commands(house, chance):
    talk = Talk(house.server.port, house.server.admin_token)
    for command, fields in chance.sample(BAD_COMMANDS, 4):
        answer = talk.ask(command, **fields)
        assert answer["type"] == "error" and answer["code"] and answer["message"], (command, fields, answer)
    talk.close()


def looks(house, chance):
    path = chance.choice(["/v1/sources", "/v1/sources", "/status", "/metrics", "/v1/engines", "/v1/transcripts", "/v1/drafts"])
    answer = house.server.ask("GET", path)
    assert answer.status == 200, answer
    if path == "/v1/sources":
        assert len(answer.json["sources"]) <= house.most_sources, "there are more sources than there may be"


def workers(pid):
    """The processes of the server that find speech or read it."""
    for child, name in children(pid).items():
        try:
            words = pathlib.Path(f"/proc/{child}/cmdline").read_bytes().split(b"\0")
        except OSError:
            continue  # It ended meanwhile.
        if b"--vad" in words or name.startswith("hearsay-pocket"):
            yield child


def kills_a_worker(house, chance):
    if found := sorted(workers(house.server.pid)):
        os.kill(chance.choice(found), signal.SIGKILL)


TROUBLES = [
    Trouble(20, operates), Trouble(4, changes_the_recogniser), Trouble(1, ends_a_session), Trouble(15, visits),
    Trouble(10, sends_bad_commands), Trouble(20, looks), Trouble(2, kills_a_worker),
]
