"""`hearsay doctor` says what works, names what does not, and its bundle gives no secret away."""

import fcntl
import http.server
import json
import os
import pathlib
import pty
import re
import shutil
import socket
import struct
import subprocess
import tarfile
import termios
import threading

import pytest

import hearsay
from hearsay import run

SECRET = "planted-secret-4711"
SPOKEN = "The vault opens at midnight."


@pytest.fixture
def home(tmp_path):
    """A home folder of a test's own, as an environment."""
    (tmp_path / ".config" / "hearsay").mkdir(parents=True)
    names = ("XDG_CONFIG_HOME", "XDG_DATA_HOME", "http_proxy", "all_proxy", "ALL_PROXY")
    return {"HOME": str(tmp_path), **{name: "" for name in names}}


@pytest.fixture
def other_program():
    """A web server that is not Hearsay, on a port of its own."""
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), http.server.BaseHTTPRequestHandler)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield server.server_address[1]
    server.shutdown()
    server.server_close()
    thread.join(5)


def examine(*arguments, environment):
    outcome = run("doctor", "--json", *arguments, environment=environment)
    findings = [line for line in outcome.lines if line["type"] == "finding"]
    verdict = next(line for line in outcome.lines if line["type"] == "verdict")
    assert verdict["exit_code"] == outcome.code, outcome
    return outcome.code, findings


def about(findings, subject, state=None):
    found = [each for each in findings if each["subject"] == subject and state in (None, each["state"])]
    assert found, (subject, state, findings)
    return found[0]


def commands(finding):
    return [each["command"] for each in finding.get("remedies", []) if "command" in each]


def free_port():
    with socket.create_server(("127.0.0.1", 0)) as listener:
        return listener.getsockname()[1]


def test_without_a_server_it_says_how_to_start_one(home, tmp_path):
    port = free_port()
    code, findings = examine("--data", str(tmp_path / "data"), "--server", f"http://127.0.0.1:{port}", environment=home)
    assert code == 7
    assert commands(about(findings, "server", "problem")) == ["hearsay serve"]
    assert about(findings, "port")["text"] == f"{port} is free"
    engine = about(findings, "engine", "ok")["text"]
    assert re.match(r"flite \S+ is up after \d+ ms and speaks \d+ ms after it is asked", engine), engine
    # Which one, if any, is a matter of the machine; none keeps no speech from being heard.
    assert about(findings, "microphone")["state"] != "problem"
    assert about(findings, "data folder", "note")["text"].endswith("will be made by the first start")


def test_with_a_listener_speech_can_be_heard(serve, listen, home):
    server = serve()
    listen(server)
    code, findings = examine("--data", str(server.data), environment=home)
    assert code == 0, findings
    assert not [each for each in findings if each["state"] == "problem"]
    assert about(findings, "listeners")["text"].startswith("1 ready")
    assert str(server.pid) in about(findings, "port", "ok")["text"]
    assert about(findings, "token", "ok") and about(findings, "engines", "ok")
    assert "in use by a server" in about(findings, "data folder", "ok")["text"]


def test_without_a_listener_nobody_would_hear(serve, home):
    server = serve()
    code, findings = examine("--data", str(server.data), environment=home)
    assert code == 3
    assert "hearsay play" in commands(about(findings, "listeners", "problem"))


def test_a_wrong_token_is_refused(serve, home):
    server = serve()
    code, findings = examine("--data", str(server.data), "--token", "x" * 43, environment=home)
    assert code == 8
    assert about(findings, "token", "problem")


def test_another_program_on_the_port_is_named(home, tmp_path, other_program):
    url = f"http://127.0.0.1:{other_program}"
    code, findings = examine("--data", str(tmp_path / "data"), "--server", url, environment=home)
    assert code == 7
    assert about(findings, "server", "problem")["text"] == f"another program answers at {url}"
    text = about(findings, "port", "problem")["text"]
    assert f"process {os.getpid()}, listens on 127.0.0.1:{other_program}" in text
    assert commands(about(findings, "port")) == [f"hearsay serve --listen 127.0.0.1:{other_program + 1}"]


def test_a_file_in_place_of_the_data_folder_is_found(home, tmp_path):
    place = tmp_path / "data"
    place.write_text("not a folder")
    code, findings = examine("--data", str(place), "--server", f"http://127.0.0.1:{free_port()}", environment=home)
    assert code == 8
    assert commands(about(findings, "data folder", "problem")) == [f"mv {place} {place}.old"]


