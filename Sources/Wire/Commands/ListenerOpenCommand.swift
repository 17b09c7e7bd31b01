package import Sound
package import VoiceCore
package import JSON

/// A request to hear audio on this connection.
package struct ListenerOpenCommand: Hashable, Sendable {
    /// A listener that was cut off, and what it still holds.
    package struct Resume: Hashable, Sendable {
        package var listener: ListenerID
        package var job: JobID
        /// The audio up to here is there and goes on playing, in job time.
        package var received: Duration

        package init(listener: ListenerID, job: JobID, received: Duration) {
            self.listener = listener
            self.job = job
            self.received = received
        }
    }

    /// Hertz that can be asked for.
    package static let sampleRates = 8_000...48_000
    /// PROTOCOL.md, section 4: what a listener that states no rate gets.
    package static let defaultSampleRate = 24_000

    /// `browser`, `speaker`, `play`, or what the client calls itself.
    package var kind: String
    /// Nil for the session of the connection.
    package var scope: ListenerScope?
    package var output: OutputID?
    package var device: String?
    /// What it can play, the best first; never empty.
    package var codecs = [StreamCodec.pcm]
    package var sampleRate = ListenerOpenCommand.defaultSampleRate
    package var startLatency = Duration.zero
    /// Whether it can be heard from the start.
    package var readiness = Readiness.ready
    package var trim = ListenerTrimFields()
    package var resume: Resume?

    package init(kind: String, scope: ListenerScope? = nil) {
        self.kind = kind
        self.scope = scope
    }

    init(_ fields: inout FieldReader) throws(WireError) {
        kind = try fields.text("kind", limit: 64) ?? "listener"
        try fields.refuse("room")
        scope = try Self.scope(&fields)
        output = try fields.id("output")
        device = try fields.text("device").flatMap { $0.isEmpty ? nil : $0 }
        codecs = try Self.codecs(fields.texts("formats"))
        sampleRate = try fields.whole("sample_rate", in: Self.sampleRates) ?? Self.defaultSampleRate
        startLatency = try fields.milliseconds("start_latency_ms", upTo: 5_000) ?? .zero
        readiness = try Readiness(&fields) ?? .ready
        trim = try ListenerTrimFields(&fields)
        if var inner = try fields.object("resume") {
            resume = try Resume(&inner)
            try inner.end()
        }
    }

    /// `scope:"*"`, or a session.
    private static func scope(_ fields: inout FieldReader) throws(WireError) -> ListenerScope? {
        let scope = try fields.text("scope")
        let session: SessionID? = try fields.id("session_id")
        if let scope, scope != "*" { throw .outOfRange(field: "scope", allowed: "*") }
        if scope == "*" || session?.rawValue == "*" { return .everyone }
        return session.map { .session($0) }
    }

    /// How its audio will be sent: as it likes best, since the server knows all.
    package var format: StreamFormat { StreamFormat(codecs.first ?? .pcm, sampleRate: sampleRate) }

    private static func codecs(_ names: [String]?) throws(WireError) -> [StreamCodec] {
        guard let names else { return [.pcm] }
        let codecs = names.compactMap(StreamCodec.init(rawValue:))
        guard codecs.count == names.count, !codecs.isEmpty else {
            let known = StreamCodec.allCases.map(\.rawValue).joined(separator: ", ")
            throw .outOfRange(field: "formats", allowed: known)
        }
        return codecs
    }

    var fields: [String: JSONValue] {
        var fields: [String: JSONValue] = [
            "kind": .string(kind), "formats": .array(codecs.map { .string($0.rawValue) }),
            "sample_rate": .integer(sampleRate),
            "start_latency_ms": .milliseconds(startLatency),
        ]
        switch scope {
        case .everyone: fields["scope"] = "*"
        case .session(let session): fields["session_id"] = .string(session.rawValue)
        case nil: break
        }
        fields["output"] = output.map { .string($0.rawValue) }
        fields["device"] = device.map(JSONValue.string)
        fields.merge(readiness.fields) { $1 }
        fields.merge(trim.fields) { $1 }
        fields["resume"] = resume.map { .object($0.fields) }
        return fields
    }
}

extension ListenerOpenCommand.Resume {
    init(_ fields: inout FieldReader) throws(WireError) {
        listener = try fields.need("listener_id", fields.id("listener_id"))
        job = try fields.need("job_id", fields.id("job_id"))
        received = try fields.milliseconds("received_ms", upTo: 86_400_000) ?? .zero
    }

    var fields: [String: JSONValue] {
        [
            "listener_id": .string(listener.rawValue), "job_id": .string(job.rawValue),
            "received_ms": .milliseconds(received),
        ]
    }
}

extension JSONValue: ExpressibleByArrayLiteral {
    package init(arrayLiteral elements: JSONValue...) { self = .array(elements) }
}
