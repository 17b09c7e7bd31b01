"""A page that plays what PAI's door sends: whole files, one for each sentence, that the browser itself decodes."""

import numpy
import pytest

import servers

pytestmark = pytest.mark.only_browser("chromium")

PLAY = """async ([token, format, text]) => {
    const socket = new WebSocket(`ws://${location.host}/ws?token=${token}&format=${format}`);
    socket.binaryType = 'arraybuffer';
    await new Promise((done, failed) => { socket.onopen = done; socket.onerror = failed; });
    while (!(await (await fetch('/ws/status')).json()).connected) await new Promise((done) => setTimeout(done, 20));
    const messages = new Promise((done) => {
        const all = [];
        socket.onmessage = ({ data }) => { all.push(data); if (all.length === 2) done(all); };
    });
    const answer = fetch('/notify', { method: 'POST', body: JSON.stringify({ message: text }) });
    const [head, file] = await messages;
    const sound = await new OfflineAudioContext(1, 1, 24000).decodeAudioData(file);
    const said = await (await answer).json();
    socket.close();
    return { head: JSON.parse(head), said, samples: Array.from(sound.getChannelData(0)) };
}"""


@pytest.fixture(scope="module")
def server():
    server = servers.Real(servers.program(), "--alias", "pai=127.0.0.1:0")
    yield server
    server.stop()


@pytest.fixture
def door(server):
    return server.door()


@pytest.mark.parametrize("format", ["wav", "mp3"])
def test_a_page_decodes_what_it_gets(browser, server, door, format):
    page = browser.new_page()
    page.goto(f"http://localhost:{door}/player")
    heard = page.evaluate(PLAY, [server.admin_token, format, "The build is green."])
    page.close()
    assert heard["head"]["format"] == format and heard["said"]["job_status"] == "finished"
    samples, expected = numpy.array(heard["samples"]), server.samples("The build is green.") / 32_768
    if format == "wav":
        assert numpy.allclose(samples, expected, atol=1e-4)
    else:
        # A browser need not heed the delay that the file names.
        late = samples.size - expected.size
        assert -24 <= late < 4_800
        assert max(likeness(samples[shift:], expected) for shift in range(max(1, late + 1))) > 0.95


def likeness(one, other):
    """The cosine between two recordings: 1 is the same sound."""
    count = min(one.size, other.size)
    one, other = one[:count], other[:count]
    return one @ other / numpy.sqrt((one @ one) * (other @ other))
