"""What pages of other people can do to a server on this machine, tried in the browsers they would use: nothing.

The attackers here know more than real ones: they hold the admin's token, so that only the checks of `Host` and `Origin`
stand between them and the loudspeaker.
"""

import http.server
import threading

import pytest

WORDS = "This must never be said."


@pytest.fixture(scope="module")
def foreign():
    """The address of another server on this machine, where every path is an empty page."""
    class Empty(http.server.BaseHTTPRequestHandler):
        def do_GET(self):
            self.send_response(200)
            self.send_header("Content-Type", "text/html")
            self.end_headers()
            self.wfile.write(b"<!doctype html><title>foreign</title>")

        def log_message(self, *_):
            pass

    listening = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Empty)
    threading.Thread(target=listening.serve_forever, daemon=True).start()
    yield f"http://attacker.example:{listening.server_port}/"
    listening.shutdown()
    listening.server_close()


@pytest.fixture
def untouched(control):
    """At the end no job was made and nobody listens."""
    yield
    control.ask("ping")
    happened = [message for message in control.messages if message["type"].startswith("job.") or message["type"] == "listener.attached"]
    assert not happened, happened


@pytest.fixture
def page(browser):
    """A page of somebody else's."""
    context = browser.new_context()
    yield context.new_page()
    context.close()


ASK = """async ([url, options]) => {
    try {
        const answer = await fetch(url, options);
        return [answer.type, answer.status, await answer.text()];
    } catch (error) { return [error.name]; }
}"""

# Everything that comes over a socket until it closes, and the code it closes with.
CONNECT = """([url, protocols, hello]) => new Promise((resolve) => {
    const came = [], socket = new WebSocket(url, protocols);
    socket.onopen = () => { if (hello) socket.send(hello); };
    socket.onmessage = ({ data }) => came.push(String(data));
    socket.onclose = ({ code }) => resolve([came, code]);
})"""


def speak(token, **options):
    headers = {"Authorization": f"Bearer {token}", "Content-Type": "application/json"}
    return {"method": "POST", "headers": headers, "body": f'{{"text":"{WORDS}"}}', **options}


def sockets(server):
    """Ways to open the server's socket: with the token in the protocol, in `hello`, and with none."""
    hello = f'{{"type":"hello","token":"{server.admin_token}","client":{{"name":"thief","version":"1"}}}}'
    return [(["hearsay.v1", f"bearer.{server.admin_token}"], hello), (["hearsay.v1"], hello), ([], hello), (["chat"], None)]


# A foreign name that leads here: DNS rebinding.

@pytest.mark.parametrize("name", ["evil.example", "evil.example."])
def test_a_rebound_name_gets_no_page(page, server, untouched, name):
    answer = page.goto(f"http://{name}:{server.port}/player")
    assert answer.status == 403
    assert page.locator("script").count() == 0


def test_a_rebound_page_reaches_no_route(page, server, untouched):
    page.goto(f"http://evil.example:{server.port}/player")
    for path in ["/status", "/health", "/metrics", "/v1/jobs", "/v1/events", "/web/player/player.js"]:
        headers = {"Authorization": f"Bearer {server.admin_token}"}
        kind, status, text = page.evaluate(ASK, [path, {"headers": headers}])
        assert (kind, status) == ("basic", 403) and "foreign_host" in text, (path, status, text)
    assert page.evaluate(ASK, ["/v1/speak", speak(server.admin_token)])[1] == 403


def test_a_rebound_page_gets_no_socket(page, server, untouched):
    page.goto(f"http://evil.example:{server.port}/player")
    for protocols, hello in sockets(server):
        came, code = page.evaluate(CONNECT, [f"ws://evil.example:{server.port}/v1/ws", protocols, hello])
        assert came == [] and code in (4403, 1006), (protocols, came, code)


# A page of another site, open in a tab beside.

@pytest.fixture(params=["another site", "a sandboxed frame", "a file"])
def place(request, page, foreign, tmp_path):
    """Where foreign scripts run."""
    if request.param == "a file":
        (tmp_path / "page.html").write_text("<!doctype html><title>file</title>")
        page.goto((tmp_path / "page.html").as_uri())
        return page
    page.goto(foreign)
    if request.param == "another site":
        return page
    page.evaluate("""() => new Promise((resolve) => {
        const frame = document.createElement('iframe');
        frame.sandbox = 'allow-scripts allow-forms';
        frame.srcdoc = '<!doctype html><title>sandbox</title>';
        frame.onload = () => resolve();
        document.body.append(frame);
    })""")
    return page.frames[1]


