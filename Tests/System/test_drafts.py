"""Commands and drafts: what is said between two phrases is a note, found by its words and taken back whole."""

import io
import json
import os
import pathlib
import re
import wave

import pytest

from dictation import SENTENCES, dictate
from hearsay import until
from sse import Events


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


def blocks(data):
    return sorted(path.name for path in pathlib.Path(data, "recordings").glob("block-*"))


@pytest.mark.parametrize("way", ["moved", "relative", "linked"])
def test_a_recording_belongs_to_its_draft_wherever_the_data_folder_lies(serve, note, tmp_path, way):
    real, named = tmp_path / "one", tmp_path / "one"
    if way == "relative":
        named = pathlib.Path(os.path.relpath(real))
    elif way == "linked":
        real.mkdir()
        named = tmp_path / "link"
        named.symlink_to(real)
    first = serve(folder=named, voice="slt")
    events = hear(first, note, "--record")
    draft = next(event["draft"]["draft_id"] for event in events if event["type"] == "draft.ended")
    assert next(event["path"] for event in events if event["type"] == "recording.saved").startswith(f"{real}/recordings/")
    first.terminate()
    if way == "moved":
        real = real.rename(tmp_path / "two")
    server = serve(folder=real, voice="slt")
    name, = blocks(real)
    assert server.get(f"/v1/drafts/{draft}")["recording"]["path"] == f"{real}/recordings/{name}"
    assert server.ask("GET", f"/v1/drafts/{draft}/audio").data == (real / "recordings" / name / "block.wav").read_bytes()
    assert server.run("drafts", "delete", draft).code == 0
    assert blocks(real) == []


def test_what_was_said_before_the_server_died_is_kept_and_taken_back_whole(serve, tmp_path):
    server = serve(voice="slt")
    path = dictate(server, tmp_path / "note.wav", SENTENCES[:2], silence=60)
    client = server.start("hear", "--source", path, "--record", "--no-revise", "--name", "desk")
    growing = lambda: [each for each in server.get("/v1/drafts")["drafts"] if "garden" in each["text"]]
    assert until(growing, 60)
    # The sound is written right behind the text.
    folder, = pathlib.Path(server.data, "recordings").glob("block-*")
    assert until(lambda: (folder / "block.wav").stat().st_size > 2 * 16_000 * 2, 10)
    server.kill()
    client.process.kill()
    stray = folder.parent / "block-20200101_000000"
    stray.mkdir()
    (stray / "block.wav").write_bytes(bytes(100))

    again = serve(folder=server.data, voice="slt")
    draft, = again.get("/v1/drafts")["drafts"]
    assert draft["ended_by"] == "server_restarted" and draft["ended_at"] > draft["started_at"]
    assert draft["end_ms"] > draft["start_ms"] + 2_000 and draft["recording"]["duration_ms"] > 2_000
    assert blocks(server.data) == [folder.name]
    sound = again.ask("GET", f"/v1/drafts/{draft['draft_id']}/audio").data
    with wave.open(io.BytesIO(sound)) as file:
        assert file.getnframes() == (len(sound) - 44) // 2 == draft["recording"]["duration_ms"] * 16
    assert "garden" in (folder / "first_draft.txt").read_text()
    assert again.run("drafts", "delete", draft["draft_id"]).code == 0
    assert blocks(server.data) == []


def test_a_recording_that_cannot_be_removed_is_not_called_deleted(serve, note):
    server = serve(voice="slt")
    events = hear(server, note, "--record")
    draft = next(event["draft"]["draft_id"] for event in events if event["type"] == "draft.ended")
    folder = pathlib.Path(server.data, "recordings", *blocks(server.data))
    # Nobody removes a folder as if it were a file, not even root.
    (folder / "block.wav").rename(folder / "kept.wav")
    (folder / "block.wav").mkdir()
    refused = server.run("drafts", "delete", draft)
    assert refused.code != 0 and "deleted" not in refused.out
    assert "recording.not_removed" in log(server) and server.ask("GET", f"/v1/drafts/{draft}").status == 200
    (folder / "block.wav").rmdir()
    assert server.run("drafts", "delete", draft).code == 0
    assert server.ask("GET", f"/v1/drafts/{draft}").status == 404 and [path.name for path in folder.iterdir()] == ["kept.wav"]


