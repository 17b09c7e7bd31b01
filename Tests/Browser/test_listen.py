"""What was said before, on the listen page: drafts are heard, saved and deleted, and words are found in everything."""

import base64
import json
import pathlib
import re
import subprocess
import urllib.request
import wave

import pytest
from axe_playwright_python.sync_playwright import Axe

SHOTS = pathlib.Path(__file__).parent / "shots"
# What is surely understood of the note.
NOTE = "the green garden"
SENTENCES = ["Start a new note.", "The green garden.", "Break. Break. Break."]
AT = "2026-11-21T10:00:0{}.000Z"
LATER = "2099-11-21T10:00:0{}.000Z"


@pytest.fixture(scope="module")
def note(server, tmp_path_factory):
    """Three sentences with pauses between them, in a voice that the basic recogniser understands."""
    folder = tmp_path_factory.mktemp("note")
    with wave.open(str(folder / "note.wav"), "wb") as file:
        for place, sentence in enumerate(SENTENCES):
            spoken = folder / f"{place}.wav"
            run(server, "say", sentence, "--voice", "slt", "--wav", spoken)
            with wave.open(str(spoken)) as part:
                rate, samples = part.getframerate(), part.readframes(part.getnframes())
            if place == 0:
                file.setparams((1, 2, rate, 0, "NONE", ""))
                file.writeframes(bytes(rate))
            file.writeframes(samples + bytes(2 * int(1.2 * rate)))
    return folder / "note.wav"


@pytest.fixture
def draft(server, note):
    """A note that was just dictated, with its sound."""
    run(server, "hear", "--source", note, "--fast", "--record", "--no-revise", "--speaker", "Ann")
    draft = ask(server, "/v1/drafts?limit=1")["drafts"][0]
    assert NOTE in draft["text"]
    yield draft
    for each in ask(server, "/v1/drafts")["drafts"]:
        ask(server, f"/v1/drafts/{each['draft_id']}", "DELETE")


def run(server, *arguments):
    result = subprocess.run([server.program, *map(str, arguments), "--server", f"http://127.0.0.1:{server.port}", "--token", server.admin_token],
                            capture_output=True, timeout=240)
    assert result.returncode == 0, result.stderr.decode()
    return result.stdout


def ask(server, path, method="GET", body=None):
    request = urllib.request.Request(
        f"http://127.0.0.1:{server.port}{path}", json.dumps(body).encode() if body else None,
        {"Authorization": f"Bearer {server.admin_token}", "Content-Type": "application/json"}, method=method)
    with urllib.request.urlopen(request, timeout=60) as answer:
        return json.load(answer)


def listen_page(player, **link):
    player.page.goto(player.link(**link).replace("/player#", "/listen#"))
    player.connected()
    return player.page


def item(page, draft):
    return page.locator(f"hearsay-drafts li[data-draft={draft}]")


# Where a driver does not hand over what was saved, the page tells what it gave to its browser.
TELL_FILES = """() => {
    const make = URL.createObjectURL, click = HTMLAnchorElement.prototype.click;
    URL.createObjectURL = (blob) => { window.given = blob; return make.call(URL, blob); };
    HTMLAnchorElement.prototype.click = async function () {
        const { download } = this, bytes = new Uint8Array(await window.given.arrayBuffer());
        let text = '';
        for (const byte of bytes) text += String.fromCharCode(byte);
        window.saved = [download, btoa(text)];
        click.call(this);
    };
}"""


def download(player, place, form):
    """The name and the bytes of the file that is saved in this form."""
    page = player.page
    if not player.kind.hands_over_files:
        page.evaluate(f"window.saved === undefined && ({TELL_FILES})()")
        page.evaluate("window.saved = null")
    place.get_by_text("Download").click()
    button = place.get_by_role("button", name=form)
    if player.kind.hands_over_files:
        with page.expect_download(timeout=120_000) as started:
            button.click()
        return started.value.suggested_filename, pathlib.Path(started.value.path()).read_bytes()
    button.click()
    while not (saved := page.evaluate("window.saved")):
        page.wait_for_timeout(50)
    return saved[0], base64.b64decode(saved[1])


