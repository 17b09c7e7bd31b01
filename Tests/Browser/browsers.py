"""The browsers the tests drive, both through Playwright: each test that does not say otherwise runs in every one."""

import os
import pathlib
import sys

from loudspeaker import Loudspeaker

HERE = pathlib.Path(__file__).parent
# Names that lead to this machine in the browsers of the tests, as a foreign site's can be made to.
NAMES = ["voice.lan", "evil.example", "evil.example.", "attacker.example"]


class Chromium:
    """Debian's Chromium; its loudspeakers are those that it makes up for tests."""

    name, program = "chromium", "/usr/bin/chromium"
    chooses_loudspeakers = True
    hands_over_files = True
    certificate_refusal = "ERR_CERT_AUTHORITY_INVALID"

    def start(self, playwright, may_sound=True, has_loudspeaker=True, recording=None, may_record=True):
        """A browser; its microphone hears `recording`, a WAV file, over and over."""
        arguments = ["--no-sandbox", "--host-resolver-rules=" + ",".join(f"MAP {name} 127.0.0.1" for name in NAMES)]
        if may_sound:
            arguments.append("--autoplay-policy=no-user-gesture-required")
        if has_loudspeaker:
            arguments.append("--use-fake-device-for-media-stream")
            arguments.append("--use-fake-ui-for-media-stream" if may_record else "--deny-permission-prompts")
        if recording:
            arguments.append(f"--use-file-for-fake-audio-capture={recording}")
        return playwright.chromium.launch(executable_path=self.program, args=arguments)

    def look(self, page, expression):
        """What an expression is worth to a page; Playwright's own `evaluate` counts as a click."""
        session = page.context.new_cdp_session(page)
        answer = session.send("Runtime.evaluate", {"userGesture": False, "returnByValue": True, "expression": expression})
        session.detach()
        return answer["result"]["value"]

    def stop(self):
        pass


class Firefox:
    """Debian's Firefox behind firefox_bridge.py; its loudspeaker is a PulseAudio server of the tests."""

    name = "firefox"
    chooses_loudspeakers = False
    hands_over_files = False
    certificate_refusal = "MOZILLA_PKIX_ERROR|SEC_ERROR"
    preferences = {
        "network.dns.localDomains": ",".join(NAMES),
        "ui.prefersReducedMotion": 1,
        # Its microphone hears a tone, and nobody is asked.
        "media.navigator.streams.fake": True,
        "media.navigator.permission.disabled": True,
        # Nothing is to be fetched from elsewhere.
        "browser.safebrowsing.update.enabled": False,
        "services.settings.server": "data:,",
    }

    def __init__(self):
        self.loudspeaker = None

    def start(self, playwright, may_sound=True, has_loudspeaker=True):
        if has_loudspeaker and not self.loudspeaker:
            self.loudspeaker = Loudspeaker()
        address = self.loudspeaker.address if has_loudspeaker else "unix:/nonexistent"
        return playwright.firefox.launch(
            channel="moz-firefox", executable_path=HERE / "firefox.sh",
            firefox_user_prefs={**self.preferences, "media.autoplay.default": 0 if may_sound else 1},
            env={**os.environ, "BRIDGE_PYTHON": sys.executable, "PULSE_SERVER": address})

    def look(self, page, expression):
        """What an expression is worth to a page."""
        return page.evaluate(expression)

    def stop(self):
        if self.loudspeaker:
            self.loudspeaker.close()


KINDS = {"chromium": Chromium, "firefox": Firefox}