def test_a_data_folder_below_a_file_cannot_be_made(home, tmp_path):
    (tmp_path / "file").write_text("")
    code, findings = examine(
        "--data", str(tmp_path / "file" / "data"), "--server", f"http://127.0.0.1:{free_port()}", environment=home)
    assert code == 8
    assert "is a file" in about(findings, "data folder", "problem")["text"]


def test_what_others_may_read_is_closed_by_a_command(serve, home):
    server = serve()
    (server.data / "admin.token").chmod(0o644)
    server.data.chmod(0o755)
    _, findings = examine("--data", str(server.data), environment=home)
    found = [command for each in findings if each["subject"] == "data folder" for command in commands(each)]
    assert found == [f"chmod 700 {server.data}", f"chmod 600 {server.data}/admin.token"]


def test_a_missing_engine_is_found(home, tmp_path):
    alone = tmp_path / "bin" / "hearsay"
    alone.parent.mkdir()
    shutil.copy(hearsay.PROGRAM, alone)
    outcome = subprocess.run(
        [alone, "doctor", "--json", "--data", tmp_path / "data", "--server", f"http://127.0.0.1:{free_port()}"],
        env=hearsay.clean_environment() | home, capture_output=True, text=True, timeout=60)
    findings = [json.loads(line) for line in outcome.stdout.splitlines()]
    assert outcome.returncode == 6, outcome
    assert about(findings[:-1], "engine", "problem")["text"] == "hearsay-flite is not beside hearsay"


def test_every_mistake_in_the_settings_is_named(home, tmp_path):
    (tmp_path / ".config" / "hearsay" / "config").write_text("voise = rms\nserver = http://127.0.0.1:1\nnonsense\n")
    code, findings = examine(environment=home)
    assert code == 1
    text = about(findings, "settings", "problem")["text"]
    assert "line 1 sets “voise”" in text and "did you mean voice?" in text and "line 3" in text
    assert "http://127.0.0.1:1" in about(findings, "server")["text"], "what can be understood holds"


def test_a_terminal_of_80_columns_gets_colours_and_whole_lines(serve, home):
    server = serve()
    text = on_terminal("--data", str(server.data), environment=home | {"TERM": "xterm"})
    assert "\x1b[32mok\x1b[0m" in text and "\x1b[31mproblem\x1b[0m" in text
    plain = [re.sub(r"\r?\x1b\[[0-9;]*[mK]", "", line).rstrip("\r") for line in text.split("\n")]
    # A path or link is never broken, so that it can be copied.
    assert not [line for line in plain if len(line) > 80 and "/" not in line], plain
    assert f"player#token={server.player_token}" in text, "the person at the terminal may open it"
    assert "\x1b[3" not in on_terminal("--data", str(server.data), environment=home | {"NO_COLOR": "1"})


def on_terminal(*arguments, environment):
    """What the doctor writes to a terminal of 80 columns."""
    ours, theirs = pty.openpty()
    # termios(3): rows, columns and two unused numbers of 16 bits.
    fcntl.ioctl(theirs, termios.TIOCSWINSZ, struct.pack("HHHH", 40, 80, 0, 0))
    process = subprocess.Popen([hearsay.PROGRAM, "doctor", *arguments], stdin=subprocess.DEVNULL, stdout=theirs,
                               stderr=theirs, env=hearsay.clean_environment() | environment)
    os.close(theirs)
    data = b""
    try:
        while piece := os.read(ours, 65536):
            data += piece
    except OSError:
        pass  # a terminal whose other side is closed ends so
    os.close(ours)
    assert process.wait(30) in (0, 3)
    return data.decode()


def test_a_certificate_and_a_key_that_do_not_fit_are_found(home, tmp_path):
    for name in ("one", "two"):
        subprocess.run(["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes",
                        "-subj", "/CN=attic", "-addext", "subjectAltName=DNS:attic", "-days", "400",
                        "-keyout", tmp_path / f"{name}.key", "-out", tmp_path / f"{name}.pem"],
                       check=True, capture_output=True)
    data = ["--data", str(tmp_path / "data"), "--server", f"http://127.0.0.1:{free_port()}"]
    files = ["--tls-cert", str(tmp_path / "one.pem"), "--tls-key"]
    code, findings = examine(*data, *files, str(tmp_path / "two.key"), environment=home)
    assert code == 5
    assert about(findings, "certificate", "problem")["text"].startswith("the key is not that of the certificate")
    _, findings = examine(*data, *files, str(tmp_path / "one.key"), environment=home)
    assert about(findings, "certificate", "ok")["text"].endswith("for attic")
    assert run("doctor", "--tls-cert", "x", environment=home).code == 1


