"""A speech engine with OpenAI's interface that makes a tone so many times faster than it sounds, as a slow model would.

usage: stand_in.py PORT PACE stream|whole    (whole: a request is answered when its speech is complete)
"""

import array
import http.server
import json
import sys
import time

RATE = 24_000
PER_CHARACTER = RATE * 6 // 100  # 60 ms, as people read
PORT, PACE, IS_WHOLE = int(sys.argv[1]), float(sys.argv[2]), sys.argv[3] == "whole"
PERIOD = array.array("h", [8_000 if at < 60 else -8_000 for at in range(120)]).tobytes()  # 200 Hz


class Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_GET(self):
        self.answer(json.dumps({"voices": [{"id": "stand-in", "name": "stand-in"}]}).encode())

    def do_POST(self):
        body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        count = len(body["input"]) * PER_CHARACTER
        sound = (PERIOD * (count // 120 + 1))[:count * 2]
        began, step = time.monotonic(), len(sound) if IS_WHOLE else RATE // 10 * 2
        self.send_response(200)
        self.send_header("Content-Type", "audio/pcm")
        self.send_header("Transfer-Encoding", "chunked")
        self.end_headers()
        try:
            for at in range(0, len(sound), step):
                piece = sound[at:at + step]
                time.sleep(max(0, began + (at + len(piece)) / 2 / RATE / PACE - time.monotonic()))
                self.wfile.write(b"%x\r\n%s\r\n" % (len(piece), piece))
            self.wfile.write(b"0\r\n\r\n")
        except OSError:
            self.close_connection = True  # nobody wants the rest

    def answer(self, body):
        self.send_response(200)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_):
        pass


http.server.ThreadingHTTPServer(("127.0.0.1", PORT), Handler).serve_forever(0.02)
