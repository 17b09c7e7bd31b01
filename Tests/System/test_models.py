"""`hearsay models` against a local server and stand-in models: what is good is installed, and nothing else ever is."""

import hashlib
import io
import json
import pathlib
import tarfile
import zipfile

import pytest

import stand_in_models
from file_server import File, FileServer
from hearsay import Server, run, until
from talk import Talk
from test_tls import make_certificate


@pytest.fixture(scope="module")
def web():
    server = FileServer()
    yield server
    server.close()


@pytest.fixture(scope="module")
def archives(tmp_path_factory):
    """Each stand-in packed as models are."""
    folder = tmp_path_factory.mktemp("stand-ins")
    return {kind: pack(stand_in_models.write(folder / kind, kind)) for kind in ("piper", "recogniser", "impostor")}


@pytest.fixture
def data(tmp_path):
    return tmp_path / "data"


def pack(folder):
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode="w:bz2") as archive:
        archive.add(folder, folder.name)
    return buffer.getvalue()


def sha256(data):
    return hashlib.sha256(data).hexdigest()


def models(data, *words):
    return run("models", *words, "--data", str(data), "--json", seconds=120)


def pull(data, web, path="/voice.tar.bz2", *words, name="anna"):
    return models(data, "pull", web.url(path), "--name", name, *words)


def installed(data):
    return [row["id"] for row in models(data, "list").lines if row["installed"]]


def assert_refused(outcome, code, exit_code, data, keeps_part=False):
    """The reason is told, and nothing is left behind."""
    assert outcome.code == exit_code, outcome
    assert outcome.lines[-1]["error"] == code, outcome
    assert installed(data) == []
    left = [path for path in (data / "models").rglob("*") if path.is_file()] if data.exists() else []
    assert keeps_part or not left, left


def test_a_model_is_fetched_checked_tried_and_installed(web, archives, data):
    web.files["/voice.tar.bz2"] = File(archives["piper"])
    outcome = pull(data, web, "/voice.tar.bz2", "--sha256", sha256(archives["piper"]), "--licence", "MIT")
    assert outcome.code == 0, outcome
    events = [line["event"] for line in outcome.lines]
    assert list(dict.fromkeys(events)) == ["model.progress", "model.unpacking", "model.trying", "model.installed"]
    last = [line for line in outcome.lines if line["event"] == "model.progress"][-1]
    assert last["received_bytes"] == last["total_bytes"] == len(archives["piper"])
    assert outcome.lines[-1]["voices"] == ["anna"] and outcome.lines[-1]["licence"] == "MIT"
    manifest = json.loads((data / "models/anna/hearsay-model.json").read_text())
    assert manifest["sha256"] == sha256(archives["piper"])
    assert [file["path"] for file in manifest["files"]] == ["model.onnx", "tokens.txt"]
    assert sorted(path.name for path in (data / "models").iterdir()) == [".part", "anna"]
    assert list((data / "models/.part").iterdir()) == []
    assert pull(data, web).lines[-1]["error"] in ("already_installed", "not_pinned")