def test_a_foreign_page_cannot_speak(place, server, untouched):
    url = f"http://127.0.0.1:{server.port}/v1/speak"
    # With a preflight, which is refused; and without one, where the answer must not be readable either.
    assert place.evaluate(ASK, [url, speak(server.admin_token)]) == ["TypeError"]
    plain = {"method": "POST", "body": f'{{"text":"{WORDS}"}}', "credentials": "include"}
    assert place.evaluate(ASK, [url, plain]) == ["TypeError"]
    assert place.evaluate(ASK, [url, {**plain, "mode": "no-cors"}]) in ([["opaque", 0, ""], ["TypeError"]])
    assert place.evaluate("([url, words]) => navigator.sendBeacon(url, words)", [url, f'{{"text":"{WORDS}"}}']) is True


def test_a_foreign_page_cannot_read(place, server, untouched):
    for path in ["/status", "/health", "/v1/jobs", "/v1/listeners", "/player", "/web/player/player.js"]:
        url = f"http://127.0.0.1:{server.port}{path}"
        assert place.evaluate(ASK, [url, {}]) == ["TypeError"], path
        assert place.evaluate(ASK, [url, {"headers": {"Authorization": f"Bearer {server.admin_token}"}}]) == ["TypeError"], path


def test_a_foreign_page_gets_no_socket(place, server, untouched):
    for protocols, hello in sockets(server):
        came, code = place.evaluate(CONNECT, [f"ws://127.0.0.1:{server.port}/v1/ws", protocols, hello])
        assert came == [] and code in (4403, 1006), (protocols, came, code)


def test_a_foreign_page_gets_no_events(place, server, untouched):
    came = place.evaluate("""(url) => new Promise((resolve) => {
        const source = new EventSource(url, { withCredentials: true });
        source.onopen = () => resolve('open');
        source.onmessage = () => resolve('message');
        source.onerror = () => { source.close(); resolve('error'); };
    })""", f"http://127.0.0.1:{server.port}/v1/events")
    assert came == "error"


def test_a_form_of_a_foreign_page_says_nothing(page, foreign, server, untouched):
    page.goto(foreign)
    # A body that is JSON although it was sent as plain text.
    with page.expect_response("**/v1/speak") as answer:
        page.evaluate("""([url, words]) => {
            const form = document.createElement('form');
            Object.assign(form, { action: url, method: 'post', enctype: 'text/plain' });
            const field = document.createElement('input');
            Object.assign(field, { name: '{"text":"' + words + '","x":"', value: '"}' });
            form.append(field);
            document.body.append(form);
            form.submit();
        }""", [f"http://127.0.0.1:{server.port}/v1/speak", WORDS])
    assert answer.value.status == 403


@pytest.mark.parametrize("tag, attribute", [("img", "src"), ("script", "src"), ("link", "href")])
def test_a_tag_of_a_foreign_page_loads_nothing(page, foreign, server, untouched, tag, attribute):
    page.goto(foreign)
    for path in ["/player", "/web/player/player.js", "/web/icon.svg", "/web/hearsay.css", "/status", "/v1/events"]:
        came = page.evaluate("""([tag, attribute, url]) => new Promise((resolve) => {
            const element = document.createElement(tag);
            if (tag === 'link') element.rel = 'stylesheet';
            element.onload = () => resolve('load');
            element.onerror = () => resolve('error');
            element[attribute] = url;
            document.body.append(element);
        })""", [tag, attribute, f"http://127.0.0.1:{server.port}{path}"])
        assert came == "error", path


def test_a_foreign_page_cannot_frame_the_player(page, foreign, server, untouched):
    page.goto(foreign)
    page.evaluate("""(url) => new Promise((resolve) => {
        const frame = document.createElement('iframe');
        frame.onload = frame.onerror = () => resolve();
        document.body.append(frame);
        frame.src = url;
        setTimeout(resolve, 3000);
    })""", f"http://127.0.0.1:{server.port}/player#token={server.player_token}")
    assert page.frame_locator("iframe").locator("hearsay-connection").count() == 0


def test_the_opener_of_a_player_has_no_hold_of_it(page, foreign, server, control):
    page.goto(foreign)
    link = f"http://127.0.0.1:{server.port}/player#token={server.player_token}"
    with page.expect_popup() as popup:
        page.evaluate("(link) => { window.player = window.open(link); }", link)
    opened = popup.value
    opened.locator("hearsay-connection[data-state=connected]").wait_for()
    page.evaluate("""(words) => {
        for (const message of [words, { type: 'speak', text: words }, JSON.stringify({ type: 'mute' })]) player.postMessage(message, '*');
    }""", WORDS)
    denied = page.evaluate("""() => {
        const denied = [];
        for (const read of [() => player.document, () => player.sessionStorage, () => player.location.href])
            try { read(); } catch (error) { denied.push(error.name); }
        return denied;
    }""")
    assert denied == ["SecurityError"] * 3
    opened.close()
    page.goto("about:blank")
    control.ask("ping")
    assert not [message for message in control.messages if message["type"].startswith("job.")]


# What the page itself gives away, and what can be put into it.