def test_a_draft_is_heard_saved_and_deleted(player, server, draft):
    page, identifier = listen_page(player), draft["draft_id"]
    shown = item(page, identifier)
    shown.get_by_text(draft["text"]).wait_for()
    assert re.search(r"Ann · Source \w{4} · basic recogniser", shown.inner_text())
    assert "Ann" in shown.inner_text()
    live = page.get_by_role("log", name="What is heard").get_by_text(NOTE)
    live.wait_for()

    shown.get_by_role("button", name="Play").click()
    shown.get_by_role("button", name="Pause").wait_for()
    place = shown.get_by_role("slider", name="Place in the recording")
    while float(place.input_value()) < 0.5:
        page.wait_for_timeout(50)
    shown.get_by_role("button", name="Pause").click()
    shown.get_by_role("button", name="Play").wait_for()

    for form, ending in (("Text", "txt"), ("SRT", "srt"), ("WebVTT", "vtt"), ("JSON", "json"), ("WAV", "wav")):
        name, saved = download(player, shown, form)
        assert name.startswith("draft-20") and name.endswith(f".{ending}")
        assert saved == run(server, "drafts", "export", identifier, "--format", ending)

    shown.get_by_role("button", name="Delete").click()
    shown.get_by_role("button", name="Keep").click()
    assert shown.get_by_role("button", name="Delete").evaluate("each => each === document.activeElement")
    shown.get_by_role("button", name="Delete").click()
    shown.get_by_role("button", name="Delete for good").click()
    shown.wait_for(state="detached")
    live.wait_for(state="detached")
    assert ask(server, "/v1/drafts")["drafts"] == []
    # Nor does it come back with the events of before.
    page.reload()
    player.connected()
    page.get_by_text("Say “start a new note”").wait_for()
    assert live.count() == 0


def test_what_somebody_else_deletes_goes_too(player, server, draft):
    page = listen_page(player)
    item(page, draft["draft_id"]).wait_for()
    ask(server, f"/v1/drafts/{draft['draft_id']}", "DELETE")
    item(page, draft["draft_id"]).wait_for(state="detached")
    page.get_by_text("Say “start a new note”").wait_for()


def test_what_was_deleted_does_not_come_back_with_a_second_reading(player):
    page = listen_page(player)
    tell = lambda kind, number, **fields: player.wire.say({"v": 1, "type": kind, "seq": 10**9, "at": AT.format(0), **fields, **(
        {"draft": noted(number)} if kind in ("draft.ended", "draft.revised") else {})})
    for number in (1, 2):
        tell("draft.ended", number)
    item(page, "dra_1").wait_for()
    tell("draft.deleted", 1, draft_id="dra_1", utterance_ids=[])
    tell("transcript.deleted", 2, session_id="default")
    item(page, "dra_1").wait_for(state="detached")
    for number in (1, 2):
        tell("draft.revised", number)
    tell("draft.ended", 3)
    item(page, "dra_3").wait_for()
    assert [each.get_attribute("data-draft") for each in page.locator("hearsay-drafts li[data-draft]").all()] == ["dra_3"]


def test_a_refusal_is_told_in_the_servers_words(player, watch):
    page = listen_page(player)
    # One that the server does not know.
    player.wire.say({"v": 1, "type": "draft.ended", "seq": 10**9, "at": AT.format(0), "draft": noted(1)})
    shown = item(page, "dra_1")
    shown.get_by_role("button", name="Delete").click()
    shown.get_by_role("button", name="Delete for good").click()
    shown.get_by_role("alert").filter(has_text="there is no such draft").wait_for()
    watch.faults[:] = [fault for fault in watch.faults if "404" not in fault]


def test_an_id_is_no_other_path(player, watch):
    page, asked = listen_page(player), []
    page.on("request", lambda request: request.method == "DELETE" and asked.append(request.url))
    identifier = "../transcripts?session=default#x"
    player.wire.say({"v": 1, "type": "draft.ended", "seq": 10**9, "at": AT.format(0), "draft": {**noted(1), "draft_id": identifier}})
    shown = item(page, f'"{identifier}"')
    shown.get_by_role("button", name="Delete").click()
    shown.get_by_role("button", name="Delete for good").click()
    shown.get_by_role("alert").filter(has_text="there is no such draft").wait_for()
    assert [url.partition("/v1/")[2] for url in asked] == ["drafts/..%2Ftranscripts%3Fsession%3Ddefault%23x"]
    watch.faults[:] = [fault for fault in watch.faults if "404" not in fault]


