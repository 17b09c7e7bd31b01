"""Spoken orders from end to end: real and made speech, the default recogniser, and what an order sets off."""

import http.server
import json
import pathlib
import threading
import wave

import pytest

from hearsay import Server, until

# Debian's package pocketsphinx-testdata: orders to a turtle, names of cards, readings from a novel.
SPEECH = pathlib.Path("/usr/share/pocketsphinx/test/data")
RATE = 16_000
BOOK = """
[slots]
number = two|five|ten
[attention]
phrase = hello computer
[move]
phrase = go {way:forward|backward} {number} [xyzzyplugh] meters
[card]
phrase = {rank:two|three|four|five|six|seven|eight|nine|ten|jack|queen|king|ace} of {suit:clubs|spades|hearts|diamonds}
[lamp]
phrase = turn {state:on|off} the {room:kitchen|bedroom|living room} light
[timer]
phrase = <set|a|timer|{number} minutes> please
[magic]
phrase = xyzzyplugh qwrtz
"""


@pytest.fixture(scope="module")
def server(tmp_path_factory):
    book = tmp_path_factory.mktemp("book") / "commands.txt"
    book.write_text(BOOK)
    server = Server("--commands", str(book), voice="slt")
    yield server
    server.close()


@pytest.fixture(scope="module")
def record(server, tmp_path_factory):
    """A recording of real speech, or of sentences said by a voice, with silence around each."""
    folder = tmp_path_factory.mktemp("orders")

    def record(*parts, voice="slt"):
        path = folder / f"{len(list(folder.iterdir()))}.wav"
        pieces, rate = [], RATE
        for part in parts:
            if isinstance(part, bytes):
                pieces.append(part)
                continue
            spoken = folder / "spoken.wav"
            assert server.run("say", part, "--voice", voice, "--wav", str(spoken)).code == 0
            with wave.open(str(spoken)) as file:
                rate = file.getframerate()
                pieces.append(file.readframes(file.getnframes()))
        with wave.open(str(path), "wb") as file:
            file.setparams((1, 2, rate, 0, "NONE", ""))
            file.writeframes(bytes(rate) + b"".join(piece + bytes(3 * rate) for piece in pieces))
        return str(path)

    return record


def samples(path):
    if path.suffix == ".raw":
        return path.read_bytes()
    with wave.open(str(path)) as file:
        assert (file.getframerate(), file.getnchannels()) == (RATE, 1)
        return file.readframes(file.getnframes())


def hear(server, path, *options):
    result = server.run("hear", "--source", path, "--fast", "--json", "--no-revise", *options, seconds=600)
    assert result.code == 0, result.said
    return result.lines


def of(events, kind):
    return [event for event in events if event["type"] == kind]


def brief(events):
    return [(event["name"], event["slots"]) for event in of(events, "command.matched")]


def test_real_speech_is_an_order_by_its_sound(server, record):
    events = hear(server, record(samples(SPEECH / "goforward.raw")))
    match, = of(events, "command.matched")
    assert (match["name"], match["slots"]) == ("move", {"way": "forward", "number": "ten"})
    assert match["by"] == "sound" and 75 <= match["score"] <= 100 and match["matched_text"] == "go forward ten meters"
    assert match["pattern"] == "go {way:forward|backward} {number} [xyzzyplugh] meters"
    said, = of(events, "transcript.final")
    assert said["utterance_id"] == match["utterance_id"] and said["text"] == said["order"] == match["matched_text"]
    assert said["order_score"] == match["score"] and [word["text"] for word in said["words"]] == said["text"].split()


@pytest.mark.parametrize(("number", "rank"), [("001", "ten"), ("003", "seven")])
def test_a_card_is_understood_as_the_grammar_has_it(server, record, number, rank):
    events = hear(server, record(samples(SPEECH / "cards" / f"{number}.wav")))
    assert brief(events) == [("card", {"rank": rank, "suit": "clubs"})]


