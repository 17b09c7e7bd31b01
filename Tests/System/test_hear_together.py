"""`hearsay hear` among others: names that are used again, operators, outages, several servers."""

import fcntl
import pathlib
import subprocess
import threading
import time
import wave

import pytest

from bad_line import BadLine
from hearsay import PROGRAM, Running, clean_environment, run, until

# Debian's package pocketsphinx-testdata.
GO = pathlib.Path("/usr/share/pocketsphinx/test/data/goforward.raw").read_bytes()
WORDS = "go forward ten meters"
GAP = bytes(80_000)
PIPE_SIZE = 4_096


def recording(path, samples):
    with wave.open(str(path), "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(16_000)
        file.writeframes(samples)
    return str(path)


@pytest.fixture(scope="module")
def note(tmp_path_factory):
    """Two sentences: 10 s."""
    return recording(tmp_path_factory.mktemp("hear") / "note.wav", bytes(16_000) + 2 * (GO + GAP))


@pytest.fixture(scope="module")
def talkative(tmp_path_factory):
    """Four sentences: 20 s."""
    return recording(tmp_path_factory.mktemp("hear") / "talkative.wav", bytes(16_000) + 4 * (GO + GAP))


def follow(talk, server, *events, **fields):
    follower = talk(server)
    follower.ask("subscribe", events=list(events), **fields)
    return follower


def finals(follower, count):
    return [follower.until("transcript.final", 120)["text"] for _ in range(count)]


# Names that are used again


def test_a_name_that_is_used_again_is_heard_from_its_first_word(server, talk, note, talkative):
    follower = follow(talk, server, "transcript.final", sources=["again"])
    first = server.start("hear", "--source", talkative, "--name", "again", "--no-revise")
    finals(follower, 2)
    first.process.kill()
    second = server.run("hear", "--source", note, "--fast", "--plain", "--no-revise", "--name", "again", seconds=120)
    assert (second.code, second.out) == (0, f"{WORDS}\n{WORDS}\n"), second.said


def test_an_old_mark_swallows_nothing(serve, talk, note, talkative, tmp_path):
    """The server has forgotten the source, and knows how far it was understood."""
    first = serve(folder=tmp_path / "data")
    follower = follow(talk, first, "transcript.final")
    client = first.start("hear", "--source", talkative, "--name", "again", "--no-revise")
    finals(follower, 2)
    client.process.kill()
    first.terminate()
    second = serve(folder=tmp_path / "data")
    result = second.run("hear", "--source", note, "--fast", "--plain", "--no-revise", "--name", "again", seconds=120)
    assert (result.code, result.out) == (0, f"{WORDS}\n{WORDS}\n"), result.said


def test_who_loses_his_name_to_another_is_told(server, talk, note, talkative):
    follower = follow(talk, server, "speech.started", sources=["twice"])
    first = server.start("hear", "--source", talkative, "--name", "twice", "--plain", "--no-revise")
    follower.until("speech.started", 60)
    second = server.run("hear", "--source", note, "--fast", "--name", "twice", "--plain", "--no-revise", seconds=120)
    assert (second.code, second.out) == (0, f"{WORDS}\n{WORDS}\n"), second.said
    loser = first.outcome(60)
    assert loser.code == 10 and "another client began a source of this name" in loser.err, loser.said


# Operators


def test_a_source_that_is_closed_elsewhere_tells_its_last_text(server, talk, talkative):
    operator = follow(talk, server, "speech.stopped", sources=["closed"])
    client = server.start("hear", "--source", talkative, "--name", "closed", "--plain", "--no-revise")
    operator.until("speech.stopped", 60)
    assert operator.ask("source.close", source_id="closed")["type"] == "ok"
    result = client.outcome(60)
    assert (result.code, result.out) == (10, WORDS + "\n"), result.said
    assert "ended from elsewhere" in result.err and "refuse" not in result.err


def test_a_source_whose_session_ends_tells_its_last_text(server, talk, talkative):
    operator = talk(server)
    operator.ask("session.start", session_id="brief")
    operator.ask("subscribe", events=["speech.stopped"], sources=["brief"])
    client = server.start("hear", "--source", talkative, "--name", "brief", "--session", "brief", "--plain", "--no-revise")
    operator.until("speech.stopped", 60)
    operator.ask("session.end", session_id="brief")
    result = client.outcome(60)
    assert (result.code, result.out) == (10, WORDS + "\n"), result.said
    assert "its session was ended" in result.err


def test_a_command_pauses_a_pipe_and_lets_it_go_on(server, talk):
    follower = follow(talk, server, "transcript.final", sources=["piped"])
    operator = server.make_token(["control"])
    client = subprocess.Popen(
        [PROGRAM, "hear", "--source", "-", "--rate", "16000", "--name", "piped", "--speaker", "Ann", "--plain",
         "--no-revise", *server.arguments()],
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE, env=clean_environment())
    fcntl.fcntl(client.stdin, fcntl.F_SETPIPE_SZ, PIPE_SIZE)

    def say():
        """Returns when all but the last silence was taken."""
        client.stdin.write(GO + bytes(64_000))
        client.stdin.flush()

    def row():
        lines = server.run("sources").out.splitlines()
        return next((line.split() for line in lines if line.startswith("piped ")), None)

    say()
    assert follower.until("transcript.final", 60)["text"] == WORDS
    assert row() == ["piped", "Ann", "default", "heard", "usual"]
    assert server.run("sources", "pause", "--all", token=server.make_token(["speak", "events"])).code == 8
    missed = server.run("sources", "pause", "nobody", "piped", token=operator)
    assert (missed.code, missed.out) == (8, "paused piped\n") and "hearsay sources" in missed.err, missed.said
    assert row()[3] == "paused"
    say()
    assert server.run("sources", "resume", "--all", token=operator).out == "resumed piped\n"
    say()
    client.stdin.close()
    assert follower.until("transcript.final", 60)["text"] == WORDS
    assert client.wait(60) == 0
    assert client.stdout.read().decode() == 2 * f"{WORDS}\n"
    assert "paused from elsewhere" in (told := client.stderr.read().decode()) and "goes on" in told


def test_a_pause_outlives_a_restart_and_can_be_ended_after_it(serve, talk, talkative, tmp_path):
    first = serve(folder=tmp_path / "data")
    operator = follow(talk, first, "speech.stopped")
    client = first.start("hear", "--source", talkative, "--name", "mute", "--plain", "--no-revise")
    operator.until("speech.stopped", 60)
    operator.ask("source.pause", source_id="mute")
    first.terminate()
    second = serve(folder=tmp_path / "data", listen=f"127.0.0.1:{first.port}")
    paused = until(lambda: [source for source in second.get("/v1/sources")["sources"] if source["paused"]], 30)
    assert paused and paused[0]["source_id"] == "mute"
    assert talk(second).ask("source.resume", source_id="mute")["type"] == "ok"
    result = client.outcome(120)
    assert result.code == 0 and result.out.splitlines()[-1] == WORDS and len(result.out.splitlines()) == 4, result.said
    assert result.err.count("trying again") == 1 and "connected again" in result.err
    assert "paused from elsewhere" in result.err and "goes on" in result.err


@pytest.mark.parametrize("is_bound", [False, True])
def test_a_session_outlives_a_server_that_dies_and_is_kept_as_little_as_before(serve, talk, talkative, tmp_path, is_bound):
    first = serve(folder=tmp_path / "data")
    assert first.run("sessions", "start", "secret", "--no-store").code == 0
    token = first.make_token(["capture", "events"], **({"session_id": "secret"} if is_bound else {}))
    follower = follow(talk, first, "speech.stopped", sessions=["secret"])
    client = Running("hear", "--source", talkative, "--session", "secret", "--plain", "--no-revise", "--token", token,
                     "--server", f"http://127.0.0.1:{first.port}")
    follower.until("speech.stopped", 60)
    first.kill()
    second = serve(folder=tmp_path / "data", listen=f"127.0.0.1:{first.port}")
    result = client.outcome(120)
    assert result.code == 0 and result.out.splitlines()[-1] == WORDS and len(result.out.splitlines()) == 4, result.said
    assert second.get("/v1/transcripts?session=secret")["transcripts"] == []


def test_a_pause_that_ends_while_the_client_is_away_ends(server, talk, talkative):
    line = BadLine(server.port, 1, begins=False)
    operator = follow(talk, server, "speech.stopped", "source.updated", sources=["away"])
    client = Running("hear", "--source", talkative, "--name", "away", "--plain", "--no-revise", "--token",
                     server.admin_token, "--server", f"http://127.0.0.1:{line.port}")
    operator.until("speech.stopped", 60)
    operator.ask("source.pause", source_id="away")
    client.wait_told("paused from elsewhere")
    line.is_open.clear()
    line.reset()
    operator.ask("source.resume", source_id="away")
    line.is_open.set()
    result = client.outcome(120)
    line.close()
    assert (result.code, result.out) == (0, 4 * f"{WORDS}\n"), result.said
    assert "goes on" in result.err


# Outages


def test_a_pipe_is_not_held_up_by_an_outage(server):
    """A program that records is held up no sooner than the 30 s that are kept are full."""
    line = BadLine(server.port, 1, begins=False)
    program = subprocess.Popen(
        [PROGRAM, "hear", "--source", "-", "--rate", "16000", "--json", "--no-revise", "--token", server.admin_token,
         "--server", f"http://127.0.0.1:{line.port}"],
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, env=clean_environment())
    fcntl.fcntl(program.stdin, fcntl.F_SETPIPE_SZ, PIPE_SIZE)
    said = GO + GAP + GO + GAP
    began, waits = time.monotonic(), []
    cut = threading.Timer(1.5, lambda: (line.is_open.clear(), line.reset()))
    mended = threading.Timer(8, line.is_open.set)
    for timer in (cut, mended):
        timer.start()
    for index in range(0, len(said), 1_920):
        time.sleep(max(0, began + index / 32_000 - time.monotonic()))
        before = time.monotonic()
        program.stdin.write(said[index:index + 1_920])
        program.stdin.flush()
        waits.append(time.monotonic() - before)
    program.stdin.close()
    texts = [line for line in program.stdout.read().decode().splitlines() if "transcript.final" in line]
    line.close()
    assert program.wait(60) == 0
    assert len(texts) == 2 and all(WORDS in text for text in texts), texts
    assert max(waits) < 2, max(waits)


# Several servers


@pytest.fixture
def two(serve):
    """Two servers, and the options that name them."""
    servers = [serve(), serve()]
    return servers, [word for server in servers for word in server.arguments()]


def name(server):
    return f"[127.0.0.1:{server.port}] "


def test_of_several_servers_each_utterance_is_printed_once(two, talk, note):
    servers, named = two
    followers = [follow(talk, server, "transcript.final") for server in servers]
    result = run("hear", "--source", note, "--fast", "--plain", "--no-revise", "--mode", "all", *named, seconds=120)
    assert result.code == 0, result.said
    lines = [line.split("] ") for line in result.out.splitlines()]
    assert [words for _, words in lines] == [WORDS, WORDS]
    assert {name + "] " for name, _ in lines} <= {name(server) for server in servers}
    # Each of them has heard everything.
    for follower in followers:
        assert finals(follower, 2) == [WORDS, WORDS]


def test_of_several_servers_the_next_one_takes_over(two, note):
    servers, named = two
    servers[0].terminate()
    result = run("hear", "--source", note, "--fast", "--plain", "--no-revise", *named, seconds=120)
    assert (result.code, result.out) == (0, f"{WORDS}\n{WORDS}\n"), result.said
    assert f"127.0.0.1:{servers[1].port} hears now" in result.err
    servers[1].terminate()
    for mode in ("first", "all", "balance"):
        assert run("hear", "--source", note, "--mode", mode, *named).code == 7


def test_of_several_servers_the_one_with_fewest_sources_is_asked(two, talk, note):
    servers, named = two
    busy = talk(servers[0])
    busy.ask("source.open", codec="pcm_s16", sample_rate=16_000)
    follower = follow(talk, servers[1], "transcript.final")
    result = run("hear", "--source", note, "--fast", "--plain", "--no-revise", "--mode", "balance", *named, seconds=120)
    assert (result.code, result.out) == (0, f"{WORDS}\n{WORDS}\n"), result.said
    assert finals(follower, 2) == [WORDS, WORDS]


def test_a_server_that_dies_in_mid_sentence_loses_no_word(two, talk, note):
    servers, named = two
    follower = follow(talk, servers[0], "speech.started")
    client = Running("hear", "--source", note, "--plain", "--no-revise", "--mode", "first", *named)
    for _ in range(2):
        follower.until("speech.started", 60)
    servers[0].kill()
    result = client.outcome(120)
    assert result.code == 0 and result.out.splitlines()[-1] == WORDS, result.said
    # A busy machine may not have read the first sentence yet, and then the other server reads both.
    assert result.out.splitlines() == [WORDS, WORDS]
    assert result.err.count("trying again") == 1 and f"127.0.0.1:{servers[1].port} hears now" in result.err


def test_of_all_servers_one_that_works_is_enough(two, talk, talkative):
    servers, named = two
    follower = follow(talk, servers[0], "transcript.final")
    client = Running("hear", "--source", talkative, "--plain", "--no-revise", "--mode", "all", *named)
    finals(follower, 1)
    servers[1].kill()
    result = client.outcome(60)
    assert result.code == 0, result.said
    assert [line.split("] ")[1] for line in result.out.splitlines()] == 4 * [WORDS]
    assert result.err.count(name(servers[1]) + "the connection was lost") == 1


def test_of_all_servers_those_that_do_not_hear_are_named(serve, note):
    servers = [serve() for _ in range(3)]
    servers[1].kill()
    tokens = [servers[0].admin_token, servers[1].admin_token, "wrong"]
    named = [word for server, token in zip(servers, tokens) for word in server.arguments(token)]
    result = run("hear", "--source", note, "--fast", "--plain", "--no-revise", "--mode", "all", *named, seconds=120)
    assert result.code == 0 and len(result.out.splitlines()) == 2, result.said
    assert f"{name(servers[1])}no server answers" in result.err
    assert f"{name(servers[2])}the server refuses" in result.err


def test_of_all_servers_one_that_comes_later_hears_too(two, serve, talk, talkative):
    servers, named = two
    servers[1].kill()
    client = Running("hear", "--source", talkative, "--plain", "--no-revise", "--mode", "all", *named)
    finals(follow(talk, servers[0], "transcript.final", last_seq=0), 1)
    late = serve(folder=servers[1].data, listen=f"127.0.0.1:{servers[1].port}")
    assert finals(follow(talk, late, "transcript.final", last_seq=0), 1) == [WORDS]
    result = client.outcome(60)
    assert result.code == 0 and f"{name(late)}connected\n" in result.err, result.said
