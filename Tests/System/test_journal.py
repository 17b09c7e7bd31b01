"""The journal: what was said is kept, what was cut off is told, and nothing is spoken twice, whenever the server dies."""

import json
import random
import sqlite3
import time

import pytest

from hearsay import ENDS, run, until

LONG = "This sentence is much too long for the life of the server that is asked to say it."
SHORT = "Two words."
ROUNDS = 30


def told(server):
    """The ends that a server told before it took its first request, by job."""
    answer = server.get("/v1/jobs?limit=1000")
    return {job["job_id"]: job for job in answer["jobs"]}


def test_a_server_killed_at_any_moment_starts_nothing_twice_and_tells_what_was_cut(serve, listen, controls):
    """Each round starts the server anew, on odd ones with --resume-queue, asks for three sentences and kills it."""
    chance = random.Random(4)
    server = serve()
    folder, lives, texts, keys = server.data, [], {}, {}
    for number in range(ROUNDS):
        listener, control = listen(server), controls(server)
        for index, text in enumerate((SHORT, "Here are some more words to be said.", SHORT)):
            key = f"{number}-{index}"
            body = {"text": f"{text} {key}", "idempotency_key": key}
            job = server.ask("POST", "/v1/speak", body).json["job_id"]
            texts[job], keys[job] = body["text"], body
        time.sleep(chance.choice((0.02, 0.2, 1.5)) * chance.random())
        server.kill()
        listener.thread.join(0.05)  # what is on its way has come
        lives.append({playing.job for playing in listener.playings.values() if playing.came})
        ended = {each["job_id"] for each in control.messages if each["type"] in ENDS}
        resumes = number % 2 == 1
        server = serve(*(["--resume-queue"] if resumes else []), folder=folder)
        known = told(server)
        for job, text in texts.items():
            state = known[job]
            assert state["status"] in ("finished", "failed") or resumes, state
            if state["status"] == "failed":
                assert state["code"] == "server_restarted" and job not in ended, state
                assert state["delivered_text"] + state["unspoken_text"] == text, state
            if not resumes:
                continue
            assert server.ask("POST", "/v1/speak", keys[job]).json["job_id"] == job, "the key survives"
    seen = [job for life in lives for job in life]
    assert len(seen) == len(set(seen)), "a job sounded in two lives"
    assert len(seen) >= ROUNDS // 2, "the rounds were too short to tell anything"
    server.close()
    with sqlite3.connect(folder / "hearsay.db") as database:
        steps = database.execute("SELECT count(*) FROM job_steps WHERE kind = 'ended' GROUP BY job").fetchall()
    assert set(steps) == {(1,)} and len(steps) == len(texts), "every job has its one end"


def test_what_was_cut_is_told_before_the_first_request(serve, listen, controls):
    server = serve()
    listen(server)
    control = controls(server)
    sounding, waiting = control.speak(LONG), control.speak(SHORT)
    control.wait(lambda each: each["type"] == "job.progress" and each["position_ms"] >= 2_000)
    server.kill()
    again = serve(folder=server.data)
    facts = server_facts(again)
    ends = {each["job_id"]: each for each in facts if each["type"] == "job.failed"}
    assert set(ends) == {sounding, waiting}
    assert all(each["code"] == "server_restarted" for each in ends.values())
    cut = ends[sounding]
    assert cut["delivered_text"] + cut["unspoken_text"] == LONG
    assert 500 <= cut["position_ms"] <= 2_500 and cut["delivered_text"] and cut["estimated"]
    assert (ends[waiting]["delivered_text"], ends[waiting]["unspoken_text"]) == ("", SHORT)
    assert again.get(f"/v1/jobs/{sounding}")["code"] == "server_restarted"


def server_facts(server):
    """Every fact of a server, the oldest first, by the replay of a WebSocket."""
    from control import Control
    control = Control(server.port, server.admin_token)
    first = control.ask("subscribe", events=["*"], last_seq=0)
    facts = lambda: [each for each in control.messages if "v" in each and "seq" in each]
    assert until(lambda: len(facts()) >= first["seq"] - first["oldest"] + 1, 10), (first, len(facts()))
    facts = facts()
    control.close()
    return facts