def test_a_reading_from_a_novel_gives_no_order(server, record):
    paths = sorted((SPEECH / "librivox").glob("*.wav"))
    assert len(paths) == 5
    events = hear(server, record(*map(samples, paths)))
    assert len(of(events, "transcript.final")) >= 5 and not brief(events), brief(events)


@pytest.mark.parametrize("voice", ["slt", "rms"])
def test_made_speech_is_understood_with_its_slots(server, record, voice):
    path = record("Turn off the living room light.", "Please set a timer, ten minutes, please.", voice=voice)
    assert brief(hear(server, path)) == [("lamp", {"state": "off", "room": "living room"}), ("timer", {"number": "ten"})]


@pytest.mark.parametrize("phrase", ["good morning", "hey rupert", "hey there", "rupert", "okay"])
def test_with_a_wake_phrase_nothing_counts_without_it(server, record, phrase):
    events = hear(server, record(samples(SPEECH / "goforward.raw")), "--wake", phrase)
    assert not brief(events) and not of(events, "attention.called")
    # A phrase that nobody said is not put into the text either.
    text, = of(events, "transcript.final")
    assert phrase not in text["text"] and "forward" in text["text"]


@pytest.mark.parametrize("phrase", ["hey rupert", "okay"])
def test_a_short_wake_phrase_is_heard_where_it_is_said(server, record, phrase):
    match, = of(hear(server, record(f"{phrase}. Turn on the kitchen light.", voice="rms"), "--wake", phrase), "command.matched")
    assert (match["name"], match["attention_text"]) == ("lamp", phrase)


def test_a_wake_phrase_counts_alone_and_before_an_order(server, record):
    events = hear(server, record("Good morning."), "--wake", "good morning")
    assert "called: good morning\n" in server.run(
        "hear", "--source", record("Good morning."), "--fast", "--wake", "good morning", seconds=600).out
    called, = of(events, "attention.called")
    assert called["matched_text"] == "good morning" and called["score"] >= 75 and not brief(events)
    match, = of(hear(server, record("Good morning. Turn on the kitchen light."), "--wake", "good morning"), "command.matched")
    assert (match["name"], match["attention_text"]) == ("lamp", "good morning")


def test_a_webhook_outside_its_networks_is_told_at_the_start(serve):
    server = serve("--webhook", "http://192.0.2.7/hook")
    server.wait_line(r"^(?=.*192\.0\.2\.7)(?=.*--webhook-net).*webhook\.forbidden")
    allowed = serve("--webhook", "http://192.0.2.7/hook", "--webhook-net", "192.0.2.0/24")
    assert not [line for line in allowed.lines if "webhook.forbidden" in line]


def test_an_order_runs_a_program_and_is_posted(record, tmp_path):
    posted, changed = [], threading.Condition()

    class Handler(http.server.BaseHTTPRequestHandler):
        def do_POST(self):
            body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
            with changed:
                posted.append(body)
            self.send_response(204)
            self.end_headers()

        def log_message(self, *_):
            pass

    receiver = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=receiver.serve_forever, args=(0.02,), daemon=True).start()
    book, done = tmp_path / "commands.txt", tmp_path / "done"
    book.write_text(BOOK)
    server = Server("--commands", str(book), "--webhook", f"http://127.0.0.1:{receiver.server_address[1]}/orders")
    try:
        follower = server.start("events", "--subscribe", "command.matched", "--exec", f"cat > {done}.new; mv {done}.new {done}")
        path = record(samples(SPEECH / "goforward.raw"))
        # The follower may connect a moment later than the first order comes.
        assert until(lambda: brief(hear(server, path)) and done.exists(), 120, pause=0.5), "the program was not run"
        event = json.loads(done.read_text())
        assert (event["type"], event["name"], event["slots"]["number"]) == ("command.matched", "move", "ten")
        assert until(lambda: any(body.get("name") == "move" for body in posted), 30), posted
        follower.process.terminate()
        follower.outcome(30)
    finally:
        server.close()
        receiver.shutdown()
        receiver.server_close()