def test_words_are_found_in_everything_that_was_said(player, server, draft):
    page = listen_page(player)
    word = "garden"
    live, found = page.get_by_role("log", name="What is heard"), page.get_by_role("region", name="What was found")
    live.get_by_text(NOTE).wait_for()
    page.get_by_role("searchbox", name="Find in everything said").fill(word[:-1].upper())
    line = found.get_by_role("listitem").first
    assert line.locator("mark").inner_text() == word
    assert re.search(r"Ann · Source \w{4} · basic recogniser", line.inner_text())
    assert page.get_by_role("status").filter(has_text="1 found").count() == 1 and live.is_hidden()
    saved = download(player, page.locator("hearsay-find"), "Text")[1].decode()
    assert saved.count("\n") == 1 and "Ann: " in saved and NOTE in saved
    page.get_by_role("searchbox").fill("xylophone")
    page.get_by_text("Nothing was found.").wait_for()
    assert found.is_hidden()
    page.get_by_role("searchbox").press("Escape")
    live.get_by_text(NOTE).wait_for()
    everything = json.loads(download(player, page.locator("hearsay-find"), "JSON")[1])
    assert {each["speaker"] for each in everything["transcripts"]} == {"Ann"}


def test_a_group_is_read_as_one_transcript(player, server, note, draft):
    run(server, "hear", "--source", note, "--fast", "--no-revise", "--speaker", "Ben", "--group", "meeting")
    page = listen_page(player)
    live, found = page.get_by_role("log", name="What is heard"), page.get_by_role("region", name="What was found")
    live.get_by_text("Ann").first.wait_for()
    page.get_by_label("Group").select_option("meeting")
    live.get_by_text("Ben").first.wait_for()
    assert live.get_by_text("Ann").count() == 0 and live.get_by_text(NOTE).count() == 1

    # A short sentence has its text first and began last.
    tell = lambda kind, utterance, **fields: player.wire.say({
        "v": 1, "type": kind, "seq": 10**9, "at": LATER.format(9), "source_id": "desk", "session_id": "default", "utterance_id": utterance, **fields})
    tell("source.started", "", codec="pcm_s16", speaker="Cleo", group="meeting")
    tell("transcript.final", "utt_short", text="of course", engine="big")
    tell("transcript.final", "utt_long", text="shall we begin", engine="big")
    for utterance, second in (("utt_long", 1), ("utt_short", 3)):
        tell("group.said", utterance, group="meeting", said_at=LATER.format(second))
    live.get_by_text("shall we begin").wait_for()
    page.wait_for_function("""() => {
        const words = [...document.querySelectorAll('hearsay-transcript .words')].map((each) => each.textContent);
        return words.indexOf('of course') === words.length - 1 && words.indexOf('shall we begin') === words.length - 2;
    }""")

    name, saved = download(player, page.locator("hearsay-find"), "Text")
    assert name.startswith("meeting-20") and saved == run(server, "drafts", "export", "--all", "--group", "meeting")
    assert all(" Ben: " in line for line in saved.decode().splitlines()) and NOTE in saved.decode()
    page.get_by_role("searchbox").fill("garden")
    found.get_by_role("listitem").first.wait_for()
    assert re.search(r"Ben · Source \w{4} · meeting · basic", found.inner_text()) and "Ann" not in found.inner_text()
    page.get_by_label("Group").select_option("Everything")
    found.get_by_text("Ann").wait_for()
    ask(server, "/v1/transcripts?session=default", "DELETE")


