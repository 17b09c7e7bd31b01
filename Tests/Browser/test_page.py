"""What the page shows, to eyes, keyboards and screen readers."""

import pathlib

import pytest
from axe_playwright_python.sync_playwright import Axe

SHOTS = pathlib.Path(__file__).parent / "shots"
SCRIPT = "<img src=x onerror=\"window.wasRun=1\"><b>bold</b> & \u202e\U0001f600 done."


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [1280, 390])
def test_axe_finds_nothing(player, kind, control, scheme, width, a_refused_style_is_axes_own):
    page = player.page
    page.set_viewport_size({"width": width, "height": 844})
    page.emulate_media(color_scheme=scheme)
    page.goto(f"http://127.0.0.1:{player.wire.port}/player")
    page.get_by_role("heading", name="This page needs its link").wait_for()
    assert_accessible(page, f"{kind.name}-link-{scheme}-{width}")
    # Of the same address only the fragment changes: the page takes the new link by itself.
    player.open().until_ready()
    assert_accessible(page, f"{kind.name}-idle-{scheme}-{width}")
    page.locator("hearsay-settings summary").click()
    page.get_by_role("checkbox", name="Quiet hours").check()
    page.locator("#quiet-from").wait_for()
    assert_accessible(page, f"{kind.name}-settings-{scheme}-{width}")
    page.get_by_role("checkbox", name="Quiet hours").uncheck()
    page.locator("hearsay-settings summary").click()
    control.end(control.speak("Good morning. The build is green."))
    long = control.speak("The third deployment of today has finished, and its error rate stays below one in ten thousand requests.")
    later = [control.speak("Two reviews wait for you."), control.speak("Lunch is at noon, in the garden if it stays dry.")]
    page.locator("hearsay-now mark:not(:empty)").wait_for()
    page.wait_for_timeout(1_500)
    assert_accessible(page, f"{kind.name}-speaking-{scheme}-{width}")
    for job in [long, *later]:
        control.abort(job)
    page.keyboard.press("?")
    assert_accessible(page, f"{kind.name}-keys-{scheme}-{width}")
    page.keyboard.press("Escape")
    page.keyboard.press("m")
    page.get_by_role("heading", name="You muted this page").wait_for()
    assert_accessible(page, f"{kind.name}-muted-{scheme}-{width}")
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")


def assert_accessible(page, name):
    page.screenshot(path=SHOTS / f"{name}.png", full_page=True)
    found = Axe().run(page)
    assert found.violations_count == 0, found.generate_report()


def test_every_target_is_large_enough(player):
    player.page.set_viewport_size({"width": 390, "height": 844})
    player.open().until_ready()
    sizes = player.page.evaluate("""[...document.querySelectorAll('button, input, select')]
        .filter((each) => each.checkVisibility())
        .map((each) => [each.outerHTML.slice(0, 60), each.getBoundingClientRect().width, each.getBoundingClientRect().height])""")
    assert sizes and all(width >= 44 and height >= 44 for _, width, height in sizes), sizes


def test_the_spoken_word_is_marked_in_step_with_the_sound(player, control):
    player.open().until_ready()
    player.page.evaluate("""window.marked = [];
        new MutationObserver(() => {
            const word = document.querySelector('hearsay-now mark')?.textContent;
            if (word && marked.at(-1) !== word) marked.push(word);
        }).observe(document.querySelector('hearsay-now'), { subtree: true, childList: true, characterData: true })""")
    text = "Every single word of this sentence is marked."
    for _ in range(4):
        player.page.evaluate("marked.length = 0")
        job = control.speak(text)
        control.end(job)
        # A page that stands still for over a second says the word that was cut again: then the sentence shows nothing.
        if not any(each["type"] == "listener.failed" and each.get("job_id") == job for each in list(control.messages)):
            break
    # Whether the full stop belongs to its word is the engine's affair.
    marked = [word.rstrip(".") for word in player.page.evaluate("marked")]
    words = text.rstrip(".").split(" ")
    # In order and each once. A page that gets no time while a short word sounds passes over it, as it should.
    assert len(words) - len(marked) <= 2, marked
    assert marked == [word for word in words if word in marked] and marked[0] == words[0] and marked[-1] == words[-1], marked