def test_a_resumed_queue_is_spoken_in_its_order_under_its_ids(serve, listen, controls):
    server = serve()
    control = controls(server)
    server.ask("POST", "/v1/sessions", {"session_id": "builds", "name": "Builds"})
    jobs = [control.speak(f"{SHORT} {number}", expires_in_ms=60_000, session_id="builds") for number in range(3)]
    private = control.speak("A secret.", private=True, expires_in_ms=60_000)
    server.kill()
    again = serve("--resume-queue", folder=server.data)
    assert [each["name"] for each in again.get("/v1/sessions")["sessions"] if each["session_id"] == "builds"] == ["Builds"]
    assert again.get(f"/v1/jobs/{private}")["code"] == "server_restarted", "its text is not kept"
    listener, watching = listen(again, scope="*"), controls(again)
    for job in jobs:
        assert watching.end(job)["type"] == "job.finished"
    assert [piece.job for piece in listener.pieces] == jobs


def test_the_same_key_and_body_give_the_same_job(server, listen, controls):
    listen(server)
    body = {"text": SHORT, "idempotency_key": "once"}
    first = server.ask("POST", "/v1/speak?wait=finished", body)
    again = server.ask("POST", "/v1/speak?wait=finished", {"idempotency_key": "once", "text": SHORT})
    assert again.json["job_id"] == first.json["job_id"] and again.json["status"] == "finished"
    control = controls(server)
    assert control.ask("speak", **body)["job_id"] == first.json["job_id"], "on a WebSocket too"
    other = server.ask("POST", "/v1/speak", {**body, "text": "Something else."})
    assert (other.status, other.error["code"], other.error["field"]) == (409, "idempotency_conflict", "idempotency_key")
    token = server.make_token(["speak"])
    assert server.ask("POST", "/v1/speak", body, token=token).json["job_id"] != first.json["job_id"], "keys belong to a token"


def test_many_requests_at_once_under_one_key_make_one_job(server):
    from concurrent.futures import ThreadPoolExecutor
    body = {"text": SHORT, "idempotency_key": "many", "deliver": "none"}
    with ThreadPoolExecutor(16) as pool:
        answers = list(pool.map(lambda _: server.ask("POST", "/v1/speak", body), range(64)))
    assert {answer.status for answer in answers} == {202} and len({answer.json["job_id"] for answer in answers}) == 1


@pytest.mark.parametrize("key", ["", "x" * 257, 7])
def test_a_key_is_1_to_256_bytes(server, key):
    answer = server.ask("POST", "/v1/speak", {"text": SHORT, "idempotency_key": key})
    assert answer.status == 400 and answer.error["field"] == "idempotency_key", answer


def test_jobs_are_paged_and_searched(serve):
    server = serve()
    server.ask("POST", "/v1/sessions", {"session_id": "builds"})
    texts = [f"The {fruit} is ripe, 100% so." for fruit in ("apple", "pear", "Apple pie", "plum", "cherry")]
    for index, text in enumerate(texts):
        session = "builds" if index == 3 else "default"
        server.ask("POST", "/v1/speak?wait=finished", {"text": text, "deliver": "none", "session_id": session})
    shown, cursor = [], ""
    while True:
        page = server.get(f"/v1/jobs?limit=2{cursor}")
        shown += [job["text_preview"] for job in page["jobs"]]
        if "next" not in page:
            break
        cursor = f"&before={page['next']}"
    assert shown == texts[::-1]
    found = lambda query: [job["text_preview"] for job in server.get(f"/v1/jobs?{query}")["jobs"]]
    assert found("q=apple") == [texts[2], texts[0]]
    assert found("q=100%25%20so&session=builds") == [texts[3]]
    assert found("q=_") == [], "no character stands for others"
    assert found("status=finished&limit=1") == [texts[4]]
    assert found("status=failed,held") == []
    assert found("since=2020-01-01&limit=1") == [texts[4]] and found("since=2099-01-01T00:00:00Z") == []
    for query in ("limit=0", "limit=1001", "limit=x", "status=asleep", "since=yesterday", "format=xml", "before=-1"):
        assert server.ask("GET", f"/v1/jobs?{query}").status == 400, query


def test_a_job_is_shown_with_its_timeline_also_after_a_restart(serve, listen):
    server = serve()
    listener = listen(server)
    job = server.ask("POST", "/v1/speak?wait=finished", {"text": SHORT}).json["job_id"]
    shown = server.get(f"/v1/jobs/{job}")
    assert shown["text"] == SHORT
    assert until(lambda: len(server.get(f"/v1/jobs/{job}")["timeline"]) == 4), server.get(f"/v1/jobs/{job}")
    server.terminate()
    again = serve(folder=server.data)
    kept = again.get(f"/v1/jobs/{job}")
    assert [step["event"] for step in kept["timeline"]] == ["accepted", "begun", "started", "ended"]
    assert kept["timeline"][2]["listeners"] == [listener.id]
    assert kept["status"] == "finished" and kept["heard"] == "confirmed" and kept["duration_ms"] == shown["duration_ms"]