def test_what_was_found_comes_in_pages(player):
    page = listen_page(player)

    def answer(route):
        first = 40 - 20 * ("before=20" in route.request.url)
        said = [{"utterance_id": f"utt_{n}", "source_id": "desk", "said_at": AT.format(0), "text": f"word {n}", "engine": "big", "session_id": "default"}
                for n in range(first, first - 20, -1)]
        route.fulfill(json={"transcripts": said, **({"next": 20} if first == 40 else {})})

    page.route("**/v1/transcripts?*", answer)
    page.get_by_role("searchbox").fill("word")
    page.get_by_text("The newest 20 of more").wait_for()
    page.get_by_role("button", name="More").click()
    page.get_by_text("40 found").wait_for()
    assert page.evaluate("document.activeElement.innerText").startswith("word 20")
    lines = page.get_by_role("region", name="What was found").get_by_role("listitem")
    assert [each.split("\n")[0] for each in lines.all_inner_texts()] == [f"word {n}" for n in range(40, 0, -1)]


def test_drafts_come_in_pages_and_in_their_order(player):
    def answer(route):
        first = 25 - 20 * ("before=6" in route.request.url)
        drafts = [noted(n) for n in range(first, max(0, first - 20), -1)]
        route.fulfill(json={"drafts": drafts, "total": 25, **({"next": 6} if first == 25 else {})})

    player.page.route("**/v1/drafts?*", answer)
    page = listen_page(player)
    page.get_by_role("button", name="Older drafts").click()
    page.get_by_text("note 1.").wait_for()
    texts = [each.split("\n")[0] for each in page.locator("hearsay-drafts li[data-draft]").all_inner_texts()]
    assert texts == [f"note {n}." for n in range(25, 0, -1)]
    assert page.get_by_role("button", name="Older drafts").is_hidden()


def noted(number, **fields):
    """A draft as the server lists it."""
    return {"draft_id": f"dra_{number}", "session_id": "default", "source_id": "desk", "started_at": f"2026-11-21T10:{number:02}:00.000Z",
            "start_ms": 0, "start_text": "start a new note", "text": f"note {number}.", "revised": False, "ended_at": AT.format(5),
            "ended_by": "command", "end_ms": 9_000, **fields}


def test_a_draft_grows_while_it_is_dictated(player):
    page = listen_page(player)

    def tell(kind, text, **fields):
        growing = {key: value for key, value in noted(1, text=text, speaker="Ann").items() if not key.startswith("end")}
        player.wire.say({"v": 1, "type": kind, "seq": 10**9, "at": AT.format(0), "session_id": "default", "source_id": "desk", "draft": {**growing, **fields}})

    shown = item(page, "dra_1")
    tell("draft.started", "")
    shown.get_by_text("Listening …").wait_for()
    assert shown.get_by_role("button", name="Delete").is_hidden()
    tell("draft.updated", "buy milk")
    shown.get_by_text("buy milk").wait_for()
    assert "Ann" in shown.inner_text() and "being dictated" in shown.inner_text()
    tell("draft.ended", "buy milk and bread", ended_at=AT.format(5), ended_by="command")
    shown.get_by_text("buy milk and bread").wait_for()
    assert "being dictated" not in shown.inner_text() and shown.get_by_role("button", name="Play").is_hidden()
    player.wire.say({"v": 1, "type": "recording.saved", "seq": 10**9, "draft_id": "dra_1", "duration_ms": 65_000, "path": "/r", "bytes": 1, "utterances": 1})
    shown.get_by_text("0:00 / 1:05").wait_for()
    assert shown.get_by_role("button", name="Play").is_visible()


def test_a_link_that_may_only_read_says_so(player, server, draft, watch):
    made = ask(server, "/v1/tokens", "POST", {"scopes": ["listen", "events"], "session_id": "default"})
    page = listen_page(player, token=made["token"])
    shown = item(page, draft["draft_id"])
    shown.get_by_role("button", name="Delete").click()
    shown.get_by_role("button", name="Delete for good").click()
    shown.get_by_role("alert").filter(has_text="hearsay token create").wait_for()
    assert ask(server, f"/v1/drafts/{draft['draft_id']}")["text"] == draft["text"]
    # The browser itself tells of an answer of 403.
    watch.faults[:] = [fault for fault in watch.faults if "403" not in fault]


