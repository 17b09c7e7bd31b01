"""The microphone of a page: a real Chromium hears a recording as its microphone, and the server understands it."""

import json
import pathlib
import re
import sys
import urllib.request
import wave

import pytest

from axe_playwright_python.sync_playwright import Axe

sys.path.append(str(pathlib.Path(__file__).resolve().parents[1] / "System"))

from bad_line import BadLine
from conftest import Player
from wire import Wire

SHOTS = pathlib.Path(__file__).parent / "shots"
# Debian's package pocketsphinx-testdata.
GO = pathlib.Path("/usr/share/pocketsphinx/test/data/goforward.raw").read_bytes()
BEFORE, AFTER = bytes(16_000), bytes(64_000)
# Milliseconds until it comes round.
ROUND = len(BEFORE + GO + AFTER) / 32
WORDS = "go forward ten meters"
# Before its recogniser has started a server is slow.
SOON = 120_000

# Only Chromium takes a recording for its microphone.
in_chromium = pytest.mark.only_browser("chromium")


@pytest.fixture(scope="session")
def recording(tmp_path_factory):
    """A sentence between silences, over and over: Chromium begins with the click and goes on until the end."""
    path = tmp_path_factory.mktemp("microphone") / "go.wav"
    with wave.open(str(path), "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(16_000)
        file.writeframes(BEFORE + GO + AFTER)
    return str(path)


@pytest.fixture
def page(player_in, recording):
    """A page whose microphone hears the recording as it is, as with headphones."""
    player = player_in(recording=recording)
    player.page.add_init_script(
        "try { localStorage['hearsay.microphone'] ??= '{\"hasHeadphones\": true, \"pushesToTalk\": false, \"speaker\": \"Ann\"}'; } catch {}")
    return player


def listen_page(player, **link):
    player.page.goto(player.link(**link).replace("/player#", "/listen#"))
    player.page.locator("hearsay-connection[data-state=connected]").wait_for()
    return player.page


def microphone(page):
    return page.locator("hearsay-microphone")


def save_data(seen):
    seen.get_by_text("Options", exact=True).click()
    seen.get_by_label("Save data").check()


def begin(player):
    """Clicks the button; returns the lines of this microphone, by their state."""
    player.page.get_by_role("button", name="Microphone", exact=True).click()
    source = player.wire.wait_sent(type="source.open")["source_id"]
    return lambda state: player.page.locator(f"hearsay-transcript li[data-source={source}][data-state={state}]")


@in_chromium
def test_a_sentence_into_the_microphone_becomes_text(page):
    seen = listen_page(page)
    lines = begin(page)
    microphone(seen).get_by_text("Recording", exact=True).wait_for()
    assert seen.title().startswith("●")
    final = lines("final").filter(has_text=WORDS).first
    final.wait_for(timeout=SOON)
    assert re.search(r"Ann · Browser \w{4} · basic recogniser", final.inner_text())
    opened = page.wire.wait_sent(type="source.open")
    own = seen.locator(f"hearsay-sources li[data-source={opened['source_id']}]")
    assert own.locator("meter").count() == 1
    # As it comes from the microphone, 48 kHz, it would be 768 kbit/s.
    assert (opened["sample_rate"], opened["codec"]) == (16_000, "pcm_s16")
    assert {frame["samples"] for frame in page.wire.all_sent(type="frame")} == {960}
    seen.get_by_role("button", name="Stop", exact=True).click()
    microphone(seen).get_by_text("Recording", exact=True).wait_for(state="hidden")
    assert not seen.title().startswith("●")
    own.wait_for(state="detached")


@in_chromium
def test_as_opus_it_takes_a_tenth_of_the_data_and_is_understood_as_well(page):
    seen = listen_page(page)
    save_data(seen)
    begin(page)("final").filter(has_text=WORDS).first.wait_for(timeout=SOON)
    opened = page.wire.wait_sent(type="source.open")
    assert (opened["sample_rate"], opened["codec"]) == (16_000, "opus")
    frames = page.wire.all_sent(type="frame")
    starts = [frame["timestamp"] for frame in frames]
    assert {later - earlier for earlier, later in zip(starts, starts[1:])} == {960}
    # With the header of its frame and that of the WebSocket, in bits per second.
    assert sum(2 * frame["samples"] + 16 + 6 for frame in frames) * 8 / (len(frames) * 0.06) <= 32_000
    # The other way to send it is another source.
    seen.get_by_label("Save data").uncheck()
    page.wire.wait_sent(type="source.close", source_id=opened["source_id"])
    page.wire.wait_sent(type="source.open", codec="pcm_s16")
    page.wire.wait_received(type="source.stopped", source_id=opened["source_id"], reason="closed")
    microphone(seen).get_by_text("Recording", exact=True).wait_for()


def test_text_grows_grey_and_becomes_certain(player, a_refused_style_is_axes_own):
    seen = listen_page(player)
    line = {"v": 1, "source_id": "desk", "session_id": "default", "utterance_id": "utt_1", "at": "2026-11-21T10:00:00.000Z"}
    tell = lambda kind, **fields: player.wire.say({**line, "type": kind, **fields})
    tell("source.started", codec="pcm_s16", speaker="Ann")
    tell("level", level_db=-20.5)
    tell("transcript.partial", confirmed="start a ", tentative="new nut")
    item = seen.locator("hearsay-transcript li[data-source=desk]").first
    item.locator(".tentative").filter(has_text="new nut").wait_for()
    assert item.get_attribute("data-state") == "growing" and item.get_attribute("aria-hidden") == "true"
    colours = "each => [each, each.querySelector('.tentative')].map((one) => getComputedStyle(one).color)"
    certain, open = item.locator(".words").evaluate(colours)
    assert certain != open
    tell("transcript.final", text="start a new note", engine="pocketsphinx", start_ms=0, end_ms=900)
    tell("transcript.partial", confirmed="", tentative="late")
    tell("command.matched", name="new_note", slots={})
    tell("transcript.failed", utterance_id="utt_2", code="overloaded")
    item.locator(".chip").filter(has_text="new_note").wait_for()
    seen.get_by_text("The server had too much to hear.").wait_for()
    assert item.locator(".words").inner_text() == "start a new note"
    assert "Ann · desk · basic recogniser" in item.inner_text() and item.get_attribute("aria-hidden") is None
    assert seen.locator("hearsay-sources li[data-source=desk] meter").evaluate("each => each.value") == -20.5
    seen.get_by_text("Options", exact=True).click()
    for scheme, width in (("light", 1280), ("dark", 390)):
        seen.emulate_media(color_scheme=scheme)
        seen.set_viewport_size({"width": width, "height": 844})
        seen.screenshot(path=SHOTS / f"listen-{scheme}-{width}.png", full_page=True)
        assert seen.evaluate("document.documentElement.scrollWidth <= innerWidth")
        found = Axe().run(seen)
        assert found.violations_count == 0, found.generate_report()


@in_chromium
def test_the_player_has_a_microphone_too_and_shows_what_is_heard(page):
    page.open().connected()
    begin(page)("final").filter(has_text=WORDS).first.wait_for(timeout=SOON)


def listen_page_with_push_to_talk(page):
    """Its microphone is open, and nobody holds the button."""
    seen = listen_page(page)
    seen.get_by_text("Options", exact=True).click()
    seen.get_by_label("Push to talk").check()
    begin(page)
    microphone(seen).get_by_text("Not heard", exact=True).wait_for()
    return seen


@in_chromium
def test_push_to_talk_is_heard_only_while_it_is_held(page):
    seen = listen_page_with_push_to_talk(page)
    assert page.wire.wait_sent(type="source.pause")
    seen.wait_for_timeout(300)
    assert page.wire.all_sent(type="frame") == []
    seen.get_by_role("button", name="Hold to talk").focus()
    seen.keyboard.down("Space")
    microphone(seen).get_by_text("Recording", exact=True).wait_for()
    own = {"source_id": page.wire.wait_sent(type="source.open")["source_id"]}
    page.wire.wait_received(SOON / 1_000, type="speech.started", **own)
    seen.keyboard.up("Space")
    microphone(seen).get_by_text("Not heard", exact=True).wait_for()
    # What was said is over, although nothing follows it.
    page.wire.wait_received(SOON / 1_000, type="speech.stopped", **own)
    sent = len(page.wire.all_sent(type="frame"))
    seen.wait_for_timeout(300)
    assert len(page.wire.all_sent(type="frame")) == sent


@in_chromium
def test_a_resume_by_the_server_does_not_hold_the_button(page):
    seen = listen_page_with_push_to_talk(page)
    own = {"source_id": page.wire.wait_sent(type="source.open")["source_id"]}
    page.wire.wait_sent(type="source.pause", **own)
    for state in ("slow_down", "resume"):
        page.wire.say({"type": "source.control", "state": state, **own})
    # Whatever the server holds of it, it is told again.
    wait_until(seen, lambda: len(page.wire.all_sent(type="source.pause", **own)) == 2)
    seen.wait_for_timeout(300)
    assert microphone(seen).get_by_role("status").inner_text() == "Not heard"
    assert page.wire.all_sent(type="frame") == [] and page.wire.all_sent(type="source.resume") == []
    seen.get_by_role("button", name="Hold to talk").focus()
    seen.keyboard.down("Space")
    microphone(seen).get_by_text("Recording", exact=True).wait_for()
    assert page.wire.wait_sent(type="source.resume", **own)
    page.wire.wait_received(SOON / 1_000, type="speech.started", **own)
    seen.keyboard.up("Space")


def away(player):
    """Takes the server's socket away; returns what brings it back."""
    player.wire.refuses_sockets = True
    player.wire.cut()
    player.page.locator("hearsay-connection:not([data-state=connected])").wait_for()

    def come_back():
        player.wire.refuses_sockets = False
        player.page.evaluate("window.dispatchEvent(new Event('online'))")

    return come_back


def record_without_server(page):
    """Begins to record while the server is away; returns the page and what brings the server back."""
    seen = listen_page(page)
    come_back = away(page)
    seen.get_by_role("button", name="Microphone", exact=True).click()
    microphone(seen).get_by_text("Recording", exact=True).wait_for()
    return seen, come_back


@in_chromium
def test_it_says_that_it_records_while_the_server_is_away(page, lost_sockets_are_expected):
    seen, come_back = record_without_server(page)
    assert seen.title().startswith("●")
    assert seen.get_by_role("button", name="Stop", exact=True).is_enabled()
    assert page.wire.all_sent(type="source.open") == []
    seen.wait_for_timeout(ROUND)
    come_back()
    source = page.wire.wait_sent(type="source.open")["source_id"]
    final = seen.locator(f"hearsay-transcript li[data-source={source}][data-state=final]").filter(has_text=WORDS)
    final.first.wait_for(timeout=SOON)


@in_chromium
def test_what_was_said_before_a_stop_is_sent_before_the_end(page, lost_sockets_are_expected):
    seen, come_back = record_without_server(page)
    seen.wait_for_timeout(ROUND)
    seen.get_by_role("button", name="Stop", exact=True).click()
    microphone(seen).get_by_text("Sending what was said", exact=True).wait_for()
    # The microphone itself is let go at once.
    assert not seen.title().startswith("●")
    come_back()
    closed = page.wire.wait_sent(type="source.close")
    order = [message["type"] for message in page.wire.sent if message["type"] in ("frame", "source.close")]
    assert order.index("source.close") * 60 >= ROUND - 500 and order[-1] == "source.close"
    microphone(seen).get_by_text("Sending what was said", exact=True).wait_for(state="hidden")
    final = seen.locator(f"hearsay-transcript li[data-source={closed['source_id']}][data-state=final]").filter(has_text=WORDS)
    final.first.wait_for(timeout=SOON)
    page.wire.wait_received(type="source.stopped", source_id=closed["source_id"], reason="closed")


@in_chromium
def test_what_does_not_reach_the_server_in_half_a_minute_is_told_as_lost(page, lost_sockets_are_expected):
    page.page.clock.install()
    seen = listen_page(page)
    away(page)
    seen.get_by_role("button", name="Microphone", exact=True).click()
    microphone(seen).get_by_text("Recording", exact=True).wait_for()
    seen.wait_for_timeout(1_000)
    seen.get_by_role("button", name="Stop", exact=True).click()
    microphone(seen).get_by_text("Sending what was said", exact=True).wait_for()
    seen.clock.fast_forward(31_000)
    microphone(seen).get_by_role("alert").filter(has_text="did not reach it").wait_for()
    microphone(seen).get_by_text("Sending what was said", exact=True).wait_for(state="hidden")


@in_chromium
def test_the_sound_of_drafts_is_kept_only_on_request(page):
    seen = listen_page(page)
    begin(page)
    own = {"source_id": page.wire.wait_sent(type="source.open", record=False)["source_id"]}
    microphone(seen).get_by_text("Recording", exact=True).wait_for()
    seen.get_by_text("Options", exact=True).click()
    seen.get_by_label("Keep the sound of drafts").check()
    page.wire.wait_sent(type="source.update", record=True, **own)
    microphone(seen).get_by_text("Recording, drafts with sound", exact=True).wait_for()
    assert len(page.wire.all_sent(type="source.open")) == 1
    for scheme, width in (("light", 1280), ("dark", 1280), ("light", 390), ("dark", 390)):
        seen.emulate_media(color_scheme=scheme)
        seen.set_viewport_size({"width": width, "height": 844})
        seen.screenshot(path=SHOTS / f"recording-{scheme}-{width}.png", full_page=True)
    # Somebody else may end it; the sign tells what holds.
    page.wire.say({"v": 1, "type": "source.updated", "session_id": "default", "record": False, "paused": False, **own})
    microphone(seen).get_by_text("Recording", exact=True).wait_for()
    seen.reload()
    page.wire.sent.clear()
    begin(page)
    assert page.wire.wait_sent(type="source.open", record=True)
    microphone(seen).get_by_text("Recording, drafts with sound", exact=True).wait_for()


def wait_until(page, claim, seconds=20):
    for _ in range(20 * seconds):
        if claim():
            return
        page.wait_for_timeout(50)
    raise AssertionError(claim)


# The empty page before it has no microphones.
ASKED = """if (navigator.mediaDevices) {
  const ask = MediaDevices.prototype.getUserMedia;
  MediaDevices.prototype.getUserMedia = function (wishes) { (window.asked ??= []).push(wishes.audio); return ask.call(this, wishes); };
}"""


def test_echo_is_taken_away_unless_one_wears_headphones(player):
    player.page.add_init_script(ASKED)
    seen = listen_page(player)
    begin(player)
    microphone(seen).get_by_text("Recording", exact=True).wait_for()
    seen.get_by_text("Options", exact=True).click()
    seen.get_by_label("I wear headphones").check()
    wait_until(seen, lambda: seen.evaluate("asked.length") == 2)
    names = ("echoCancellation", "noiseSuppression", "autoGainControl")
    assert seen.evaluate("asked") == [dict.fromkeys(names, True), dict.fromkeys(names, False)]
    # Which only concerns the microphone: its source goes on.
    microphone(seen).get_by_text("Recording", exact=True).wait_for()
    assert len(player.wire.all_sent(type="source.open")) == 1


@in_chromium
@pytest.mark.parametrize(("lose", "saves_data"), [(Wire.cut, False), (Wire.freeze, False), (Wire.cut, True)])
def test_a_lost_connection_costs_no_word(page, lost_sockets_are_expected, lose, saves_data):
    """Cut, or dead without a word: then the page itself has to notice that nothing answers it."""
    seen = listen_page(page)
    if saves_data:
        save_data(seen)
    lines = begin(page)
    own = {"source_id": page.wire.wait_sent(type="source.open")["source_id"]}
    # On a machine with too much to do the browser itself loses sound, so that a sentence may need another try.
    for attempt in range(1, 6):
        while len(page.wire.all_received(type="speech.started", **own)) < attempt:
            seen.wait_for_timeout(50)
        lose(page.wire)
        # 6 s without an answer, and what making a connection takes.
        wait_until(seen, lambda: len(page.wire.all_sent(type="source.open", **own)) > attempt, 15)
        lines("final").nth(attempt - 1).wait_for(timeout=SOON)
        if lines("final").nth(attempt - 1).locator(".words").inner_text() == WORDS:
            break
    else:
        raise AssertionError(lines("final").all_inner_texts())


@pytest.fixture
def bad_line(server):
    """A line that is cut 5 s in every 20: first in silence, then by a reset."""
    line = BadLine(server.port, seed=10, begins=False)
    assert line.is_silent[:2] == [True, False]
    wire = Wire(line.port)
    yield line, wire
    wire.close()
    line.close()


@in_chromium
def test_a_line_that_is_cut_5_s_in_every_20_gives_the_same_words(page, bad_line, control, lost_sockets_are_expected):
    line, wire = bad_line
    seen = Player(page.page, wire, page.server, page.kind)
    # On a machine with too much to do the browser itself loses sound: then it is tried once more.
    for attempt in range(3):
        fault = hear_over(seen, line, control)
        if not fault:
            break
    assert not fault and line.resets > 0


def hear_over(player, line, control):
    """Speaks for two cuts of a line; returns what was not understood."""
    line.is_open.wait(60)
    listen_page(player)
    player.wire.sent.clear()
    begin(player)
    source = player.wire.wait_sent(type="source.open")["source_id"]
    cuts = line.cuts
    if cuts == 0:
        line.begin()
    while line.cuts < cuts + 2:
        player.page.wait_for_timeout(200)
    line.is_open.wait(60)
    finals = lambda: [each for each in control.messages if each["type"] == "transcript.final" and each["source_id"] == source]
    count = len(finals())
    control.wait(lambda _: len(finals()) > count + 1)
    player.page.get_by_role("button", name="Stop", exact=True).click()
    starts = [each["start_ms"] for each in finals()]
    # Where none is missing and none came twice, what was understood comes round with the recording.
    lengths = [later - earlier for earlier, later in zip(starts, starts[1:])]
    said = [each["text"] for each in finals()]
    if set(said[1:]) != {WORDS} or not all(abs(length - ROUND) < 500 for length in lengths[1:]):
        return said, lengths
    return None


@in_chromium
def test_somebody_elsewhere_may_pause_it(page, control):
    seen = listen_page(page)
    begin(page)
    source = page.wire.wait_sent(type="source.open")["source_id"]
    microphone(seen).get_by_text("Recording", exact=True).wait_for()
    control.ask("source.pause", source_id=source)
    microphone(seen).get_by_text("Paused from elsewhere").wait_for()
    seen.get_by_role("button", name="Go on").click()
    microphone(seen).get_by_text("Recording", exact=True).wait_for()
    control.ask("source.close", source_id=source)
    seen.get_by_role("button", name="Microphone", exact=True).wait_for()


@in_chromium
def test_a_pause_that_ends_while_the_page_is_away_ends(page, control, lost_sockets_are_expected):
    seen = listen_page(page)
    begin(page)
    source = page.wire.wait_sent(type="source.open")["source_id"]
    microphone(seen).get_by_text("Recording", exact=True).wait_for()
    control.ask("source.pause", source_id=source)
    microphone(seen).get_by_text("Paused from elsewhere").wait_for()
    page.wire.cut()
    control.ask("source.resume", source_id=source)
    microphone(seen).get_by_text("Recording", exact=True).wait_for()
    assert not page.wire.all_sent(type="source.pause")


@in_chromium
def test_a_link_that_may_not_speak_says_so(page, server):
    token = make_token(server, ["listen", "events"])
    seen = listen_page(page, token=token)
    seen.get_by_role("button", name="Microphone", exact=True).click()
    microphone(seen).get_by_role("alert").filter(has_text="hearsay token create").wait_for()
    assert seen.get_by_role("button", name="Microphone", exact=True).get_attribute("aria-pressed") == "false"


@in_chromium
def test_a_refused_permission_is_explained(player_in):
    player = player_in(may_record=False)
    seen = listen_page(player)
    seen.get_by_role("button", name="Microphone", exact=True).click()
    microphone(seen).get_by_role("alert").filter(has_text="not allowed").wait_for()


def test_plain_http_from_elsewhere_has_no_microphone_and_says_why(player):
    seen = listen_page(player, host="voice.lan")
    assert "https" in microphone(seen).get_by_role("alert").inner_text()
    seen.get_by_role("button", name="Microphone", exact=True).click()
    assert "ssh -L" in microphone(seen).get_by_role("alert").inner_text()


@pytest.mark.only_browser("firefox")
def test_firefox_sends_16_khz_whatever_the_rate_of_its_microphone(player):
    seen = listen_page(player)
    begin(player)
    microphone(seen).get_by_text("Recording", exact=True).wait_for()
    level = "document.querySelector('hearsay-microphone meter').value"
    # Its own `wait_for_function` is what the page's rules refuse.
    while seen.evaluate(level) < -40:
        seen.wait_for_timeout(50)
    player.wire.wait_sent(type="frame", timestamp=9_600)
    assert {frame["samples"] for frame in player.wire.all_sent(type="frame")} == {960}


@pytest.mark.only_browser("firefox")
def test_firefox_makes_opus_too_and_a_pause_comes_behind_its_last_packet(player):
    seen = listen_page(player)
    save_data(seen)
    begin(player)
    player.wire.wait_sent(type="frame", timestamp=9_600)
    seen.get_by_label("Push to talk").check()
    player.wire.wait_sent(type="source.pause")
    assert player.wire.wait_sent(type="source.open")["codec"] == "opus"
    frames = player.wire.all_sent(type="frame")
    assert [frame["timestamp"] for frame in frames] == list(range(0, 960 * len(frames), 960))
    assert max(2 * frame["samples"] for frame in frames) < 400
    seen.get_by_role("button", name="Stop", exact=True).click()
    player.wire.wait_sent(type="source.close")


def make_token(server, scopes):
    request = urllib.request.Request(
        f"http://127.0.0.1:{server.port}/v1/tokens", json.dumps({"scopes": scopes, "session_id": "default"}).encode(),
        {"Authorization": f"Bearer {server.admin_token}", "Content-Type": "application/json"})
    with urllib.request.urlopen(request) as answer:
        return json.load(answer)["token"]
