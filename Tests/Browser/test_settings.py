"""What can be chosen on the page beside volume and loudspeaker, and what a phone is asked for."""

import datetime

import pytest

from conftest import assert_heard, prefer

TEXT = "Long enough to choose something meanwhile."


def choose(player, **choices):
    """Opens the page with choices that were made before."""
    prefer(player.page, **choices)
    return player.open()


def more(player):
    player.page.locator("hearsay-settings summary").click()
    return player.page.locator("hearsay-settings")


def around_now(before, after):
    """Times of the day so many minutes before and after this one, on the page's clock."""
    now = datetime.datetime.now()
    return [f"{now + datetime.timedelta(minutes=minutes):%H:%M}" for minutes in (-before, after)]


def test_a_delay_is_told_and_kept(player):
    player.open().until_ready()
    slider = more(player).get_by_role("slider", name="Delay")
    slider.focus()
    player.page.keyboard.press("ArrowRight")
    assert player.wire.wait_sent(type="listener.update", delay_ms=10)["mute"] == {"voices": []}
    player.wire.sent.clear()
    player.page.reload()
    assert player.wire.wait_sent(type="listener.open")["delay_ms"] == 10


def test_a_voice_is_muted_where_it_is_heard_and_unmuted_in_the_list(player, control):
    player.open().until_ready()
    control.speak(TEXT)
    player.page.get_by_role("button", name="Mute tone").click()
    assert player.wire.wait_sent(type="listener.update", mute={"voices": ["tone"]})
    unmute = more(player).get_by_role("button", name="Unmute tone")
    unmute.click()
    assert player.wire.wait_sent(type="listener.update", mute={"voices": []})
    unmute.wait_for(state="hidden")
    control.ask("abort", scope="all")


def test_in_quiet_hours_nothing_new_sounds_and_what_sounds_ends(player, control, server):
    start, until = around_now(60, 60)
    choose(player, quietFrom=start, quietTo=until).until_ready()
    job = control.speak(TEXT)
    player.wire.wait_sent(type="playback", state="progress")
    more(player).get_by_role("checkbox", name="Quiet hours").check()
    assert player.wire.wait_sent(type="listener.state", ready=False)["reason"] == "quiet_hours"
    assert control.end(job)["heard"] == "confirmed"
    assert_heard(player.heard(), server.samples(TEXT))
    player.page.get_by_role("heading", name=f"Quiet until {until}").wait_for()
    player.wire.sent.clear()
    player.page.get_by_role("button", name="Sound all the same").click()
    player.wire.wait_sent(type="listener.state", ready=True)


@pytest.mark.only_browser("chromium")
def test_outside_of_the_quiet_hours_the_page_is_ready(player):
    end, start = around_now(60, 60)
    choose(player, isQuietAtNight=True, quietFrom=start, quietTo=end).until_ready()


@pytest.mark.only_browser("chromium")
def test_quiet_hours_reach_over_midnight(player):
    player.open()
    result = player.page.evaluate("""async () => {
        const { isBetween } = await import('/web/player/quiet-hours.js');
        return [[1319, '22:00', '07:00'], [1320, '22:00', '07:00'], [0, '22:00', '07:00'], [420, '22:00', '07:00'],
            [600, '09:00', '10:00'], [599, '09:00', '10:00'], [5, '09:00', '09:00']].map((each) => isBetween(...each)); }""")
    assert result == [False, True, True, False, False, True, False]


@pytest.mark.only_browser("chromium")
def test_a_notification_is_shown_when_asked_for_and_not_heard(player, control):
    player.page.add_init_script("""
        window.notified = []; window.wasAsked = 0;
        window.Notification = class {
            static permission = 'default';
            static async requestPermission() { wasAsked += navigator.userActivation.isActive ? 1 : 100; return this.permission = 'granted'; }
            constructor(title, options) { notified.push([title, options.body]); }
        }""")
    player.open().until_ready()
    control.end(control.speak("Unasked."))
    assert player.page.evaluate("wasAsked") == 0, "a page that asks unasked is refused for ever"
    more(player).get_by_role("checkbox", name="Notify me").check()
    player.page.wait_for_function("wasAsked === 1")
    control.end(control.speak("Seen."))
    player.page.evaluate("Object.defineProperty(document, 'hidden', { get: () => true })")
    control.end(control.speak("Hidden."))
    player.page.wait_for_function("notified.length > 0")
    assert player.page.evaluate("notified") == [["Hearsay", "Hidden."]]


@pytest.mark.only_browser("chromium")
def test_permission_that_is_refused_leaves_the_box_empty(player):
    player.page.add_init_script("""
        window.Notification = class { static async requestPermission() { return 'denied'; } }""")
    player.open().until_ready()
    box = more(player).get_by_role("checkbox", name="Notify me")
    box.click()
    player.page.wait_for_function("!document.querySelector('#notifies').checked")


