"""The server's own descriptions: valid, complete, and true to what it takes and tells."""

import json

import pytest
from jsonschema import Draft202012Validator
from openapi_spec_validator import validate

from hearsay import Server
from talk import Talk


@pytest.fixture(scope="module")
def server():
    server = Server(voice="tone")
    yield server
    server.close()


@pytest.fixture(scope="module")
def openapi(server):
    return server.ask("GET", "/openapi.json", token=None).json


@pytest.fixture(scope="module")
def asyncapi(server):
    return server.ask("GET", "/asyncapi.json", token=None).json


def operations(document):
    return [(method.upper(), path, operation) for path, methods in document["paths"].items()
            for method, operation in methods.items()]


def body(operation):
    content = operation.get("requestBody", {}).get("content", {})
    return content.get("application/json", {}).get("schema", {})


def follow(document, reference):
    for part in reference.removeprefix("#/").split("/"):
        document = document[part.replace("~1", "/")]
    return document


def references(value):
    if isinstance(value, dict):
        yield from ([value["$ref"]] if "$ref" in value else [])
        value = value.values()
    for inner in value if not isinstance(value, (str, int, float, bool, type(None))) else ():
        yield from references(inner)


def test_the_description_of_the_requests_is_valid(openapi):
    validate(openapi)
    assert openapi["openapi"] == "3.1.0" and openapi["info"]["title"] == "Hearsay"


def test_each_request_is_there_and_asks_for_a_token_as_described(server, openapi):
    for method, path, operation in operations(openapi):
        answer = server.ask(method, path.replace("{id}", "x"), token=None)
        assert (answer.status == 401) == bool(operation["security"]), (method, path, answer)


def test_fields_of_bodies_are_refused_as_described(server, openapi):
    """A described field with a value of the wrong kind is named in the answer; one that is not described is unknown."""
    checked = 0
    for method, path, operation in operations(openapi):
        schema = body(operation)
        if "properties" not in schema or schema.get("additionalProperties") is not False:
            continue
        path = path.replace("{id}", "default")
        for name in schema["properties"]:
            error = server.ask(method, path, {name: {"x": [1]}}).json["error"]
            assert error["code"] in ("wrong_type", "missing_field", "unknown_field") and error["field"], (path, name, error)
            assert error["code"] != "unknown_field" or error["field"].startswith(f"{name}."), (path, name, error)
            checked += 1
        for name in schema.get("required", []):
            assert server.ask(method, path, {}).json["error"] == {
                **server.ask(method, path, {}).json["error"], "code": "missing_field"}, (path, name)
        unknown = {name: example(value) for name, value in schema["properties"].items() if name in schema.get("required", [])}
        error = server.ask(method, path, unknown | {"no_such_field": 1}).json["error"]
        assert (error["code"], error["field"]) == ("unknown_field", "no_such_field"), (path, error)
    assert checked > 30


def example(schema):
    return "speak" if "oneOf" in schema else "x"


def test_answers_are_as_described(server, openapi):
    def check(name, value):
        schema = {"$ref": f"#/components/schemas/{name}", "components": openapi["components"]}
        Draft202012Validator(schema).validate(value)

    job = server.ask("POST", "/v1/speak?wait=finished", {"text": "Hello.", "deliver": "none"}).json
    check("Job", job)
    check("Job", server.get(f"/v1/jobs/{job['job_id']}"))
    check("Queue", server.get("/v1/queue"))
    check("Voices", server.get("/v1/voices"))
    check("Engines", server.get("/v1/engines"))
    check("Session", server.get("/v1/sessions/default"))
    check("Error", server.ask("POST", "/v1/speak", {}).json)
    check("Aborted", server.ask("POST", "/v1/abort", {"scope": "all"}).json)


def test_the_description_of_the_socket_holds_together(asyncapi):
    assert asyncapi["asyncapi"] == "3.0.0"
    for reference in references(asyncapi):
        assert follow(asyncapi, reference)
    for message in asyncapi["components"]["messages"].values():
        Draft202012Validator.check_schema(message["payload"])
    listed = {reference["$ref"].rsplit("/", 1)[1] for operation in asyncapi["operations"].values()
              for reference in operation["messages"]}
    assert listed == set(asyncapi["components"]["messages"])


def test_what_the_socket_tells_is_as_described(server, asyncapi):
    talk = Talk(server.port, server.admin_token)
    talk.ask("subscribe", events=["*"])
    talk.say("speak", text="Hello.", deliver="none", req=1)
    seen = set()
    while not {"ok", "job.finished"} <= seen:
        message = talk.next()
        if isinstance(message, bytes):
            continue
        seen.add(message["type"])
        described = asyncapi["components"]["messages"][message["type"].replace(".", "_")]
        Draft202012Validator(described["payload"]).validate(message)
    talk.close()
    assert "job.queued" in seen


def test_commands_are_refused_as_described(server, asyncapi):
    commands = {message["$ref"].rsplit("/", 1)[1] for message in asyncapi["operations"]["commands"]["messages"]}
    talk = Talk(server.port, server.admin_token)
    for name in sorted(commands - {"hello"}):
        schema = asyncapi["components"]["messages"][name]["payload"]
        kind = schema["properties"]["type"]["const"]
        for field in set(schema["properties"]) - {"type", "req"}:
            error = refusal(talk, {"type": kind, field: {"x": [1]}})
            assert error["code"] in ("wrong_type", "missing_field", "unknown_field"), (kind, field, error)
            assert error["code"] != "unknown_field" or error["field"].startswith(f"{field}."), (kind, field, error)
    talk.close()


def refusal(talk, message):
    talk.socket.send(json.dumps(message | {"req": 7}))
    while True:
        answer = talk.next()
        if not isinstance(answer, bytes) and answer.get("req") == 7:
            assert answer["type"] == "error", (message, answer)
            return answer
