"""Measures the page on the wire: `python bench.py [chromium | firefox]`, 20 sentences.

Both figures are upper bounds seen from outside the browser: they hold the way in, the audio thread and the way out.
"""

import sys

import numpy
from playwright.sync_api import sync_playwright

import browsers
import conftest
import servers
from control import Control
from wire import Wire

COUNT = 20


def main():
    server = servers.start()
    wire, control = Wire(server.port), Control(server.port, server.admin_token)
    begun, flushed = [], []
    with sync_playwright() as playwright:
        kind = browsers.KINDS[sys.argv[1] if len(sys.argv) > 1 else "chromium"]()
        browser = kind.start(playwright)
        conftest.Player(browser.new_page(), wire, server, kind).open().until_ready()
        for number in range(COUNT):
            job = control.speak(f"Sentence number {number} is stopped as soon as it has been going on for a while.")
            started = wire.wait_sent(type="playback", state="started", job_id=job)
            frame = wire.wait_received(type="frame", kind="audio", channel=started["channel"])
            begun.append(wire.times[id(started)] - wire.times[id(frame)])
            wire.wait_sent(type="playback", state="progress", job_id=job)
            control.abort(job)
            end = wire.wait_sent(type="playback", state="flushed", job_id=job)
            flush = wire.wait_received(type="frame", kind="flush", channel=started["channel"])
            flushed.append(wire.times[id(end)] - wire.times[id(flush)])
            control.end(job)
        browser.close()
        kind.stop()
    tell("first frame on the wire to `started` on the wire", begun)
    tell("flush on the wire to `flushed` on the wire", flushed)
    server.stop()


def tell(name, seconds):
    p50, p95 = numpy.percentile(numpy.array(seconds) * 1000, [50, 95])
    print(f"{name}: p50 {p50:.1f} ms, p95 {p95:.1f} ms, worst {max(seconds) * 1000:.1f} ms, {len(seconds)} times")


if __name__ == "__main__":
    main()
