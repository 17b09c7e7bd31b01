"""Commands and drafts: what is said between two phrases is a note, found by its words and taken back whole."""

import json
import pathlib
import re
import wave

import pytest

from hearsay import until

SENTENCES = ["Start a new note.", "The green garden.", "Break. Break. Break."]


@pytest.fixture(scope="module")
def note(server, tmp_path_factory):
    """Three sentences by a voice that the basic recogniser understands, with pauses between them."""
    folder = tmp_path_factory.mktemp("drafts")
    with wave.open(str(folder / "note.wav"), "wb") as file:
        for place, sentence in enumerate(SENTENCES):
            spoken = folder / f"{place}.wav"
            assert server.run("say", sentence, "--voice", "slt", "--wav", str(spoken)).code == 0
            with wave.open(str(spoken)) as part:
                rate, samples = part.getframerate(), part.readframes(part.getnframes())
            if place == 0:
                file.setparams((1, 2, rate, 0, "NONE", ""))
                file.writeframes(bytes(rate))
            file.writeframes(samples + bytes(2 * int(1.2 * rate)))
    return str(folder / "note.wav")


def hear(server, path, *options):
    result = server.run("hear", "--source", path, "--fast", "--json", "--no-revise", *options, seconds=120)
    assert result.code == 0, result.said
    return result.lines


def log(server):
    return "\n".join(server.lines)


def names(events):
    kinds = ("command", "draft", "recording", "source")
    # How far behind a busy server is does not matter here.
    return [event["type"] for event in events if event["type"].startswith(kinds) and event["type"] != "source.lag"]


def test_a_note_is_kept_found_exported_and_taken_back(server, note, tmp_path):
    events = hear(server, note, "--record", "--name", "desk")
    # The last command is told before the end of its source, so nobody misses it who leaves then.
    assert [name for name in names(events) if name not in ("draft.updated", "source.lag")] == [
        "source.started", "command.matched", "draft.started", "command.matched", "draft.ended", "recording.saved",
        "source.stopped",
    ]  # fmt: skip
    begun, ended = [event for event in events if event["type"] == "command.matched"]
    assert begun["name"] == "start_block" and begun["score"] >= 75 and begun["pattern"].startswith("start")
    assert begun["utterance_id"] in {event["utterance_id"] for event in events if event["type"] == "transcript.final"}
    draft = next(event["draft"] for event in events if event["type"] == "draft.ended")
    assert draft["text"] and draft["ended_by"] == "command" and ended["matched_text"] == draft["end_text"]
    identifier = draft["draft_id"]

    folder = pathlib.Path(next(event["path"] for event in events if event["type"] == "recording.saved"))
    assert re.fullmatch(r"block-\d{8}_\d{6}", folder.name) and folder.parent == pathlib.Path(server.data, "recordings")
    assert {file.name for file in folder.iterdir()} == {
        "block.wav", "first_draft.txt", "meta_events.json", "full_events.json", "draft.json",
    }  # fmt: skip
    assert (folder / "first_draft.txt").read_text() == draft["text"] + "\n"

    assert identifier in server.run("drafts", "list").out
    word = draft["text"].split()[-1]
    assert identifier in server.run("drafts", "find", word.upper()).out
    assert word in server.run("drafts", "find", "--all", word).out
    assert "-->" in server.run("drafts", "export", identifier, "--format", "srt").out
    sound = tmp_path / "note.wav"
    assert server.run("drafts", "export", identifier, str(sound)).code == 0
    assert sound.read_bytes() == (folder / "block.wav").read_bytes()
    with wave.open(str(sound)) as file:
        assert (file.getframerate(), file.getnchannels()) == (16_000, 1) and 3 < file.getnframes() / 16_000 < 12

    assert server.run("drafts", "delete", identifier).code == 0
    assert not folder.exists() and server.run("drafts", "show", identifier).code != 0
    assert server.get(f"/v1/drafts?q={word}")["total"] == 0
    assert server.get(f"/v1/transcripts?q={word}")["transcripts"] == []


