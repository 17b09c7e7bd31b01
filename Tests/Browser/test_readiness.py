"""A page says whether it can be heard, and why not."""

import pytest

from conftest import as_floats, assert_heard, find

CHOICE = {"name": "Loudspeaker"}


def test_sound_is_blocked_until_a_real_click(player_in, control, server):
    player = player_in(may_sound=False)
    player.page.goto(player.link())
    state = player.wire.wait_sent(type="listener.state")
    assert state["ready"] is False and state["reason"] == "suspended"
    seen = player.look("""({
        active: navigator.userActivation.hasBeenActive,
        shown: document.querySelector('hearsay-sound-button').checkVisibility(),
        words: document.querySelector('hearsay-sound-button').innerText })""")
    assert seen["active"] is False and seen["shown"] is True
    assert "Enable sound" in seen["words"] and "clicked" in seen["words"]
    box = player.look("""(() => {
        const box = document.querySelector('hearsay-sound-button button').getBoundingClientRect();
        return [box.x + box.width / 2, box.y + box.height / 2]; })()""")
    job = control.speak("Heard after one click.")
    player.page.mouse.click(*box)
    assert player.wire.wait_sent(type="listener.state", ready=True)
    assert control.end(job)["type"] == "job.finished"
    assert_heard(player.heard(), server.samples("Heard after one click."))


def test_sound_is_enabled_by_the_keyboard_alone(player_in):
    player = player_in(may_sound=False)
    player.page.goto(player.link())
    player.wire.wait_sent(type="listener.state", ready=False)
    player.page.keyboard.press("l")
    player.wire.wait_sent(type="listener.state", ready=True)


def test_mute_stops_the_sound_and_says_so(player, control, server):
    player.open().until_ready()
    text = "This sentence is muted in the middle of what it has to say to us."
    job = control.speak(text)
    player.wire.wait_sent(type="playback", state="progress")
    player.page.get_by_role("button", name="Mute", exact=True).click()
    state = player.wire.wait_sent(type="listener.state", ready=False)
    assert state["reason"] == "muted"
    assert player.wire.wait_sent(type="playback", state="flushed", job_id=job)["position_ms"] > 0
    player.page.get_by_role("heading", name="You muted this page").wait_for()
    player.page.get_by_role("button", name="Unmute").click()
    assert control.end(job)["type"] == "job.finished"
    heard = player.heard()
    # The rest follows once the page can be heard again: nothing is skipped.
    tail = as_floats(server.samples(text))[-24_000:]
    assert find(heard, tail) is not None


def test_mute_lasts_over_a_reload(player):
    player.open().until_ready()
    player.page.keyboard.press("m")
    player.wire.wait_sent(type="listener.state", ready=False, reason="muted")
    player.wire.sent.clear()
    player.page.reload()
    assert player.wire.wait_sent(type="listener.state")["reason"] == "muted"


@pytest.mark.only_browser("chromium")
def test_no_loudspeaker_is_no_device(player_in):
    player = player_in(has_loudspeaker=False).open()
    state = player.wire.wait_sent(type="listener.state")
    assert state["ready"] is False and state["reason"] == "no_device"
    player.page.get_by_role("heading", name="No loudspeaker found").wait_for()


@pytest.mark.only_browser("firefox")
def test_no_loudspeaker_is_told_after_the_click_where_the_browser_does_not_say(player_in):
    player = player_in(may_sound=False, has_loudspeaker=False).open()
    assert player.wire.wait_sent(type="listener.state")["reason"] == "suspended"
    player.page.get_by_role("button", name="Enable sound").click()
    player.wire.wait_sent(type="listener.state", ready=False, reason="no_device")
    player.page.get_by_role("heading", name="No loudspeaker found").wait_for()


@pytest.mark.only_browser("chromium")
def test_a_null_device_counts_when_the_link_names_it(player_in, control, server):
    player = player_in(has_loudspeaker=False).open(wish="&device=any").until_ready()
    assert control.end(control.speak("Into the void."))["type"] == "job.finished"
    assert_heard(player.heard(), server.samples("Into the void."))


@pytest.mark.only_browser("chromium")
def test_a_loudspeaker_pulled_out_in_mid_sentence_is_told(player, control):
    player.open().until_ready()
    job = control.speak("This sentence loses its loudspeaker before it has come to its end.")
    player.wire.wait_sent(type="playback", state="progress")
    player.page.evaluate("""() => {
        window.devices = navigator.mediaDevices.enumerateDevices;
        navigator.mediaDevices.enumerateDevices = async () => [];
        navigator.mediaDevices.dispatchEvent(new Event('devicechange')); }""")
    assert player.wire.wait_sent(type="listener.state", ready=False)["reason"] == "no_device"
    player.wire.wait_sent(type="playback", state="flushed", job_id=job)
    player.page.evaluate("""() => {
        navigator.mediaDevices.enumerateDevices = window.devices;
        navigator.mediaDevices.dispatchEvent(new Event('devicechange')); }""")
    assert control.end(job)["type"] == "job.finished"


@pytest.mark.only_browser("chromium")
def test_the_chosen_loudspeaker_is_kept_over_a_reload(player, control):
    player.page.add_init_script("""
        const make = window.AudioContext;
        window.AudioContext = class extends make { constructor(...rest) { super(...rest); window.madeContext = this; } };""")
    player.open().until_ready()
    choice = player.page.get_by_role("combobox", **CHOICE)
    choice.select_option(label="Fake Audio Output 1")
    chosen = choice.input_value()
    player.page.wait_for_function("id => madeContext.sinkId === id", arg=chosen)
    assert control.end(control.speak("On the other one."))["type"] == "job.finished"
    player.wire.sent.clear()
    player.page.reload()
    player.until_ready()
    assert choice.input_value() == chosen
    assert player.page.evaluate("madeContext.sinkId") == chosen


@pytest.mark.only_browser("chromium")
def test_the_chosen_loudspeaker_is_found_by_name_when_its_id_changed(player):
    player.page.add_init_script("""
        if (!localStorage.getItem('hearsay.output-device'))
            localStorage.setItem('hearsay.output-device', JSON.stringify({ id: 'of-another-day', label: 'Fake Audio Output 2' }))""")
    player.open().until_ready()
    selected = player.page.get_by_role("combobox", **CHOICE).locator("option:checked")
    assert selected.inner_text() == "Fake Audio Output 2"


@pytest.mark.only_browser("chromium")
def test_a_chosen_loudspeaker_that_is_gone_gives_way_to_the_default(player, control):
    player.page.add_init_script("""
        localStorage.setItem('hearsay.output-device', JSON.stringify({ id: 'gone', label: 'Kitchen' }))""")
    player.open().until_ready()
    player.page.get_by_text("Kitchen is not here").wait_for()
    assert control.end(control.speak("On the default."))["type"] == "job.finished"
