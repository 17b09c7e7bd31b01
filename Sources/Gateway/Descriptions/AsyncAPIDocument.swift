import JSON
import VoiceCore
import Wire

/// The description of the WebSocket, made of the commands that are read there and the events that are told (AsyncAPI 3.0).
enum AsyncAPIDocument {
    /// Answers, and what is told of audio, besides the events.
    private static let others: [String: String] = [
        "welcome": "Answers `hello`: ids, version and limits", "ok": "Answers a command that has `req`",
        "error": "Says why a command failed", "audio.begin": "Audio of a job follows on a channel",
        "source.ack": "Audio up to a sequence was received", "source.control": "Asks a source to pause, resume or stop",
        "token.expiring": "The token ends soon", "events.lost": "Events that are gone",
    ]

    /// - Parameter version: Of the server.
    static func make(version: String) -> JSONValue {
        let commands = Command.names.map { ($0, command($0)) }
        let told = MessageGuide.events.map { ($0.key, event($0.key, $0.value)) }
        let answers = others.map { ($0.key, message($0.key, $0.value, open([:]))) }
        let sent = told + answers
        let messages = Dictionary(uniqueKeysWithValues: (commands + sent).map { (key($0.0), $0.1) })
        return .object([
            "asyncapi": "3.0.0",
            "info": .object([
                "title": "Hearsay", "version": .string(version),
                "description": "Commands and events on `/v1/ws`, subprotocol `hearsay.v1`. Binary frames carry audio.",
            ]),
            "defaultContentType": "application/json",
            "channels": .object([
                "socket": .object([
                    "address": "/v1/ws", "messages": .object(messages.mapValues { reference(to: $0) }),
                ])
            ]),
            "operations": .object([
                "commands": operation("receive", commands.map(\.0)), "events": operation("send", sent.map(\.0)),
            ]),
            "components": .object(["messages": .object(messages)]),
        ])
    }

    private static func reference(to message: JSONValue) -> JSONValue {
        let name = message["name"]?.text ?? ""
        return .object(["$ref": .string("#/components/messages/\(key(name))")])
    }

    /// Names of components have no dots.
    private static func key(_ name: String) -> String { name.replacing(".", with: "_") }

    private static func operation(_ action: String, _ names: [String]) -> JSONValue {
        .object([
            "action": .string(action), "channel": .object(["$ref": "#/channels/socket"]),
            "messages": .array(
                names.sorted().map { .object(["$ref": .string("#/channels/socket/messages/\(key($0))")]) }),
        ])
    }

    private static func command(_ name: String) -> JSONValue {
        let scalar: JSONValue = .object(["type": .array(["string", "number", "boolean", "null"])])
        let payload = Command.shape(of: name).map {
            JSONSchema.object($0, fixed: ["type": constant(name)], optional: ["req": scalar])
        }
        return message(name, MessageGuide.commands[name] ?? name, payload ?? JSONSchema.anything)
    }

    private static func event(_ name: String, _ summary: String) -> JSONValue {
        message(
            name, summary,
            open(
                [
                    "v": .object(["const": 1]), "type": constant(name), "at": .object(["type": "string"]),
                    "seq": .object(["type": "integer"]), "session_id": JSONSchema.text, "job_id": JSONSchema.text,
                    "source_id": JSONSchema.text, "utterance_id": JSONSchema.text, "listener_id": JSONSchema.text,
                ], required: ["v", "type", "at"]))
    }

    private static func message(_ name: String, _ summary: String, _ payload: JSONValue) -> JSONValue {
        .object(["name": .string(name), "summary": .string(summary), "payload": payload])
    }

    private static func constant(_ text: String) -> JSONValue { .object(["const": .string(text)]) }

    /// An object that may have other members too.
    private static func open(_ properties: JSONObject, required: [String] = []) -> JSONValue {
        var members: JSONObject = ["type": "object"]
        if !properties.isEmpty { members["properties"] = .object(properties) }
        if !required.isEmpty { members["required"] = .array(required.map(JSONValue.string)) }
        return .object(members)
    }
}