def test_words_are_counted_in_unicode_scalars(player, control):
    player.open().until_ready()
    player.page.evaluate("""window.marked = new Set();
        new MutationObserver(() => marked.add(document.querySelector('hearsay-now mark')?.textContent))
            .observe(document.querySelector('hearsay-now'), { subtree: true, childList: true, characterData: true })""")
    control.end(control.speak("Two \U0001f44d\U0001f44d thumbs are up."))
    assert {"thumbs", "are", "up"} <= {word.rstrip(".") for word in player.page.evaluate("[...marked]") if word}


def test_what_is_said_stays_text(player, control):
    player.open().until_ready()
    control.end(control.speak(SCRIPT))
    player.page.get_by_role("log").get_by_role("listitem").wait_for()
    assert SCRIPT in player.page.get_by_role("log").text_content()
    assert player.page.locator("hearsay-log :is(img, b), hearsay-now :is(img, b), hearsay-queue :is(img, b)").count() == 0
    assert player.page.evaluate("window.wasRun") is None


def test_the_log_and_the_queue_follow(player, control):
    player.open().until_ready()
    first = control.speak("The first of two sentences, long enough to look at the queue meanwhile.")
    control.event("job.started", first)
    second = control.speak("The second of two sentences.")
    queue = player.page.locator("hearsay-queue")
    queue.get_by_text("The second of two sentences.").wait_for()
    control.abort(first)
    control.end(second)
    entries = player.page.get_by_role("log").get_by_role("listitem")
    entries.nth(1).wait_for()
    assert "The second of two sentences." in entries.nth(0).inner_text() and "Heard here" in entries.nth(0).inner_text()
    assert "Stopped" in entries.nth(1).inner_text()
    queue.get_by_text("Nothing waits.").wait_for()


def test_tab_reaches_everything_in_reading_order(player, kind):
    player.open().until_ready()
    names = []
    for _ in range(4 if kind.chooses_loudspeakers else 3):
        player.page.keyboard.press("Tab")
        names.append(player.page.evaluate("document.activeElement.ariaLabel ?? document.activeElement.id ?? ''") or player.page.evaluate("document.activeElement.innerText"))
    assert names == ["Keyboard shortcuts", "Mute", "volume", "output"][:len(names)]


def test_keys_work_and_can_be_switched_off(player):
    page = player.open().until_ready().page
    mute = page.locator("hearsay-volume button")
    page.keyboard.press("m")
    assert mute.get_attribute("aria-pressed") == "true"
    page.keyboard.press("m")
    assert mute.get_attribute("aria-pressed") == "false"
    page.keyboard.press("-")
    assert page.get_by_role("slider", name="Volume").input_value() == "90"
    page.keyboard.press("?")
    dialog = page.get_by_role("dialog", name="Keyboard")
    dialog.get_by_role("checkbox", name="Use single keys").uncheck()
    page.keyboard.press("Escape")
    page.keyboard.press("m")
    assert mute.get_attribute("aria-pressed") == "false"
    page.reload()
    player.connected()
    page.keyboard.press("m")
    assert mute.get_attribute("aria-pressed") == "false"


def test_the_help_dialog_gives_the_focus_back(player):
    page = player.open().until_ready().page
    page.get_by_role("button", name="Keyboard shortcuts").click()
    page.get_by_role("button", name="Close").click()
    assert page.evaluate("document.activeElement.id") == "help"


def test_screen_readers_get_the_structure(player, control):
    page = player.open().until_ready().page
    control.end(control.speak("Good morning."))
    log = page.get_by_role("log", name="What was said")
    log.get_by_role("listitem").wait_for()
    # What was just heard aloud is not read out again; a muted page has it read.
    assert log.get_attribute("aria-live") == "off"
    page.keyboard.press("m")
    page.get_by_role("heading", name="You muted this page").wait_for()
    assert log.get_attribute("aria-live") == "polite"
    assert [each.inner_text() for each in page.get_by_role("heading", level=2).all()][:2] == ["You muted this page", "Sound"]
    assert page.get_by_role("main").count() == 1 and page.get_by_role("heading", level=1).count() == 1