def test_a_link_that_may_control_pauses_a_microphone(player, server, control, watch, a_refused_style_is_axes_own):
    control.ask("source.open", source_id="desk", codec="pcm_s16", sample_rate=16_000, speaker="Ann")
    made = ask(server, "/v1/tokens", "POST", {"scopes": ["events", "control"], "session_id": "default"})
    page = listen_page(player, token=made["token"])
    shown = page.locator("hearsay-sources li[data-source=desk]")
    is_paused = lambda: {each["source_id"]: each["paused"] for each in ask(server, "/v1/sources")["sources"]}["desk"]
    shown.get_by_role("button", name="Pause: Ann").click()
    shown.get_by_role("button", name="Go on: Ann").wait_for()
    shown.get_by_text("paused", exact=True).wait_for()
    assert is_paused()
    shown.get_by_role("button", name="Go on: Ann").click()
    shown.get_by_role("button", name="Pause: Ann").wait_for()
    assert not is_paused()
    page.route("**/v1/sources/desk/pause", lambda route: route.fulfill(status=403, json={"error": {"code": "not_allowed", "message": "not now"}}))
    shown.get_by_role("button", name="Pause: Ann").click()
    shown.get_by_role("alert").filter(has_text="not now").wait_for()
    assert shown.get_by_role("button", name="Pause: Ann").is_enabled()
    look(page, f"{player.kind.name}-listen-operator")
    control.ask("source.close", source_id="desk")
    shown.wait_for(state="detached")
    watch.faults[:] = [fault for fault in watch.faults if "403" not in fault]


def test_a_link_that_may_not_control_has_no_button(player):
    page = listen_page(player)
    player.wire.say({"v": 1, "type": "source.started", "seq": 10**9, "source_id": "desk", "session_id": "default", "codec": "pcm_s16", "speaker": "Ann"})
    page.locator("hearsay-sources li[data-source=desk]").wait_for()
    assert page.locator("hearsay-sources button").is_hidden()


def test_axe_finds_nothing(player, server, kind, draft, a_refused_style_is_axes_own):
    page = listen_page(player, token=server.admin_token)
    tell = lambda type, **fields: player.wire.say({
        "v": 1, "type": type, "seq": 10**9, "source_id": "kitchen", "session_id": "default", "utterance_id": "utt_1", "at": AT.format(1), **fields})
    tell("source.started", codec="pcm_s16", speaker="Ben", group="breakfast")
    tell("level", level_db=-18)
    tell("transcript.final", text="turn on the kitchen light", engine="big", start_ms=0, end_ms=900)
    tell("command.matched", name="light", slots={"state": "on", "room": "kitchen"})
    tell("transcript.partial", utterance_id="utt_2", confirmed="and then we ", tentative="wood have")
    shown = item(page, draft["draft_id"])
    page.get_by_text("wood have").wait_for()
    page.locator(".chip").get_by_text("light: on, kitchen", exact=True).wait_for()
    look_everywhere(page, f"{kind.name}-listen")
    shown.get_by_text("Download").click()
    look_everywhere(page, f"{kind.name}-listen-menu")
    page.keyboard.press("Escape")
    shown.get_by_role("button", name="Delete").click()
    page.get_by_role("searchbox").fill("garden")
    page.locator("hearsay-find mark").first.wait_for()
    look_everywhere(page, f"{kind.name}-listen-found")


def look_everywhere(page, name):
    """On a wide screen and a phone, by day and by night."""
    for width in (1280, 390):
        page.set_viewport_size({"width": width, "height": 844})
        sizes = page.evaluate("""[...document.querySelectorAll('button, input, select, summary')]
            .filter((each) => each.checkVisibility() && !['checkbox', 'radio'].includes(each.type))
            .map((each) => [each.outerHTML.slice(0, 60), each.getBoundingClientRect().width, each.getBoundingClientRect().height])""")
        assert sizes and all(width >= 44 and height >= 44 for _, width, height in sizes), sizes
        for scheme in ("light", "dark"):
            page.emulate_media(color_scheme=scheme)
            look(page, f"{name}-{scheme}-{width}")


def look(page, name):
    page.screenshot(path=SHOTS / f"{name}.png", full_page=True)
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    found = Axe().run(page)
    assert found.violations_count == 0, found.generate_report()