def test_commands_and_drafts_are_printed_with_the_text(server, note):
    result = server.run("hear", "--source", note, "--fast", "--no-revise", "--record", seconds=120)
    assert result.code == 0, result.said
    patterns = [
        r"command start_block: start", r"draft dra_\w+ started", r"the green garden", r"command stop_block: break",
        r"draft dra_\w+ ended: .*green garden", r"recorded in /",
    ]  # fmt: skip
    found = [next((n for n, line in enumerate(result.out.splitlines()) if re.search(pattern, line)), -1) for pattern in patterns]
    assert -1 not in found and found == sorted(found), result.out


def test_everything_that_was_said_leaves_as_one_file(server, note, tmp_path):
    server.run("sessions", "start", "meeting")
    for speaker in ("Ann", "Ben"):
        hear(server, note, "--session", "meeting", "--name", f"desk-{speaker}", "--speaker", speaker)
    lines = server.run("drafts", "export", "--all", "--session", "meeting").out.splitlines()
    said = [line.split(" ", 1)[1] for line in lines]
    assert "Ann: the green garden" in said and "Ben: the green garden" in said and lines == sorted(lines)
    path = tmp_path / "meeting.srt"
    assert server.run("drafts", "export", "--all", "--session", "meeting", str(path)).code == 0
    cues = path.read_text().strip().split("\n\n")
    assert [cue.split("\n")[0] for cue in cues] == [str(n) for n in range(1, len(cues) + 1)]
    # Subtitles begin with the first word, some tenths of a second into what was said.
    assert cues[0].split("\n")[1].startswith("00:00:00,")
    whole = json.loads(server.run("drafts", "export", "--all", "--session", "meeting", "--format", "json").out)
    listed = server.get("/v1/transcripts?session=meeting&after=0")["transcripts"]
    assert whole["transcripts"] == listed
    of_one = server.get("/v1/transcripts?session=meeting&source=desk-Ann&format=json")["transcripts"]
    assert {each["speaker"] for each in of_one} == {"Ann"} and len(of_one) * 2 == len(listed)
    assert server.run("drafts", "export", "--all", "--format", "wav").code == 1


def test_what_is_deleted_is_not_told_to_those_who_come_later(server, note, talk):
    events = hear(server, note, "--name", "gone")
    draft = next(event["draft"] for event in events if event["type"] == "draft.ended")
    follower = talk(server)
    assert server.run("drafts", "delete", draft["draft_id"]).code == 0
    names = ["transcript.*", "draft.*", "command.matched"]
    newest = follower.ask("subscribe", events=names, sources=["gone"], last_seq=0)["seq"]
    told = []
    while not told or told[-1]["type"] != "draft.deleted":
        told.append(follower.next(60))
    said = [each["utterance_id"] for each in draft["utterances"]]
    assert told[-1]["draft_id"] == draft["draft_id"] and told[-1]["utterance_ids"] == said and told[-1]["seq"] <= newest
    assert [event for event in told if event.get("utterance_id") in said] == []
    assert [event for event in told[:-1] if event["type"].startswith("draft")] == []


def test_nothing_is_kept_of_a_session_that_says_so(server, note):
    assert server.run("sessions", "start", "secret", "--no-store").out == "secret\n"
    events = hear(server, note, "--record", "--session", "secret")
    assert "draft.ended" in names(events) and "recording.saved" not in names(events)
    assert server.get("/v1/drafts?session=secret")["total"] == 0
    assert server.get("/v1/transcripts?session=secret")["transcripts"] == []


def test_a_book_is_read_again_and_a_mistake_is_told_with_its_line(serve, note):
    server = serve(voice="slt")
    book = pathlib.Path(server.data, "commands.txt")
    book.write_text("[lamp]\nphrase = the lamp\n[dish]\nthreshold = 200\nphrase = green garden\n")
    until(lambda: "a threshold is from 50 to 100" in log(server) and '"line":4' in log(server).replace(" ", ""), 30)
    book.write_text("[plant]\nphrase = the {colour:red|green} garden\n")
    until(lambda: "commands.read" in log(server), 30)
    matched = [event for event in hear(server, note) if event["type"] == "command.matched"]
    assert [(event["name"], event["slots"]) for event in matched] == [("plant", {"colour": "green"})]
