"""`/metrics`: what a Prometheus server reads."""

import pathlib
import struct
import time

from prometheus_client.parser import text_string_to_metric_families

from hearsay import until
from hostile import connect, welcomed


def families(server, **options):
    answer = server.ask("GET", "/metrics", **options)
    assert answer.status == 200, answer
    assert answer.headers["content-type"] == "text/plain; version=0.0.4; charset=utf-8"
    return {family.name: family for family in text_string_to_metric_families(answer.data.decode())}


def test_every_family_is_well_formed(server):
    found = families(server)
    assert len(found) > 25
    for family in found.values():
        assert family.documentation and family.type in ("counter", "gauge", "histogram"), family
        assert family.name.startswith(("hearsay_", "process_")), family
        names = [(sample.name, tuple(sorted(sample.labels.items()))) for sample in family.samples]
        assert len(names) == len(set(names)), family
        if family.type == "histogram":
            counts = [sample.value for sample in family.samples if sample.name.endswith("_bucket")]
            assert counts == sorted(counts) and family.samples[-1].value == counts[-1], family


def test_the_process_is_as_the_system_says(server):
    values = server.metrics()
    threads = len(list(pathlib.Path(f"/proc/{server.pid}/task").iterdir()))
    assert abs(values["process_threads",] - threads) <= 2
    assert 4e6 < values["process_resident_memory_bytes",] < 1e9
    assert 5 < values["process_open_fds",] < values["process_max_fds",]
    assert until(lambda: server.metrics()["process_cpu_seconds_total",] > 0), "each scrape costs something"
    assert abs(values["process_start_time_seconds",] - time.time()) < 3600
    assert values["hearsay_build_info", ("version", "0.1.0")] == 1


def test_values_move_when_things_happen(server, listen, control, talk):
    before = server.metrics()
    listen(server)
    job = control.speak("This is counted.")
    assert control.end(job)["type"] == "job.finished"
    assert server.ask("POST", "/v1/speak", {"text": ""}).status == 422
    assert talk(server).ask("dance")["code"] == "unknown_command"
    after = server.metrics()

    def rise(name, **labels):
        key = (name, *sorted(labels.items()))
        return after.get(key, 0) - before.get(key, 0)

    assert rise("hearsay_jobs_accepted_total") == rise("hearsay_jobs_ended_total", end="finished", code="") == 1
    for name in ("first_audio", "first_frame", "confirmation", "heard"):
        assert rise(f"hearsay_job_{name}_seconds_count") == 1
        assert 0 <= rise(f"hearsay_job_{name}_seconds_sum") < 10
    assert rise("hearsay_refusals_total", code="empty_text") == rise("hearsay_refusals_total", code="unknown_command") == 1
    assert rise("hearsay_http_requests_total", route="/v1/speak", status="4xx") == 1
    assert rise("hearsay_http_requests_total", route="/metrics", status="2xx") == 1
    assert rise("hearsay_connections", kind="websocket", tls="false") == 2
    assert rise("hearsay_listeners", state="ready") == 1
    assert rise("hearsay_events_published_total", kind="fact") >= 4
    assert rise("hearsay_websocket_frames_total", direction="in") >= rise("hearsay_websocket_messages_total") > 4
    assert rise("hearsay_websocket_frames_total", direction="out") > 10
    assert rise("hearsay_network_bytes_total", direction="out") > 24_000  # half a second of audio at the least
    assert after["hearsay_event_subscribers",] == 1
    assert after["hearsay_engine_state", ("engine", "flite"), ("state", "ready")] == 1


def test_labels_hold_nothing_of_a_client(server, talk):
    connection = talk(server, hello=False)
    connection.ask("hello", session={"session_id": "secretname"})
    connection.ask("speak", text="secrettext", expires_in_ms=0, deliver="session")
    server.ask("GET", "/v1/jobs/secretjob")
    server.ask("GET", "/secretpath")
    assert b"secret" not in server.ask("GET", "/metrics").data


def test_a_token_that_may_not_see_everything_sees_nothing(server):
    answer = server.ask("GET", "/metrics", token=server.make_token(["speak", "listen", "events", "control"]))
    assert (answer.status, answer.error["code"]) == (403, "not_allowed")
    assert server.ask("GET", "/metrics", token=None).status == 401


def test_a_named_network_needs_no_token(serve):
    server = serve("--metrics-net", "10.0.0.0/8", "--metrics-net", "127.0.0.1")
    assert families(server, token=None)
    assert server.ask("GET", "/metrics", token=None, X_Forwarded_For="127.0.0.1").status == 401
    assert server.ask("GET", "/status", token=None).status == 401


def test_a_scrape_is_quick_with_a_thousand_connections(server):
    sockets = [connect(server) for _ in range(800)] + [welcomed(server) for _ in range(200)]
    times = []
    for _ in range(10):
        began = time.monotonic()
        values = server.metrics()
        times.append(time.monotonic() - began)
    assert values["hearsay_connections", ("kind", "websocket"), ("tls", "false")] >= 200
    for raw in sockets:
        raw.close()
    assert sorted(times)[5] < 0.5, times


def test_what_is_heard_is_counted(server, talk):
    before = server.metrics()
    speaker = talk(server)
    speech = pathlib.Path("/usr/share/pocketsphinx/test/data/goforward.raw").read_bytes()
    opened = speaker.ask("source.open", codec="pcm_s16", sample_rate=16_000, stt={"revise": False})
    # A second is missing between the speech and the silence after it.
    for begin, samples in (0, speech), (len(speech) // 2 + 16_000, bytes(32_000)):
        for index in range(0, len(samples), 640):
            place = begin + index // 2
            speaker.socket.send(struct.pack("<BBHIII", 1, 1, 0, opened["channel"], place // 320, place) + samples[index:index + 640])
    assert until(lambda: server.metrics()["hearsay_sources", ("state", "connected")] == 1)
    speaker.ask("source.close", source_id=opened["source_id"])

    def rise(name):
        return server.metrics()[name,] - before[name,]

    assert until(lambda: rise("hearsay_transcript_final_seconds_count") == 1, 30)

    assert abs(rise("hearsay_source_audio_seconds_total") - len(speech) / 32_000 - 1) < 0.1
    assert abs(rise("hearsay_source_missing_seconds_total") - 1) < 0.1
    after = server.metrics()
    assert after["hearsay_sources", ("state", "connected")] == after["hearsay_lag_seconds",] == 0
