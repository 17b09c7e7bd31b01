"""Speech servers of others, as far as an engine elsewhere meets them; they misbehave by request."""

import asyncio
import http.server
import json
import threading
import time

import numpy
from wyoming.audio import AudioChunk, AudioStart, AudioStop
from wyoming.event import Event
from wyoming.info import Attribution, Describe, Info, TtsProgram, TtsVoice
from wyoming.server import AsyncEventHandler, AsyncTcpServer
from wyoming.tts import Synthesize

RATE = 24_000
PER_CHARACTER = 1_440  # samples: 60 ms
LEVEL = 12_345  # louder than the engine `tone` ever is


def sound(text):
    """What a stand-in says: as long as the text, and known by its level."""
    return numpy.full(len(text) * PER_CHARACTER, LEVEL, "<i2")


class OpenAI:
    """OpenAI's interface for speech, or with `eleven` that of ElevenLabs."""

    def __init__(self, voices=("ann", "bob"), eleven=False, port=0):
        self.mode, self.factor, self.voices, self.eleven = "ok", 0.0, voices, eleven
        self.asked, self.lost, self.changed = [], 0, threading.Condition()
        self.is_over = threading.Event()
        stand_in = self

        class Handler(http.server.BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_GET(self):
                stand_in.list(self)

            def do_POST(self):
                body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
                with stand_in.changed:
                    stand_in.asked.append((self.path, dict(self.headers), body))
                    stand_in.changed.notify_all()
                try:
                    stand_in.speak(self, body.get("input") or body.get("text"))
                except OSError:
                    with stand_in.changed:
                        stand_in.lost += 1
                        stand_in.changed.notify_all()
                self.close_connection = True

            def log_message(self, *_):
                pass

        self.server = http.server.ThreadingHTTPServer(("127.0.0.1", port), Handler)
        self.server.daemon_threads = True
        self.port = self.server.server_address[1]
        self.thread = threading.Thread(target=self.server.serve_forever, args=(0.02,), daemon=True)
        self.thread.start()

    @property
    def uri(self):
        return f"elevenlabs+http://127.0.0.1:{self.port}" if self.eleven else f"openai+http://127.0.0.1:{self.port}/v1"

    def texts(self):
        return [body.get("input") or body.get("text") for _, _, body in self.asked]

    def wait(self, claim, seconds=10):
        with self.changed:
            assert self.changed.wait_for(claim, seconds), (self.mode, self.asked)

    def close(self):
        self.is_over.set()
        self.server.shutdown()
        self.server.server_close()
        self.thread.join(5)

    # Answers

    def list(self, request):
        if self.voices is None:
            return self.answer(request, 404, "text/plain", b"none")
        if self.mode == "401":
            return self.refuse(request, 401)
        if self.eleven:
            entries = [{"voice_id": f"id-of-{each}", "name": f"{each.title()} - calm", "labels": {"language": "en", "gender": "female"}}
                       for each in self.voices]
        else:
            entries = [{"id": each, "name": each} for each in self.voices]
        self.answer(request, 200, "application/json", json.dumps({"voices": entries}).encode())

    def refuse(self, request, status, **fields):
        key = request.headers.get("Authorization", "") + request.headers.get("xi-api-key", "")
        body = {"error": {"message": f"not with {key.removeprefix('Bearer ')}"}}
        self.answer(request, status, "application/json", json.dumps(body).encode(), **fields)

    def answer(self, request, status, kind, body, **fields):
        request.send_response(status)
        for name, value in {"Content-Type": kind, "Content-Length": str(len(body)), **fields}.items():
            request.send_header(name.replace("_", "-"), value)
        request.end_headers()
        request.wfile.write(body)

    def speak(self, request, text):
        mode, samples = self.mode, sound(text)
        if mode.isdigit():
            return self.refuse(request, int(mode))
        match mode:
            case "429-short" if len(self.asked) == 1:
                self.refuse(request, 429, Retry_After="1")
            case "429-long":
                self.refuse(request, 429, Retry_After="600")
            case "html":
                self.answer(request, 200, "text/html", b"<!DOCTYPE html><title>Log in</title>" * 50)
            case "html-as-audio":
                self.answer(request, 200, "audio/pcm", b"<!DOCTYPE html><title>Log in</title>" * 50)
            case "type":
                self.answer(request, 200, "text/plain", samples.tobytes())
            case "mp3":
                self.answer(request, 200, "audio/mpeg", b"\xff\xfb\x90\x00" * 2_000)
            case "wav":
                self.answer(request, 200, "audio/wav", header(samples.size // 2) + samples[: samples.size // 2].tobytes())
            case "empty":
                self.answer(request, 200, "audio/pcm", b"")
            case "hang":
                self.is_over.wait(20)
            case "huge":
                self.stream(request, numpy.full(RATE * 10, LEVEL, "<i2"), times=100_000)
            case "cut-second" if len(self.asked) >= 2:
                self.stream(request, samples, stop_at=0.5)
            case "silent-second" if len(self.asked) >= 2:
                self.stream(request, samples, hang_at=0.5)
            case _:
                self.stream(request, samples)

    def stream(self, request, samples, times=1, stop_at=None, hang_at=None):
        """Pieces of 100 ms, each after `factor` times its length."""
        request.send_response(200)
        request.send_header("Content-Type", "audio/pcm")
        request.send_header("Transfer-Encoding", "chunked")
        request.end_headers()
        step = RATE // 10 if times == 1 else samples.size
        pieces = [samples[at:at + step].tobytes() for at in range(0, samples.size, step)]
        begin = time.monotonic()
        for index, piece in enumerate(pieces * times):
            share = index / len(pieces)
            if stop_at is not None and share >= stop_at:
                return
            if hang_at is not None and share >= hang_at:
                self.is_over.wait(20)
                return
            self.is_over.wait(max(0, begin + (index + 1) * 0.1 * self.factor - time.monotonic()))
            request.wfile.write(b"%x\r\n%s\r\n" % (len(piece), piece))
            request.wfile.flush()
        request.wfile.write(b"0\r\n\r\n")


def header(count):
    """Of a WAV file at 12 kHz."""
    rate, size = RATE // 2, count * 2
    number = lambda value, width: value.to_bytes(width, "little")
    return (b"RIFF" + number(size + 36, 4) + b"WAVEfmt " + number(16, 4) + number(1, 2) + number(1, 2) + number(rate, 4)
            + number(rate * 2, 4) + number(2, 2) + number(16, 2) + b"data" + number(size, 4))


class Wyoming:
    """A server made of the official package."""

    def __init__(self):
        self.asked, self.is_cutting = [], False
        self.loop = asyncio.new_event_loop()
        self.started = threading.Event()
        self.thread = threading.Thread(target=self.work, daemon=True)
        self.thread.start()
        assert self.started.wait(10)

    def work(self):
        asyncio.set_event_loop(self.loop)
        self.loop.run_until_complete(self.serve())
        self.loop.close()

    async def serve(self):
        self.over = asyncio.Event()
        stand_in = self

        class Handler(AsyncEventHandler):
            async def handle_event(self, event: Event) -> bool:
                if Describe.is_type(event.type):
                    await self.write_event(stand_in.info().event())
                elif Synthesize.is_type(event.type):
                    return await stand_in.speak(self, Synthesize.from_event(event))
                return True

        server = AsyncTcpServer("127.0.0.1", 0)
        await server.start(Handler)
        self.port = server._server.sockets[0].getsockname()[1]
        self.started.set()
        await self.over.wait()
        await server.stop()

    @property
    def uri(self):
        return f"wyoming://127.0.0.1:{self.port}"

    def info(self):
        maker = Attribution(name="tests", url="https://example.org")
        voice = TtsVoice(name="en_GB-carol", attribution=maker, installed=True, description=None, version=None, languages=["en_GB"])
        return Info(tts=[TtsProgram(name="stand-in", attribution=maker, installed=True, description=None, version=None, voices=[voice])])

    async def speak(self, handler, wanted):
        self.asked.append(wanted)
        data = sound(wanted.text)[: len(wanted.text) * PER_CHARACTER * 2 // 3]  # 60 ms a character at 16 kHz
        await handler.write_event(AudioStart(rate=16_000, width=2, channels=1).event())
        for at in range(0, data.size, 1_600):
            if self.is_cutting and at > data.size // 2:
                handler.writer.close()
                return False
            chunk = AudioChunk(rate=16_000, width=2, channels=1, audio=data[at:at + 1_600].tobytes())
            await handler.write_event(chunk.event())
        await handler.write_event(AudioStop().event())
        return True

    def close(self):
        self.loop.call_soon_threadsafe(self.over.set)
        self.thread.join(5)
