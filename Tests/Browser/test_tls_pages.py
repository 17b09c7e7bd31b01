"""The player over https and wss, with the certificate that the server makes for itself."""

import ssl

import pytest
from playwright.sync_api import Error

import servers
from conftest import assert_heard, decode
from control import Control


@pytest.fixture(scope="module")
def secure():
    server = servers.Real(servers.program(), "--tls")
    yield server
    server.stop()


@pytest.fixture
def control(secure):
    trusted = ssl.create_default_context(cafile=secure.data / "tls-certificate.pem")
    control = Control(secure.port, secure.admin_token, trusted)
    yield control
    control.close()


@pytest.fixture
def link(secure):
    return f"https://127.0.0.1:{secure.port}/player#token={secure.player_token}"


@pytest.fixture
def page(browser, tap, watch, link):
    """A player whose owner has accepted the certificate."""
    context = browser.new_context(ignore_https_errors=True)
    # No wire stands between here.
    context.add_init_script("window.tapsWithoutModule = true")
    page = watch(tap(context).new_page())
    page.goto(link)
    page.get_by_text("Ready for the next sentence.").wait_for()
    yield page
    context.close()


def heard(page):
    """All that sounded, once nothing follows."""
    sounded = []
    # The script hears a sound up to one of its buffers later than the loudspeaker.
    while len(sounded) < 2 or sounded[-1].size != sounded[-2].size:
        page.wait_for_timeout(1_000)
        sounded.append(decode(page.evaluate("heardByTap()")))
    return sounded[-1]


def test_sentences_sound_sample_by_sample(page, control, server):
    texts = ["Heard over TLS.", "And another one behind it."]
    samples = [server.samples(text) for text in texts]
    # Without its module the tap works beside everything else that the page does: where a machine is busy, it is the tap
    # that misses sound. What sounded wrong does so each time.
    for attempt in range(5):
        before = heard(page).size
        ends = [control.end(job) for job in [control.speak(text) for text in texts]]
        assert [end["type"] for end in ends] == ["job.finished"] * 2 and ends[0]["heard"] == "confirmed"
        try:
            return assert_heard(heard(page)[before:], *samples)
        except AssertionError as error:
            fault = error
    raise fault


def test_a_sentence_can_be_stopped(page, control):
    job = control.speak("This sentence is stopped in the middle of what it has to say, " + "and it has much to say " * 8)
    control.event("job.progress", job)
    control.abort(job)
    assert control.end(job)["type"] == "job.aborted"
    page.get_by_role("log").get_by_text("· Stopped").wait_for()


def test_a_reload_goes_on_with_the_sentence(page, control):
    text = "This sentence is long enough that the page can be loaded anew in its middle and still say the rest."
    job = control.speak(text)
    control.event("job.progress", job)
    page.reload()
    assert control.end(job)["type"] == "job.finished"
    page.get_by_role("log").get_by_text(text).wait_for()


def test_the_page_is_a_full_player(page):
    assert page.evaluate("isSecureContext") is True
    assert page.get_by_role("note").count() == 0


def test_nobody_gets_the_page_before_the_certificate_is_accepted(browser, kind, link, control):
    context = browser.new_context()
    page = context.new_page()
    with pytest.raises(Error, match=kind.certificate_refusal):
        page.goto(link)
    assert page.locator("hearsay-connection").count() == 0
    context.close()
    assert not [message for message in control.messages if message["type"] == "listener.attached"]


def test_an_old_link_leads_to_https(browser, secure, tap, watch):
    context = browser.new_context(ignore_https_errors=True)
    page = watch(context.new_page())
    page.goto(f"http://127.0.0.1:{secure.port}/player#token={secure.player_token}")
    page.get_by_text("Connected").wait_for()
    assert page.url == f"https://127.0.0.1:{secure.port}/player"
    context.close()
