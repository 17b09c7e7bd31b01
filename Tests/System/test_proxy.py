"""Behind nginx, as README.md says: TLS at the proxy, WebSockets, event streams without buffering, its clients known."""

import http.client
import itertools
import json
import re
import shutil
import socket
import ssl
import subprocess
import time

import pytest

from hearsay import ROOT, Server, until
from talk import Talk

NGINX = shutil.which("nginx") or "/usr/sbin/nginx"
NAME = "voice.example.com"
CONFIGURATION = """
daemon off;
worker_processes 1;
pid {folder}/nginx.pid;
error_log stderr notice;
events {{ worker_connections 256; }}
http {{
    access_log off;
    client_body_temp_path {folder}/body;
    proxy_temp_path {folder}/proxy;
    fastcgi_temp_path {folder}/fastcgi;
    uwsgi_temp_path {folder}/uwsgi;
    scgi_temp_path {folder}/scgi;
{recipe}
}}
"""


def recipe():
    """The configuration that README.md shows."""
    text = (ROOT / "README.md").read_text()
    return re.search(r"```nginx\n(.*?)```", text, re.S)[1]


def free_port():
    with socket.create_server(("127.0.0.1", 0)) as listening:
        return listening.getsockname()[1]


class Proxy:
    """nginx with the recipe, in the foreground on a free port, its certificate made here."""

    def __init__(self, folder, upstream):
        self.port = free_port()
        self.sources = (f"127.1.{number // 256}.{number % 256}" for number in itertools.count(1))
        subprocess.run(["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-days", "1",
                        "-subj", f"/CN={NAME}", "-addext", f"subjectAltName=DNS:{NAME}", "-keyout", folder / "key.pem", "-out",
                        folder / "certificate.pem"], check=True, capture_output=True)
        text = recipe()
        for said, meant in [("listen 443 ssl;", f"listen 127.0.0.1:{self.port} ssl;"), ("http://127.0.0.1:7780", f"http://127.0.0.1:{upstream}"),
                            (f"/etc/ssl/{NAME}.pem", f"{folder}/certificate.pem"), (f"/etc/ssl/{NAME}.key", f"{folder}/key.pem")]:
            assert said in text, said
            text = text.replace(said, meant)
        (folder / "nginx.conf").write_text(CONFIGURATION.format(folder=folder, recipe=text))
        self.process = subprocess.Popen([NGINX, "-p", str(folder), "-c", str(folder / "nginx.conf"), "-e", "stderr"],
                                        stderr=(folder / "log").open("w"))
        self.trust = ssl.create_default_context(cafile=folder / "certificate.pem")
        assert until(self.answers), (folder / "log").read_text()

    def answers(self):
        try:
            self.open().close()
            return True
        except OSError:
            return False

    def raw(self, source=None):
        """A connection, from an address of loopback that nobody else comes from."""
        return socket.create_connection(("127.0.0.1", self.port), 10, source_address=(source or next(self.sources), 0))

    def open(self, source=None):
        connection = http.client.HTTPSConnection(NAME, self.port, context=self.trust, timeout=10)
        connection.sock = self.trust.wrap_socket(self.raw(source), server_hostname=NAME)
        return connection

    def ask(self, method, path, token=None, body=None, source=None, **headers):
        """One request under the proxy's name: status and JSON."""
        named = {key.replace("_", "-"): value for key, value in headers.items()}
        if token:
            named["Authorization"] = f"Bearer {token}"
        connection = self.open(source)
        connection.request(method, path, json.dumps(body) if body is not None else None, {"Host": NAME, **named})
        response = connection.getresponse()
        data = response.read()
        connection.close()
        return response.status, json.loads(data) if data.startswith(b"{") else data

    def talk(self, token, **options):
        return Talk(self.port, token, url=f"wss://{NAME}/v1/ws", sock=self.raw(), ssl=self.trust, server_hostname=NAME, **options)

    def close(self):
        self.process.terminate()
        self.process.wait(10)


@pytest.fixture(scope="module")
def behind(tmp_path_factory):
    server = Server("--trust-proxy", "127.0.0.1", "--host", NAME, "--rate-peer", "20/h")
    proxy = Proxy(tmp_path_factory.mktemp("nginx"), server.port)
    yield server, proxy
    proxy.close()
    server.close()


def test_the_page_and_the_interface_answer_under_the_proxys_name(behind):
    server, proxy = behind
    assert proxy.ask("GET", "/health") == (200, {"status": "ok"})
    assert proxy.ask("GET", "/player")[0] == 200
    for origin, status in [(f"https://{NAME}", 200), (f"http://{NAME}", 403), ("https://evil.example", 403)]:
        assert proxy.ask("GET", "/v1/voices", server.admin_token, Origin=origin)[0] == status
    assert proxy.ask("GET", "/health", Host="evil.example")[0] == 403


def test_the_clients_are_known_apart_and_cannot_say_who_they_are(behind):
    server, proxy = behind
    inventions = [{"X_Forwarded_For": f"198.51.100.{number}"} for number in range(20)] + [{}]
    statuses = [proxy.ask("GET", "/health", source="127.0.0.2", **fields)[0] for fields in inventions]
    assert statuses == [200] * 20 + [429], statuses
    assert proxy.ask("GET", "/health", source="127.0.0.3")[0] == 200
    assert server.ask("GET", "/health").status == 200


@pytest.mark.parametrize("fields", [{}, {"X_Forwarded_For": "127.0.0.1"}, {"X_Forwarded_Host": "localhost", "X_Forwarded_Proto": "http"},
                                    {"Forwarded": "for=127.0.0.1;host=localhost;proto=http"}, {"X_Real_IP": "127.0.0.1"}])
def test_what_comes_through_the_proxy_is_never_this_machines_own(behind, fields):
    server, proxy = behind
    status, session = proxy.ask("POST", "/v1/sessions", server.admin_token, {}, Origin=f"https://{NAME}", **fields)
    assert status == 201 and session["local"] is False, (status, session)
    assert server.ask("POST", "/v1/sessions", {}).json["local"] is True


def test_a_socket_opens_through_the_proxy_and_hears(behind):
    server, proxy = behind
    talk = proxy.talk(server.admin_token, origin=f"https://{NAME}")
    assert talk.ask("listener.open", kind="behind", session_id="default", formats=["pcm_s16"], sample_rate=24_000)["type"] == "ok"
    job = talk.ask("speak", text="Through the proxy.", deliver="session")["job_id"]
    assert talk.until("audio.begin")["job_id"] == job
    while not isinstance(frame := talk.next(), bytes):
        pass
    assert len(frame) > 16
    talk.ask("abort", scope="job", job_id=job)
    assert proxy.talk(server.admin_token, hello=False, origin="https://evil.example").closed() == 4403
    talk.close()


def test_events_come_at_once(behind, talk):
    server, proxy = behind
    connection = proxy.open()
    connection.request("GET", "/v1/events?events=session.*", None, {"Host": NAME, "Authorization": f"Bearer {server.admin_token}"})
    response = connection.getresponse()
    assert response.readline() == b"retry: 1000\n"
    control = talk(server)
    for number in range(3):
        began = time.monotonic()
        control.ask("session.start", session_id=f"at-once-{number}")
        while not (line := response.readline()).startswith(b"data:"):
            pass
        assert f"at-once-{number}".encode() in line and time.monotonic() - began < 1
    connection.close()
