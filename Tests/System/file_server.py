"""A web server for files that fails as asked: cut answers, no ranges, other versions, redirects."""

import http.server
import re
import ssl
import threading


class File:
    def __init__(self, data, kind="application/octet-stream", tag='"1"', ranges=True, faults=(), claims=None,
                 location=None):
        self.data, self.kind, self.tag, self.ranges, self.location = data, kind, tag, ranges, location
        #: What goes wrong with each request, in their order: "cut", bytes of the body, or "status", code. Then all is well.
        self.faults = list(faults)
        #: What `Content-Length` says instead of the truth.
        self.claims = claims


class FileServer:
    """`files` by path; `asked` has each request's path and the place it wanted to begin at."""

    def __init__(self, certificate=None):
        self.files, self.asked = {}, []
        outer = self

        class Handler(http.server.BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_GET(self):
                outer.answer(self)

            def log_message(self, *_):
                pass

        self.server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.server.daemon_threads = True
        self.scheme = "http"
        if certificate:
            context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
            context.load_cert_chain(*certificate)
            self.server.socket = context.wrap_socket(self.server.socket, server_side=True)
            self.scheme = "https"
        self.thread = threading.Thread(target=self.server.serve_forever, args=(0.01,), daemon=True)
        self.thread.start()

    def url(self, path):
        return f"{self.scheme}://127.0.0.1:{self.server.server_port}{path}"

    def close(self):
        self.server.shutdown()
        self.server.server_close()
        self.thread.join(5)

    def answer(self, request):
        file = self.files.get(request.path)
        wanted = re.fullmatch(r"bytes=(\d+)-", request.headers.get("Range", ""))
        begin = int(wanted[1]) if wanted else 0
        self.asked.append((request.path, begin))
        request.close_connection = True
        if not file:
            return self.head(request, 404, {"Content-Length": 0})
        if file.location:
            return self.head(request, 302, {"Location": file.location, "Content-Length": 0})
        fault, number = file.faults.pop(0) if file.faults else (None, None)
        if fault == "status":
            return self.head(request, number, {"Content-Length": 0})
        version = request.headers.get("If-Range")
        if not file.ranges or version not in (None, file.tag):
            begin = 0
        if begin and begin >= len(file.data):
            return self.head(request, 416, {"Content-Range": f"bytes */{len(file.data)}", "Content-Length": 0})
        body = file.data[begin:]
        fields = {"Content-Type": file.kind, "ETag": file.tag, "Content-Length": file.claims or len(body)}
        if begin:
            fields["Content-Range"] = f"bytes {begin}-{len(file.data) - 1}/{len(file.data)}"
        self.head(request, 206 if begin else 200, fields)
        request.wfile.write(body[:number] if fault == "cut" else body)

    @staticmethod
    def head(request, status, fields):
        request.send_response(status)
        for name, value in fields.items():
            request.send_header(name, value)
        request.end_headers()
