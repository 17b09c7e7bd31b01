"""The pages of Palaver's door: what a browser shows of microphones that come in there."""

import json

import pytest
from websockets.sync.client import connect

import servers


@pytest.fixture(scope="module")
def server():
    server = servers.Real(servers.program(), "--alias", "palaver=127.0.0.1:0")
    yield server
    server.stop()


@pytest.fixture
def door(server):
    return server.door()


@pytest.fixture
def page(browser):
    page = browser.new_page()
    faults = []
    page.on("pageerror", lambda error: faults.append(str(error)))
    yield page
    page.close()
    assert not faults


def test_a_button_pauses_the_microphones(page, door):
    page.goto(f"http://localhost:{door}/")
    page.get_by_text("Pipeline Active").wait_for()
    assert page.get_by_role("button", name="No microphone").is_disabled()
    with connect(f"ws://127.0.0.1:{door}/audio") as audio:
        audio.send(json.dumps({"type": "audio_start", "source_id": "ase://desk", "sample_rate": 16_000}))
        page.get_by_role("button", name="Pause Recording").click()
        assert json.loads(audio.recv(timeout=30))["state"] == "pause"
        page.get_by_role("button", name="Resume Recording").click()
        assert json.loads(audio.recv(timeout=30))["state"] == "resume"
    page.get_by_role("button", name="No microphone").wait_for()


def test_what_happens_is_shown_once_and_as_text(page, door, browser_name):
    page.goto(f"http://localhost:{door}/events")
    # The page also shows what another browser's test said at this door before.
    text = f"<b>The green garden of {browser_name}</b>"
    after = f"after {browser_name}"
    with connect(f"ws://127.0.0.1:{door}/new_draft") as drafts:
        drafts.send(json.dumps({"start_text": "x", "full_text": text}))
        assert json.loads(drafts.recv(timeout=30)) == {"code": "success"}
    page.get_by_text(f"Text: {text}").wait_for()
    # The page has asked again when the next one is there.
    with connect(f"ws://127.0.0.1:{door}/new_draft") as drafts:
        drafts.send(json.dumps({"start_text": "x", "full_text": after}))
    page.get_by_text(f"Text: {after}").wait_for()
    assert page.get_by_text(f"Text: {text}").count() == 1 and page.locator("[role=log] b").count() == 0
    page.get_by_role("button", name="Clear").click()
    assert page.locator(".event").count() == 0


def test_from_elsewhere_the_pages_need_a_token(page, server, door):
    page.goto(f"http://voice.lan:{door}/")
    page.get_by_text("From here a token is needed").wait_for()
    page.goto("about:blank")
    page.goto(f"http://voice.lan:{door}/#token={server.admin_token}")
    page.get_by_text("Pipeline Active").wait_for()
    assert server.admin_token not in page.url and not page.get_by_text("From here a token is needed").is_visible()