def test_a_bound_token_sees_only_its_session(serve):
    server = serve()
    server.ask("POST", "/v1/sessions", {"session_id": "builds"})
    own = server.ask("POST", "/v1/speak", {"text": SHORT, "deliver": "none", "session_id": "builds"}).json["job_id"]
    other = server.ask("POST", "/v1/speak", {"text": SHORT, "deliver": "none"}).json["job_id"]
    bound = server.make_token(["speak", "events"], session_id="builds")
    room = server.make_token(["speak", "events"], room="studio")
    server.terminate()
    again = serve(folder=server.data)
    assert [job["job_id"] for job in again.get("/v1/jobs?limit=10", token=bound)["jobs"]] == [own]
    assert own.encode() in again.ask("GET", "/v1/jobs?format=jsonl", token=bound).data
    assert other.encode() not in again.ask("GET", "/v1/jobs?format=jsonl", token=bound).data
    assert again.ask("GET", "/v1/jobs?session=default", token=bound).error["code"] == "unknown_session"
    assert again.ask("GET", f"/v1/jobs/{other}", token=bound).error["code"] == "unknown_job"
    assert again.get("/v1/jobs?limit=10", token=room)["jobs"] == []
    assert again.ask("GET", "/v1/jobs?format=jsonl", token=room).data == b""


def test_an_export_is_one_line_for_each_job_the_oldest_first(serve):
    server = serve()
    jobs = [server.ask("POST", "/v1/speak", {"text": f"Number {number}.", "deliver": "none"}).json["job_id"] for number in range(230)]
    assert until(lambda: len(server.get("/v1/jobs?limit=1000")["jobs"]) == 230)
    answer = server.ask("GET", "/v1/jobs?format=jsonl")
    lines = [json.loads(line) for line in answer.data.splitlines()]
    assert answer.headers["content-type"].startswith("application/x-ndjson")
    assert [line["job_id"] for line in lines] == jobs and lines[7]["text"] == "Number 7."
    exported = server.run("jobs", "--export")
    assert exported.code == 0 and [line["job_id"] for line in exported.lines] == jobs
    listed = server.run("jobs", "--search", "number 22", "--limit", "3")
    assert listed.code == 0 and "Number 229." in listed.out and len(listed.out.splitlines()) == 4, listed
    assert [line["job_id"] for line in server.run("jobs", "--limit", "2", "--json").lines] == jobs[:-3:-1]


def test_the_text_of_a_private_job_is_on_no_disk(serve, listen):
    server = serve()
    listen(server)
    job = server.ask("POST", "/v1/speak?wait=finished", {"text": "Zanzibar by night.", "private": True, "idempotency_key": "p"}).json["job_id"]
    server.kill()
    assert not any(b"Zanzibar" in path.read_bytes() for path in server.data.rglob("*") if path.is_file())
    again = serve(folder=server.data)
    kept = again.get(f"/v1/jobs/{job}")
    assert kept["private"] and kept["characters"] == 18 and "text" not in kept and not kept["text_preview"]
    assert b"Zanzibar" not in again.ask("GET", "/v1/jobs?format=jsonl").data


def test_old_jobs_are_forgotten(serve):
    server = serve()
    for number in range(3):
        server.ask("POST", "/v1/speak?wait=finished", {"text": SHORT, "deliver": "none"})
    keyed = server.ask("POST", "/v1/speak?wait=finished", {"text": SHORT, "deliver": "none", "idempotency_key": "k"}).json["job_id"]
    server.terminate()
    with sqlite3.connect(server.data / "hearsay.db") as database:
        database.execute("UPDATE jobs SET accepted_at = accepted_at - 100000000 WHERE number < 3 OR id = ?", (keyed,))
    again = serve("--keep-jobs", "1d", folder=server.data)
    assert until(lambda: len(again.get("/v1/jobs?limit=10")["jobs"]) == 2), "the young one and the one whose key is known"


def test_a_journal_keeps_to_its_size(serve):
    server = serve()
    text = "word " * 12_000
    for number in range(12):
        server.ask("POST", "/v1/speak", {"text": f"{number} {text}", "deliver": "none"})
    server.ask("POST", "/v1/abort", {"scope": "all"})
    server.terminate()
    before = (server.data / "hearsay.db").stat().st_size
    again = serve("--keep-jobs-size", "200K", folder=server.data)
    assert until(lambda: len(again.get("/v1/jobs?limit=100")["jobs"]) < 12)
    again.terminate()
    assert (server.data / "hearsay.db").stat().st_size < before / 2