def test_a_broken_transfer_goes_on_where_it_stopped(web, archives, data):
    size = len(archives["piper"])
    web.files["/cut.tar.bz2"] = File(archives["piper"], faults=[("cut", size // 3)] * 2)
    web.asked.clear()
    outcome = pull(data, web, "/cut.tar.bz2", "--sha256", sha256(archives["piper"]))
    assert outcome.code == 0, outcome
    assert web.asked == [("/cut.tar.bz2", 0), ("/cut.tar.bz2", size // 3), ("/cut.tar.bz2", size // 3 * 2)]


def test_what_a_pull_had_when_it_gave_up_the_next_one_keeps(web, archives, data):
    size = len(archives["piper"])
    web.files["/gone.tar.bz2"] = File(archives["piper"], faults=[("cut", size // 2)] + [("cut", 0)] * 5)
    outcome = pull(data, web, "/gone.tar.bz2", "--sha256", sha256(archives["piper"]))
    assert_refused(outcome, "cut", 7, data, keeps_part=True)
    web.asked.clear()
    assert pull(data, web, "/gone.tar.bz2", "--sha256", sha256(archives["piper"])).code == 0
    assert web.asked == [("/gone.tar.bz2", size // 2)]


@pytest.mark.parametrize("change", ["version", "ranges"])
def test_parts_of_two_files_are_never_joined(web, archives, data, change):
    size = len(archives["piper"])
    web.files["/old.tar.bz2"] = File(b"x" * size, faults=[("cut", size // 2), ("status", 404)])
    assert_refused(pull(data, web, "/old.tar.bz2", "--trust-on-first-use"), "unreachable", 7, data, keeps_part=True)
    web.files["/old.tar.bz2"] = File(archives["piper"], tag='"2"', ranges=change == "version")
    assert pull(data, web, "/old.tar.bz2", "--trust-on-first-use").code == 0


def test_a_file_with_another_hash_is_refused(web, archives, data):
    web.files["/voice.tar.bz2"] = File(archives["piper"])
    assert_refused(pull(data, web, "/voice.tar.bz2", "--sha256", "ab" * 32), "wrong_hash", 8, data)


def test_a_file_that_is_cut_short_at_its_source_is_refused(web, archives, data):
    web.files["/short.tar.bz2"] = File(archives["piper"][:-40])
    assert_refused(pull(data, web, "/short.tar.bz2", "--trust-on-first-use"), "bad_archive", 8, data)


def test_without_a_hash_a_model_is_taken_only_on_the_callers_word(web, archives, data):
    web.files["/voice.tar.bz2"] = File(archives["piper"])
    assert_refused(pull(data, web), "not_pinned", 8, data)
    assert pull(data, web, "/voice.tar.bz2", "--trust-on-first-use").lines[-1]["sha256"] == sha256(archives["piper"])


def test_a_web_page_is_no_model(web, data):
    page = b"\n <!DOCTYPE html><html><body>Please log in</body></html>"
    web.files["/login"] = File(page, kind="text/html")
    assert_refused(pull(data, web, "/login", "--trust-on-first-use"), "web_page", 8, data)
    assert_refused(pull(data, web, "/login", "--sha256", "ab" * 32), "web_page", 8, data)


def entry(name, **about):
    found = tarfile.TarInfo(name)
    for key, value in about.items():
        setattr(found, key, value)
    return found


HOSTILE = {
    "parent": [entry("../evil.txt")],
    "deep parent": [entry("model/../../evil.txt")],
    "absolute": [entry("/tmp/hearsay-evil.txt")],
    "link": [entry("model/tokens.txt", type=tarfile.SYMTYPE, linkname="/etc/passwd")],
    "folder by a link": [entry("model/out", type=tarfile.SYMTYPE, linkname="/tmp"), entry("model/out/evil.txt")],
    "hard link": [entry("model/tokens.txt", type=tarfile.LNKTYPE, linkname="/etc/passwd")],
    "pipe": [entry("model/tokens.txt", type=tarfile.FIFOTYPE)],
    "twice": [entry("model/tokens.txt"), entry("model/tokens.txt")],
}


@pytest.mark.parametrize("entries", HOSTILE.values(), ids=HOSTILE)
def test_an_archive_that_leads_elsewhere_is_refused_as_a_whole(tmp_path, data, entries):
    path = tmp_path / "hostile.tar.bz2"
    with tarfile.open(path, "w:bz2") as archive:
        archive.addfile(entry("model/README"))
        for member in entries:
            archive.addfile(member)
    assert_refused(models(data, "import", str(path), "--name", "anna"), "bad_archive", 8, data)
    assert not pathlib.Path("/tmp/hearsay-evil.txt").exists() and not pathlib.Path("/tmp/evil.txt").exists()
    assert not list(data.rglob("evil.txt")) and not list(tmp_path.rglob("evil.txt"))


def test_a_zip_archive_is_unpacked_too_and_its_names_are_judged(tmp_path, data):
    folder = stand_in_models.write(tmp_path / "piper", "piper")
    good, bad = tmp_path / "good.zip", tmp_path / "bad.zip"
    for path, prefix in (good, ""), (bad, "../"):
        with zipfile.ZipFile(path, "w") as archive:
            for file in folder.iterdir():
                archive.write(file, prefix + file.name)
    assert_refused(models(data, "import", str(bad), "--name", "anna"), "bad_archive", 8, data)
    assert models(data, "import", str(good), "--name", "anna").code == 0


@pytest.mark.parametrize("kind", ["recogniser", "impostor"])
def test_a_model_of_another_kind_is_refused_and_says_why(web, archives, data, kind):
    web.files["/wrong.tar.bz2"] = File(archives[kind])
    outcome = pull(data, web, "/wrong.tar.bz2", "--sha256", sha256(archives[kind]), "--kind", "voice")
    assert_refused(outcome, "bad_model", 6, data)
    reason = "a recogniser (NeMo CTC), not a voice" if kind == "recogniser" else "does not understand it"
    assert reason in outcome.lines[-1]["message"]


def test_a_folder_with_a_link_is_not_imported(tmp_path, data):
    folder = stand_in_models.write(tmp_path / "piper", "piper")
    (folder / "tokens.txt").rename(tmp_path / "elsewhere.txt")
    (folder / "tokens.txt").symlink_to(tmp_path / "elsewhere.txt")
    assert_refused(models(data, "import", str(folder), "--name", "anna"), "bad_model", 6, data)


def test_a_licence_that_asks_for_more_needs_consent(tmp_path, web, archives, data):
    web.files["/voice.tar.bz2"] = File(archives["piper"])
    catalogue = tmp_path / "catalogue.json"
    catalogue.write_text(json.dumps({"models": [
        {"id": "anna", "url": web.url("/voice.tar.bz2"), "licence": "CC-BY-NC-4.0", "consent": True,
         "sha256": sha256(archives["piper"]), "languages": ["en"]}]}))
    words = "pull", "anna", "--catalog", str(catalogue)
    assert_refused(models(data, *words), "consent_needed", 8, data)
    assert models(data, *words, "--accept-licence").code == 0


def test_nothing_is_fetched_in_clear_from_elsewhere_unless_its_hash_is_known(data):
    outcome = models(data, "pull", "http://192.0.2.1/voice.tar.bz2", "--name", "anna", "--trust-on-first-use")
    assert_refused(outcome, "insecure_url", 8, data)


def test_redirects_are_followed_but_not_for_ever(web, archives, data):
    web.files["/voice.tar.bz2"] = File(archives["piper"])
    web.files["/moved"] = File(b"", location="/voice.tar.bz2")
    web.files["/round"] = File(b"", location=web.url("/round"))
    assert_refused(pull(data, web, "/round", "--trust-on-first-use"), "unreachable", 7, data)
    assert pull(data, web, "/moved", "--trust-on-first-use").code == 0


def test_a_server_that_is_busy_is_asked_again_and_one_without_the_file_is_not(web, archives, data):
    web.files["/busy.tar.bz2"] = File(archives["piper"], faults=[("status", 503)])
    web.asked.clear()
    assert_refused(pull(data, web, "/absent.tar.bz2", "--trust-on-first-use"), "unreachable", 7, data)
    assert pull(data, web, "/busy.tar.bz2", "--trust-on-first-use").code == 0
    assert [path for path, _ in web.asked] == ["/absent.tar.bz2", "/busy.tar.bz2", "/busy.tar.bz2"]


def test_the_disk_is_looked_at_before_anything_is_written(web, data):
    web.files["/huge.tar.bz2"] = File(b"x" * 1_000, claims=10**15)
    assert_refused(pull(data, web, "/huge.tar.bz2", "--trust-on-first-use"), "disk_full", 8, data)


def test_https_is_believed_only_with_a_certificate_that_is_vouched_for(tmp_path, archives, data):
    certificate, key = make_certificate(tmp_path / "keys", "models")
    web = FileServer((certificate, key))
    try:
        web.files["/voice.tar.bz2"] = File(archives["piper"])
        assert_refused(pull(data, web, "/voice.tar.bz2", "--trust-on-first-use"), "unreachable", 5, data)
        words = "--trust-on-first-use", "--ca-file", str(certificate)
        assert pull(data, web, "/voice.tar.bz2", *words).code == 0
    finally:
        web.close()


def test_verify_finds_a_changed_byte_and_remove_leaves_nothing(tmp_path, data):
    folder = stand_in_models.write(tmp_path / "piper", "piper")
    assert models(data, "import", str(folder), "--name", "anna").code == 0
    assert models(data, "verify").lines == [{"good": True, "id": "anna"}]
    tokens = data / "models/anna/tokens.txt"
    tokens.write_bytes(tokens.read_bytes().replace(b"a", b"b", 1))
    outcome = models(data, "verify", "anna")
    assert outcome.code == 6 and "tokens.txt" in outcome.lines[0]["reason"], outcome
    assert installed(data) == ["anna"], "its size is what it was"
    tokens.write_bytes(b"")
    assert [row["reason"] for row in models(data, "list").lines if row["id"] == "anna"], "seen without reading it all"
    assert models(data, "remove", "anna").code == 0
    assert models(data, "remove", "anna").lines[-1]["error"] == "not_installed"
    assert [path for path in (data / "models").rglob("*") if path.is_file()] == []


def test_the_list_tells_licence_and_consent_of_what_could_be_fetched(data):
    rows = {row["id"]: row for row in models(data, "list").lines}
    assert rows["kokoro"]["licence"] == "Apache-2.0" and not rows["kokoro"]["installed"]
    assert rows["piper-lessac"]["consent"] is True
    assert all(len(row["sha256"]) == 64 for row in rows.values() if row["kind"] == "voice")
    assert_refused(models(data, "pull", "piper-lessac", "--trust-on-first-use"), "consent_needed", 8, data)
    assert models(data, "pull", "no-such-model").lines[-1]["error"] == "unknown_model"


def test_a_running_server_fetches_a_model_and_tells_how_it_goes(web, archives, tmp_path):
    """What an administrator's program asks for is told step by step, and offered at once."""
    archive = archives["piper"]
    web.files["/server.tar.bz2"] = File(archive)
    entry = {"url": web.url("/server.tar.bz2"), "bytes": len(archive), "licence": "MIT", "languages": ["en"]}
    models = [entry | {"id": "anna", "sha256": sha256(archive)}, entry | {"id": "wrong", "sha256": "0" * 64},
              entry | {"id": "strict", "sha256": sha256(archive), "consent": True}, entry | {"id": "unpinned"}]
    (tmp_path / "list.json").write_text(json.dumps({"models": models}))
    server = Server("--catalog", str(tmp_path / "list.json"))
    try:
        ask = lambda name, **more: server.ask("POST", "/v1/models/pull", {"model_id": name, **more})
        talk = Talk(server.port, server.admin_token)
        talk.ask("subscribe", events=["model.*"])
        for name, status, code in (("nobody", 404, "unknown_model"), ("strict", 409, "consent_needed"), ("unpinned", 501, "not_supported")):
            answer = ask(name)
            assert (answer.status, answer.json["error"]["code"]) == (status, code), answer
        assert server.ask("POST", "/v1/models/pull", {"model_id": "anna"}, token=server.make_token(["speak"])).status == 403
        assert ask("anna").status == 202
        states, last = [], None
        while not states or states[-1] not in ("installed", "failed"):
            event = talk.next(60)
            assert event["model_id"] == "anna"
            if event["type"] == "model.changed":
                states.append(event["state"])
            else:
                last = event
        assert states == ["fetching", "unpacking", "trying", "installed"]
        # What has come is told until the next step is: of a small file that may be all of it, or nothing yet.
        assert last["total_bytes"] == len(archive) and 0 <= last["received_bytes"] <= len(archive)
        assert until(lambda: any(voice["engine"] == "anna" and voice["installed"] for voice in server.get("/v1/voices")["voices"]))
        assert ask("anna").json["error"]["code"] == "already_installed"
        assert ask("wrong").status == 202
        ended = talk.until("model.changed", state="failed", seconds=30)
        assert (ended["model_id"], ended["code"]) == ("wrong", "wrong_hash")
        talk.close()
    finally:
        server.close()