@pytest.mark.only_browser("chromium")
def test_phones_get_notifications_of_the_worker(player, control):
    # On a phone the constructor refuses, and only a service worker may show one.
    player.page.add_init_script("""
        window.shown = [];
        const Real = window.Notification;
        window.Notification = class { static permission = 'granted'; constructor() { throw new TypeError('Illegal constructor'); } };
        ServiceWorkerRegistration.prototype.showNotification = async function (title, options) { shown.push([this.active?.scriptURL ?? this.installing?.scriptURL, options.body]); }""")
    choose(player, notifies=True).until_ready()
    player.page.keyboard.press("m")
    player.wire.wait_sent(type="listener.state", ready=False)
    player.page.evaluate("""(async () => { const { Notifications } = await import('/web/player/notifications.js');
        await new Notifications().show('On a phone.', 'job_1'); })()""")
    url, text = player.page.evaluate("shown[0]")
    assert url.endswith("/web/player/notification-worker.js") and text == "On a phone."


@pytest.mark.only_browser("chromium")
def test_the_screen_stays_on_while_it_is_wished_for(player):
    player.page.add_init_script("""
        window.locks = 0;
        Object.defineProperty(navigator, 'wakeLock', { value: { request: async () => {
            locks += 1; return { release: async () => { locks -= 1; } }; } } })""")
    player.open().until_ready()
    box = more(player).get_by_role("checkbox", name="Keep the screen on")
    box.check()
    player.page.wait_for_function("locks === 1")
    box.uncheck()
    player.page.wait_for_function("locks === 0")


@pytest.mark.only_browser("chromium")
def test_media_keys_mute_and_unmute(player, control):
    player.page.add_init_script("""
        window.actions = {};
        MediaSession.prototype.setActionHandler = (name, run) => { actions[name] = run; }""")
    choose(player, playsOn=True).until_ready()
    control.end(control.speak("Something to show."))
    player.page.evaluate("actions.pause()")
    assert player.wire.wait_sent(type="listener.state", ready=False)["reason"] == "muted"
    assert player.page.evaluate("navigator.mediaSession.playbackState") == "paused"
    player.page.evaluate("actions.play()")
    player.page.wait_for_function("navigator.mediaSession.playbackState === 'playing'")
    job = control.speak(TEXT)
    control.event("job.started", job)
    player.page.wait_for_function("(text) => navigator.mediaSession.metadata?.title === text", arg=TEXT)
    control.abort(job)


@pytest.mark.only_browser("chromium")
def test_the_silent_companion_is_silent_and_can_be_played(player):
    player.open().until_ready()
    kind = player.page.evaluate("""async () => {
        const answer = await fetch('/web/sound/silence.flac');
        const audio = await new OfflineAudioContext(1, 8000, 8000).decodeAudioData(await answer.arrayBuffer());
        const loudest = audio.getChannelData(0).reduce((most, sample) => Math.max(most, Math.abs(sample)), 0);
        return [audio.duration >= 5, loudest]; }""")
    assert kind == [True, 0]


def test_the_page_can_be_installed(player):
    page = player.open().until_ready().page
    found = page.evaluate("""async () => {
        const link = document.querySelector('link[rel=manifest]').href;
        const manifest = await (await fetch(link)).json();
        const sizes = await Promise.all(manifest.icons.map(async ({ src }) => {
            const image = new Image(); image.src = src; await image.decode(); return image.naturalWidth; }));
        return [manifest, sizes]; }""")
    manifest, sizes = found
    assert manifest["display"] == "standalone" and manifest["start_url"] == "/player"
    wanted = [each["sizes"] for each in manifest["icons"]]
    assert all(each in ("any", f"{size}x{size}") for each, size in zip(wanted, sizes)), found
    assert "192x192" in wanted and "512x512" in wanted
    page.evaluate("dispatchEvent(new Event('appinstalled'))")
    assert page.evaluate("localStorage['hearsay.token']") == player.server.player_token


@pytest.mark.only_browser("chromium")
def test_a_voice_that_steps_in_is_named(player):
    page = player.open().until_ready().page
    page.evaluate("""async () => {
        const { Words } = await import('/web/speech/words.js');
        document.querySelector('hearsay-now').show({ id: 'job_1', text: 'Good morning.', place: 'here', where: '', isOver: false,
            voice: 'nova', words: new Words([]), fallback: { voice: 'slt', reason: 'the engine “kokoro” does not answer' } }); }""")
    assert page.locator("hearsay-now .fallback").inner_text() == "slt speaks: the engine “kokoro” does not answer"