@pytest.mark.parametrize("name", ["report.tar.gz", "report.tar"])
def test_the_bundle_holds_what_helps_and_no_secret(serve, listen, home, tmp_path, name):
    server = serve()
    listen(server)
    assert server.run("say", SPOKEN).code == 0
    made = server.make_token(["speak", "events"], label="planted")
    (server.data / "tls-key.pem").write_text(f"-----BEGIN PRIVATE KEY-----\n{SECRET}\n-----END PRIVATE KEY-----\n")
    shutil.copy(server.data / "tls-key.pem", server.data / "tls-certificate.pem")
    config = tmp_path / ".config" / "hearsay" / "config"
    config.write_text(f"token = {SECRET}-config\nserver = http://eva:{SECRET}@127.0.0.1:{server.port}\n")
    planted = {key: f"{SECRET}-{key}" for key in
               ("GITHUB_TOKEN", "AWS_SECRET_ACCESS_KEY", "SSH_KEY", "PGPASSWORD", "HEARSAY_SECRET")}
    proxy = {"http_proxy": f"http://eva:{SECRET}@proxy.test:3128"}
    target = tmp_path / name
    outcome = run("doctor", "--data", str(server.data), "--server", f"http://127.0.0.1:{server.port}", "--token",
                  server.admin_token, "--bundle", str(target), environment=home | planted | proxy)
    assert outcome.code == 0, outcome
    assert target.stat().st_mode & 0o777 == 0o600
    with tarfile.open(target) as archive:
        parts = {pathlib.Path(each.name).name: archive.extractfile(each).read().decode()
                 for each in archive.getmembers() if each.isfile()}
    assert {"README.txt", "findings.jsonl", "versions.txt", "configuration.txt", "status.json", "limits.txt",
            "processes.txt", "data-folder.txt", "sound-devices.txt", "environment.txt"} <= set(parts)
    everything = "\n".join(parts.values()) + outcome.said
    for secret in (SECRET, server.admin_token, server.player_token, made, SPOKEN, "vault", "PRIVATE KEY"):
        assert secret not in everything, (secret, [key for key, text in parts.items() if secret in text])
    assert "tls-key.pem" in parts["data-folder.txt"], "names are told, contents are not"
    assert '"flite"' in parts["status.json"] and "hearsay" in parts["processes.txt"]
    assert json.loads(parts["findings.jsonl"].splitlines()[-1])["exit_code"] == 0


def test_a_bundle_overwrites_nothing(home, tmp_path):
    target = tmp_path / "report.tar"
    target.write_text("mine")
    outcome = run("doctor", "--server", "http://127.0.0.1:1", "--bundle", str(target), environment=home)
    assert outcome.code == 1 and "exists already" in outcome.err, outcome
    assert target.read_text() == "mine"
    assert run("doctor", "--bundle", "report.zip", environment=home).code == 1


def test_doors_of_the_file_are_looked_at_before_a_start_and_after(home, tmp_path, serve, other_program):
    folder = tmp_path / "data"
    folder.mkdir()
    file = folder / "config.json5"
    port = free_port()
    file.write_text(f'{{ alias: {{ pai: "127.0.0.1:{port}", tts: "127.0.0.1:{other_program}" }} }}')
    nobody = ("--server", f"http://127.0.0.1:{free_port()}")
    _, findings = examine("--data", str(folder), *nobody, environment=home)
    assert about(findings, "doors", "ok")["text"] == f"can open: pai at 127.0.0.1:{port}"
    text = about(findings, "doors", "problem")["text"]
    assert text.startswith(f"tts at 127.0.0.1:{other_program} cannot open: python") and str(os.getpid()) in text
    file.write_text(f'{{ alias: {{ pai: "127.0.0.1:{port}" }} }}')
    server = serve(folder=folder)
    assert [door["address"] for door in server.get("/status")["doors"]] == [f"127.0.0.1:{port}"]
    _, findings = examine("--data", str(folder), environment=home)
    assert about(findings, "doors", "ok")["text"] == f"open: pai at 127.0.0.1:{port}"
    file.write_text(f'{{ alias: {{ pai: ["127.0.0.1:{port}", "127.0.0.1:{free_port()}"] }} }}')
    _, findings = examine("--data", str(folder), environment=home)
    assert about(findings, "doors", "note")["text"].endswith("the file asks for it since the server started")
