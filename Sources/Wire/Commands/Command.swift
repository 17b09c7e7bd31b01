package import VoiceCore
package import JSON

/// What a client asks on a WebSocket (PROTOCOL.md, section 4).
package enum Command: Hashable, Sendable {
    case hello(HelloCommand)
    case auth(token: String)
    case subscribe(SubscribeCommand)
    case unsubscribe(SubscribeCommand)
    case speak(WireSpeak)
    /// A text that is still being written.
    case speakOpen(WireSpeak)
    case speakAppend(AppendCommand)
    case speakClose(JobID)
    case abort(AbortCommand)
    case listenerOpen(ListenerOpenCommand)
    case listenerState(ListenerStateCommand)
    case listenerUpdate(ListenerUpdateCommand)
    case listenerClose(ListenerID)
    case playback(PlaybackCommand)
    case sourceOpen(SourceOpenCommand)
    case sourceUpdate(SourceUpdateCommand)
    case sourceOrder(SourceOrderCommand)
    case sessionStart(WireSessionRequest)
    case sessionEnd(SessionID)
    case queueSet(QueueSetCommand)
    case ping

    /// Commands that the protocol knows and this server does not.
    private static let laterNames: Set<String> = [
        "await_utterance"
    ]

    /// Its `type`.
    package var name: String {
        switch self {
        case .hello: "hello"
        case .auth: "auth"
        case .subscribe: "subscribe"
        case .unsubscribe: "unsubscribe"
        case .speak: "speak"
        case .speakOpen: "speak.open"
        case .speakAppend: "speak.append"
        case .speakClose: "speak.close"
        case .abort: "abort"
        case .listenerOpen: "listener.open"
        case .listenerState: "listener.state"
        case .listenerUpdate: "listener.update"
        case .listenerClose: "listener.close"
        case .playback: "playback"
        case .sourceOpen: "source.open"
        case .sourceUpdate: "source.update"
        case .sourceOrder(let command): "source.\(command.order.rawValue)"
        case .sessionStart: "session.start"
        case .sessionEnd: "session.end"
        case .queueSet: "queue.set"
        case .ping: "ping"
        }
    }

    /// Reads one text message.
    package init(_ bytes: [UInt8]) throws(WireError) {
        var fields = try FieldReader(bytes)
        let name = try fields.need("type", fields.text("type"))
        fields.skip("req")
        self = try Self.command(name, &fields)
        try fields.end()
    }

    /// The `type` of every command that this server knows.
    package static let names = [
        "hello", "auth", "ping", "subscribe", "unsubscribe", "speak", "speak.open", "speak.append", "speak.close",
        "abort", "listener.open", "listener.state", "listener.update", "listener.close", "playback", "source.open",
        "source.update", "source.pause", "source.resume", "source.flush", "source.close", "session.start",
        "session.end", "queue.set",
    ]

    /// What a command may contain besides `type` and `req`; nil for a name that is none.
    package static func shape(of name: String) -> MessageShape? {
        MessageShape { fields throws(WireError) in _ = try command(name, &fields) }
    }

    private static func command(_ name: String, _ fields: inout FieldReader) throws(WireError) -> Command {
        switch name {
        case "hello": .hello(try HelloCommand(&fields))
        case "auth": .auth(token: try fields.need("token", fields.text("token")))
        case "subscribe": .subscribe(try SubscribeCommand(&fields))
        case "unsubscribe": .unsubscribe(try SubscribeCommand(&fields))
        case "speak": .speak(try WireSpeak(&fields))
        case "speak.open": .speakOpen(try WireSpeak(&fields, isGrowing: true))
        case "speak.append": .speakAppend(try AppendCommand(&fields))
        case "speak.close": .speakClose(try fields.need("job_id", fields.id("job_id")))
        case "abort": .abort(try AbortCommand(&fields))
        case "listener.open": .listenerOpen(try ListenerOpenCommand(&fields))
        case "listener.state": .listenerState(try ListenerStateCommand(&fields))
        case "listener.update": .listenerUpdate(try ListenerUpdateCommand(&fields))
        case "listener.close": .listenerClose(try fields.need("listener_id", fields.id("listener_id")))
        case "playback": .playback(try PlaybackCommand(&fields))
        case "source.open": .sourceOpen(try SourceOpenCommand(&fields))
        case "source.update": .sourceUpdate(try SourceUpdateCommand(&fields))
        case "source.pause": .sourceOrder(try SourceOrderCommand(.pause, &fields))
        case "source.resume": .sourceOrder(try SourceOrderCommand(.resume, &fields))
        case "source.flush": .sourceOrder(try SourceOrderCommand(.flush, &fields))
        case "source.close": .sourceOrder(try SourceOrderCommand(.close, &fields))
        case "session.start": .sessionStart(try WireSessionRequest(&fields))
        case "session.end": .sessionEnd(try fields.need("session_id", fields.id("session_id")))
        case "queue.set": .queueSet(try QueueSetCommand(&fields))
        case "ping": .ping
        default: throw laterNames.contains(name) ? .notSupported(name) : .unknownCommand(name)
        }
    }
}

extension Command {
    /// The message a client sends.
    ///
    /// - Parameter request: A scalar that the answer carries as `req`; nil for no answer but a failure.
    package func json(request: JSONValue? = nil) -> [UInt8] {
        var fields = fields
        fields["type"] = .string(name)
        fields["req"] = request
        return JSONText.bytes(JSONValue.object(fields))
    }

    private var fields: [String: JSONValue] {
        switch self {
        case .hello(let hello): hello.fields
        case .auth(let token): ["token": .string(token)]
        case .subscribe(let command), .unsubscribe(let command): command.fields
        case .speak(let speak), .speakOpen(let speak): speak.fields
        case .speakAppend(let append): append.fields
        case .speakClose(let id): ["job_id": .string(id.rawValue)]
        case .abort(let abort): abort.fields
        case .listenerOpen(let open): open.fields
        case .listenerState(let state): state.fields
        case .listenerUpdate(let update): update.fields
        case .listenerClose(let id): ["listener_id": .string(id.rawValue)]
        case .playback(let playback): playback.fields
        case .sourceOpen(let open): open.fields
        case .sourceUpdate(let update): update.fields
        case .sourceOrder(let order): order.fields
        case .sessionStart(let session): session.fields
        case .queueSet(let queue): queue.fields
        case .sessionEnd(let id): ["session_id": .string(id.rawValue)]
        case .ping: [:]
        }
    }
}
