import base64
import json
import os
import pathlib

import numpy
import pytest

import browsers
import servers
from control import Control
from wire import Wire

HERE = pathlib.Path(__file__).parent
# The small server has no command line, no TLS and no checks of who asks, and trusts every listener.
collect_ignore = [] if os.environ.get("HEARSAY") else ["test_say.py", "test_tls_pages.py", "test_attacks.py", "test_opus.py", "test_pai_player.py",
                                                     "test_microphone.py", "test_listen.py", "test_palaver_pages.py",
                                                     "test_stalls.py"]


def pytest_configure(config):
    config.option.browser = config.option.browser or list(browsers.KINDS)


def pytest_collection_modifyitems(items):
    """A test that says `only_browser` does not exist in another one."""
    def exists(item):
        only = item.get_closest_marker("only_browser")
        return not only or item.callspec.params["browser_name"] in only.args

    items[:] = [item for item in items if exists(item)]


@pytest.fixture(scope="session")
def server():
    server = servers.start()
    yield server
    server.stop()


@pytest.fixture
def wire(server):
    wire = Wire(server.port)
    yield wire
    wire.close()


@pytest.fixture
def control(server):
    control = Control(server.port, server.admin_token)
    yield control
    control.ask("abort", scope="all")  # what a failed test leaves must not sound in the next
    control.close()


@pytest.fixture(scope="session")
def kind(browser_name):
    """What a test needs to know of the browser it runs in."""
    kind = browsers.KINDS[browser_name]()
    yield kind
    kind.stop()


@pytest.fixture(scope="session")
def browser_like(playwright, kind):
    """Gives a running browser with these properties; there is one of each for all tests."""
    running = {}

    def browser_like(**properties):
        key = tuple(sorted(properties.items()))
        if key not in running:
            running[key] = kind.start(playwright, **properties)
        return running[key]

    yield browser_like
    for browser in running.values():
        browser.close()


@pytest.fixture(scope="session")
def browser(browser_like):
    """The usual browser: sound is allowed and there is a loudspeaker."""
    return browser_like()


class Player:
    """A player page, its end of the wire and its loudspeaker."""

    def __init__(self, page, wire, server, kind):
        self.page, self.wire, self.server, self.kind = page, wire, server, kind

    def link(self, host="127.0.0.1", wish="", token=None):
        return f"http://{host}:{self.wire.port}/player#token={token or self.server.player_token}{wish}"

    def open(self, **link):
        self.page.goto(self.link(**link))
        return self

    def until_ready(self):
        self.wire.wait_sent(type="listener.state", ready=True)
        self.connected()
        return self

    def connected(self):
        self.page.locator("hearsay-connection[data-state=connected]").wait_for()

    def look(self, expression):
        """What an expression is worth to the page, without the page taking it for a click."""
        return self.kind.look(self.page, expression)

    def heard(self):
        """Every sample that went to the loudspeaker, with one zero for each silence."""
        return decode(self.page.evaluate("heardByTap()"))

    def heard_before_reload(self):
        return decode(self.page.evaluate("sessionStorage.getItem('tap')"))


def decode(text):
    return numpy.frombuffer(base64.b64decode(text), "<f4")


def as_floats(samples):
    return samples.astype("<f4") / numpy.float32(32_768)


def assert_heard(heard, *sentences):
    """The sentences sounded sample by sample, in this order, once each, and nothing else did."""
    loud = heard[heard != 0]
    expected = numpy.concatenate([as_floats(samples)[samples != 0] for samples in sentences])
    assert loud.size == expected.size, f"{loud.size} samples sounded, {expected.size} were meant"
    assert numpy.array_equal(loud, expected), f"differs from sample {int(numpy.argmax(loud != expected))}"
    for samples in sentences:
        assert find(heard, as_floats(samples)) is not None, "there is a gap in a sentence"


def prefer(page, **choices):
    """Lets a page find choices that were made before, unless it has made its own."""
    # The empty page before the first one has no storage, and Firefox complains of the attempt.
    page.add_init_script(f"try {{ localStorage['hearsay.preferences'] ??= '{json.dumps(choices)}'; }} catch {{}}")


def find(heard, part):
    """Where a stretch of samples stands in what was heard, without a gap; None if it does not."""
    text, needle = heard.tobytes(), numpy.trim_zeros(part).tobytes()
    at = text.find(needle)
    return None if at < 0 else at // 4


@pytest.fixture
def tap():
    def tap(context):
        context.add_init_script(path=HERE / "tap.js")
        return context
    return tap


@pytest.fixture
def player_in(browser_like, wire, server, kind, tap, watch):
    """A page in a fresh profile of a browser with these properties; `open` it."""
    contexts = []

    def player_in(**properties):
        contexts.append(browser_like(**properties).new_context(reduced_motion="reduce"))
        return Player(watch(tap(contexts[-1]).new_page()), wire, server, kind)

    yield player_in
    for context in contexts:
        context.close()


@pytest.fixture
def player(player_in):
    """A page in the usual browser."""
    return player_in()


@pytest.fixture
def watch():
    """Watches pages: whatever a page complains about in its console fails the test."""
    faults = []

    def watch(page):
        page.on("console", lambda message: faults.append(message.text) if message.type == "error" else None)
        page.on("pageerror", lambda error: faults.append(str(error)))
        return page

    watch.faults = faults
    yield watch
    assert not faults, faults


@pytest.fixture
def lost_sockets_are_expected(watch):
    """Lets the browser complain about a socket that could not be opened, which nobody can keep it from."""
    yield
    expected = ("WebSocket connection to", "can’t establish a connection", "Failed to load resource: net::")
    watch.faults[:] = [fault for fault in watch.faults if not any(words in fault for words in expected)]


@pytest.fixture
def a_refused_style_is_axes_own(watch):
    """Axe brings a style, which the page's policy refuses; Firefox tells of that in its console."""
    yield
    watch.faults[:] = [fault for fault in watch.faults if "blocked an inline style" not in fault]