def test_a_backup_of_the_running_server_can_be_restored(serve, tmp_path):
    server = serve()
    job = server.ask("POST", "/v1/speak?wait=finished", {"text": SHORT, "deliver": "none"}).json["job_id"]
    token = server.make_token(["speak"])
    copy = tmp_path / "copy.db"
    made = run("backup", str(copy), "--data", str(server.data))
    assert made.code == 0 and copy.stat().st_mode & 0o777 == 0o600, made
    again = run("backup", str(copy), "--data", str(server.data))
    assert again.code == 8 and "exists" in again.err, again
    later = server.ask("POST", "/v1/speak?wait=finished", {"text": "Too late.", "deliver": "none"}).json["job_id"]
    server.terminate()
    for name in ("hearsay.db", "hearsay.db-wal", "hearsay.db-shm"):
        (server.data / name).unlink(missing_ok=True)
    (server.data / "hearsay.db").write_bytes(copy.read_bytes())
    restored = serve(folder=server.data)
    assert restored.get(f"/v1/jobs/{job}", token=token)["status"] == "finished"
    assert restored.ask("GET", f"/v1/jobs/{later}").status == 404


def test_a_backup_with_a_slash_is_a_folder_with_the_recordings_that_the_database_names(serve, tmp_path):
    server = serve()
    kept = server.data / "recordings" / "block-20261121_005803"
    kept.mkdir(parents=True)
    (kept / "block.wav").write_bytes(b"RIFF" + bytes(100_000))
    (kept / "first_draft.txt").write_text("It was said.")
    (server.data / "recordings" / "stray").mkdir()
    with sqlite3.connect(server.data / "hearsay.db") as database:
        database.execute("PRAGMA foreign_keys = OFF")
        columns = {row[1]: row[2] for row in database.execute("PRAGMA table_info(recordings)")}
        for path in (kept, server.data / "recordings" / "gone"):
            values = [str(path) if name == "path" else len(str(path)) for name in columns]
            database.execute(f"INSERT INTO recordings VALUES ({', '.join('?' * len(columns))})", values)
    made = run("backup", f"{tmp_path}/copy/", "--data", str(server.data), "--json")
    assert made.code == 0 and made.lines[-1]["recordings"] == 1, made
    copy = tmp_path / "copy"
    assert copy.stat().st_mode & 0o777 == 0o700
    assert sorted(path.name for path in (copy / "recordings").iterdir()) == [kept.name]
    assert (copy / "recordings" / kept.name / "block.wav").read_bytes() == (kept / "block.wav").read_bytes()
    with sqlite3.connect(copy / "hearsay.db") as database:
        assert database.execute("SELECT count(*) FROM recordings").fetchone() == (2,)
    assert run("backup", f"{tmp_path}/copy/", "--data", str(server.data)).code == 8


def test_a_backup_says_why_it_was_not_made(serve, tmp_path):
    server = serve()
    assert run("backup", str(tmp_path / "x.db"), "--data", str(tmp_path / "nothing")).code == 8
    assert not (tmp_path / "x.db").exists()
    nowhere = run("backup", str(tmp_path / "none" / "x.db"), "--data", str(server.data))
    assert nowhere.code == 8 and nowhere.err, nowhere


def test_a_newer_database_is_refused_in_clear_words(serve):
    server = serve()
    server.terminate()
    with sqlite3.connect(server.data / "hearsay.db") as database:
        database.execute("PRAGMA user_version = 99")
    outcome = run("serve", "--data", str(server.data), "--listen", "127.0.0.1:0")
    assert outcome.code == 8 and "newer hearsay" in outcome.err, outcome


def test_a_damaged_database_is_told_with_the_remedy(serve):
    server = serve()
    for number in range(60):
        server.ask("POST", "/v1/speak", {"text": f"{number} " + "word " * 500, "deliver": "none"})
    server.terminate()
    path = server.data / "hearsay.db"
    whole = path.read_bytes()
    path.write_bytes(b"not a database" * 300)
    outcome = run("serve", "--data", str(server.data), "--listen", "127.0.0.1:0")
    assert outcome.code == 8 and "damaged" in outcome.err and "backup" in outcome.err, outcome
    assert len(whole) > 20 * 4096