@pytest.mark.parametrize("name", ["n.pdf", "n", "n.", "a.txt/n"])
def test_a_file_in_no_known_form_is_not_written(server, tmp_path, name):
    path = tmp_path / name
    path.parent.mkdir(exist_ok=True)
    refused = server.run("drafts", "export", "dra_x", str(path))
    assert refused.code == 1 and ".srt" in refused.err and "--format" in refused.err and not path.exists(), refused


def test_commands_and_drafts_are_printed_with_the_text(server, note):
    result = server.run("hear", "--source", note, "--fast", "--no-revise", "--record", seconds=120)
    assert result.code == 0, result.said
    patterns = [
        r"command start_block: start", r"draft dra_\w+ started", r"the green garden", r"command stop_block: break",
        r"draft dra_\w+ ended: .*green garden", r"recorded in /",
    ]  # fmt: skip
    found = [next((n for n, line in enumerate(result.out.splitlines()) if re.search(pattern, line)), -1) for pattern in patterns]
    assert -1 not in found and found == sorted(found), result.out


def test_a_draft_without_sound_says_how_to_keep_it(server, note, tmp_path):
    events = hear(server, note)
    identifier = next(event["draft"]["draft_id"] for event in events if event["type"] == "draft.ended")
    export = server.run("drafts", "export", identifier, str(tmp_path / "note.wav"))
    assert export.code != 0 and "--record" in export.err and "record: true" in export.err
    assert "lists" not in export.err


@pytest.mark.parametrize("command", [["drafts", "list"], ["jobs"]])
def test_a_time_that_is_none_is_answered_with_those_that_are_understood(server, command):
    refused = server.run(*command, "--since", "yesterday")
    assert refused.code != 0 and "2026-11-21" in refused.err and "protocol" not in refused.err


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
    # Those who were there were told; nobody else is, neither while the session lives nor afterwards.
    assert secrets(told_since_the_start(server)) == []
    assert server.run("sessions", "end", "secret").code == 0
    later = told_since_the_start(server)
    assert secrets(later) == [] and "session.ended" in {event["type"] for event in later}


def told_since_the_start(server):
    """Every fact that a server still tells, up to one that was made just now."""
    last = server.ask("POST", "/v1/speak?wait=finished", {"text": "Now.", "deliver": "none"}).json["job_id"]
    events = Events(server, last=0, seconds=60)
    events.until(lambda event: event["type"] == "job.finished" and event["job_id"] == last)
    events.close()
    return [event for _, _, event in events.seen]


def secrets(events):
    """What tells the words of the session `secret`."""
    kinds = ("transcript.", "draft.", "command.", "group.", "attention.", "recording.")
    return [event for event in events if event.get("session_id") == "secret" and event["type"].startswith(kinds)
            and event["type"] != "transcript.failed"]


def test_a_book_is_read_again_and_a_mistake_is_told_with_its_line(serve, note):
    server = serve(voice="slt")
    book = pathlib.Path(server.data, "commands.txt")

    def save(text):
        """As editors do: whole, under another name first."""
        draft = book.with_suffix(".new")
        draft.write_text(text)
        draft.rename(book)

    def matches():
        return [(event["name"], event["slots"]) for event in hear(server, note) if event["type"] == "command.matched"]

    def count(text):
        return sum(text in line for line in list(server.lines))

    save("[plant]\nphrase = the {colour:red|green} garden\n")
    assert until(lambda: count("commands.read") == 1, 30), log(server)
    assert matches() == [("plant", {"colour": "green"})]
    save("[lamp]\nphrase = the lamp\n[dish]\nthreshold = 200\nphrase = green garden\n")
    assert until(lambda: "a threshold is from 50 to 100" in log(server) and "line 4" in log(server), 30), log(server)
    # What was known stays until the file can be read.
    assert matches() == [("plant", {"colour": "green"})]
    save("[field]\nphrase = {colour:red|green} garden\n")
    assert until(lambda: count("commands.read") == 2, 30), log(server)
    assert matches() == [("field", {"colour": "green"})]