def test_the_token_goes_nowhere_but_into_the_socket(player, server):
    requests = []
    player.page.on("request", lambda request: requests.append(request))
    player.open().until_ready()
    assert len(requests) > 10
    for request in requests:
        assert "referer" not in request.all_headers(), request.url
    # The document is asked for without its fragment, and the address bar and the way back do not hold it.
    assert all(server.player_token not in request.url.split("#")[0] for request in requests)
    assert server.player_token not in player.page.url
    player.page.goto(f"http://127.0.0.1:{server.port}/web/icon.svg")
    player.page.evaluate("history.back()")
    player.page.wait_for_url("**/player*")
    assert server.player_token not in player.page.url


def test_what_is_put_into_the_page_does_not_run(browser, server, foreign):
    context = browser.new_context()
    page = context.new_page()
    page.goto(f"http://127.0.0.1:{server.port}/player")
    page.get_by_role("heading", name="This page needs its link").wait_for()
    page.evaluate("""(foreign) => {
        document.addEventListener('securitypolicyviolation', ({ effectiveDirective }) => (window.refused ??= []).push(effectiveDirective));
        document.body.insertAdjacentHTML('beforeend', `<img src=x onerror="window.wasRun = 1"><a id=go href="javascript:window.wasRun = 2">x</a>
            <style>body { display: none }</style><base href="${foreign}"><form id=post action="${foreign}"></form>`);
        for (const [src, text] of [['', 'window.wasRun = 3'], [foreign, ''], ['data:text/javascript,window.wasRun = 4', '']]) {
            const script = document.createElement('script');
            if (src) script.src = src; else script.textContent = text;
            document.body.append(script);
        }
        document.getElementById('go').click();
        try { document.getElementById('post').submit(); } catch { /* Firefox throws where Chromium is silent. */ }
        new Image().src = foreign + 'stolen';
    }""", foreign)
    sent = page.evaluate(ASK, [foreign, {"mode": "no-cors"}])
    socket = page.evaluate("""(url) => new Promise((resolve) => {
        try { const socket = new WebSocket(url); socket.onopen = () => resolve('open'); socket.onerror = () => resolve('refused'); }
        catch { resolve('refused'); }
    })""", foreign.replace("http", "ws"))
    page.wait_for_function("window.refused.length >= 9")
    assert sent == ["TypeError"] and socket == "refused"
    assert page.evaluate("window.wasRun") is None
    assert page.url.startswith(f"http://127.0.0.1:{server.port}/player")
    assert page.evaluate("[document.baseURI, getComputedStyle(document.body).display]") == [f"http://127.0.0.1:{server.port}/player", "block"]
    refused = set(page.evaluate("window.refused"))
    assert {"connect-src", "img-src", "script-src-elem", "script-src-attr", "style-src-elem", "base-uri", "form-action"} <= refused, refused
    context.close()


HOSTILE = [
    "<script>window.wasRun=1</script><img src=x onerror=window.wasRun=2>",
    "<iframe srcdoc='<script>parent.wasRun=1</script>'></iframe>&lt;b&gt;",
    "\u202e\u2066gninnur si revres eht\u2069 \u200f\u061c done",
    "W" * 400,
    "${window.wasRun=3} {{wasRun}} javascript:wasRun=4",
]


@pytest.mark.parametrize("text", HOSTILE, ids=["script", "frame", "bidirectional", "endless", "template"])
def test_a_hostile_sentence_is_shown_as_text(player, control, text):
    player.page.set_viewport_size({"width": 390, "height": 844})
    player.open().until_ready()
    before = player.page.evaluate("document.querySelectorAll('script, iframe, img').length")
    # Looked at by the page itself, since on a busy machine the sentence may be over before anybody else looks.
    player.page.evaluate("""([text, preview]) => {
        const shows = (place, words) => document.querySelector(place)?.textContent === words;
        new MutationObserver(() => {
            if (!shows('hearsay-now .sentence', text) || !shows('hearsay-queue li p', preview)) return;
            window.fits = (window.fits ?? true) && document.documentElement.scrollWidth <= innerWidth;
        }).observe(document.body, { subtree: true, childList: true, characterData: true });
    }""", [text, text if len(text) <= 80 else text[:80] + "…"])
    job = control.speak(text)
    waiting = control.speak(text)
    control.event("job.started", job)
    player.page.wait_for_function("() => window.fits !== undefined")
    assert player.page.evaluate("window.fits") is True
    for each in (job, waiting):
        control.abort(each)
        control.end(each)
    player.page.get_by_role("log").get_by_role("listitem").nth(1).wait_for()
    assert text in player.page.get_by_role("log").text_content()
    assert player.page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    assert player.page.evaluate("document.querySelectorAll('script, iframe, img').length") == before
    assert player.page.evaluate("window.wasRun") is None
