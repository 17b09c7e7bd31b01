"""Stands between Playwright and Debian's Firefox: both speak WebDriver BiDi, but not quite the same words.

It starts Firefox with the arguments it was given and can be told from it by two things only. The command for media
features, which this Firefox does not know, is done by other means. And no script counts as a click: Playwright asks
for that with every one it runs, and then no test could see how a page fares in which nobody has clicked yet.
"""

import asyncio
import itertools
import json
import re
import signal
import sys

from websockets.asyncio.client import connect
from websockets.asyncio.server import serve
from websockets.exceptions import ConnectionClosed

FIREFOX = "/usr/bin/firefox-esr"
LISTENING = re.compile(rb"WebDriver BiDi listening on (ws://\S+)")
# For all pages of this browser: the tests look at one at a time. The numbers are Firefox's own.
SHOW = "Services.prefs.setIntPref('layout.css.prefers-color-scheme.content-override', %d)"
SCHEMES = {"dark": 0, "light": 1}
AS_THE_SYSTEM = 2


class Bridge:
    """One connection of Playwright to Firefox."""

    def __init__(self, playwright, firefox):
        self.playwright, self.firefox = playwright, firefox
        # Playwright counts upwards from 1 and never gets so far.
        self.numbers, self.waiting = itertools.count(2**50), {}

    async def run(self):
        try:
            async with asyncio.TaskGroup() as tasks:
                tasks.create_task(self.forward_answers())
                await self.forward_commands(tasks)
                await self.firefox.close()
        except* ConnectionClosed:
            await self.playwright.close()

    async def forward_commands(self, tasks):
        async for text in self.playwright:
            message = json.loads(text)
            if message["method"] == "emulation.setMediaFeaturesOverride":
                tasks.create_task(self.set_media_features(message))
                continue
            if "userActivation" in message["params"]:
                message["params"]["userActivation"] = False
            await self.firefox.send(json.dumps(message))

    async def forward_answers(self):
        async for text in self.firefox:
            waiting = self.waiting.pop(json.loads(text).get("id"), None)
            if waiting:
                waiting.set_result(json.loads(text)["result"])
            else:
                await self.playwright.send(text)

    async def ask(self, method, **parameters):
        number, answer = next(self.numbers), asyncio.get_running_loop().create_future()
        self.waiting[number] = answer
        await self.firefox.send(json.dumps({"id": number, "method": method, "params": parameters}))
        return await answer

    async def set_media_features(self, message):
        scheme = message["params"]["features"].get("prefers-color-scheme")
        tree = await self.ask("browsingContext.getTree", maxDepth=0, **{"moz:scope": "chrome"})
        window = tree["contexts"][0]["context"]
        await self.ask("script.evaluate", expression=SHOW % SCHEMES.get(scheme, AS_THE_SYSTEM), target={"context": window},
                       awaitPromise=False)
        await self.playwright.send(json.dumps({"type": "success", "id": message["id"], "result": {}}))


async def address(process):
    """Where Firefox listens; what else it says is passed on."""
    async for line in process.stderr:
        if found := LISTENING.search(line):
            return found[1].decode()
        sys.stderr.buffer.write(line)
    raise SystemExit("Firefox ended before it listened")


async def drain(process):
    while await process.stderr.read(65_536):
        pass


async def main():
    arguments = [*sys.argv[1:], "--remote-allow-system-access"]
    process = await asyncio.create_subprocess_exec(FIREFOX, *arguments, stderr=asyncio.subprocess.PIPE)
    asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, process.terminate)
    target = await address(process)

    async def accept(playwright):
        async with connect(target + "/session", max_size=None, compression=None, ping_interval=None) as firefox:
            await Bridge(playwright, firefox).run()

    async with serve(accept, "127.0.0.1", 0, max_size=None, compression=None, ping_interval=None) as server:
        port = server.sockets[0].getsockname()[1]
        print(f"WebDriver BiDi listening on ws://127.0.0.1:{port}", file=sys.stderr, flush=True)
        await drain(process)
    await process.wait()


if __name__ == "__main__":
    asyncio.run(main())
