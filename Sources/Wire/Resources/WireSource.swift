private import Flow
package import VoiceCore
package import JSON

/// A source as events and lists show it.
package struct WireSource: Sendable {
    private let description: SourceDescription

    package init(_ description: SourceDescription) {
        self.description = description
    }

    /// Its id and session, and the members of its events.
    package var json: JSONValue {
        .object(
            fields.merging([
                "source_id": .string(description.id.rawValue), "session_id": .string(description.session.rawValue),
            ]) { $1 })
    }

    var fields: JSONObject {
        var fields = description.format.fields
        fields["role"] = .string(description.role.rawValue)
        fields["paused"] = .bool(description.isPaused)
        fields["record"] = .bool(description.records)
        fields["noise_reduction"] = .bool(description.reducesNoise)
        fields["vad"] = description.detection.json
        fields["stt"] = description.recognition.json
        fields["group"] = description.group.map { .string($0.rawValue) }
        fields["speaker"] = description.speaker.map(JSONValue.string)
        return fields
    }
}

extension UtteranceTranscript {
    /// The members of `transcript.final` and `transcript.revised`; all times are from the source's first sample.
    var fields: JSONObject {
        var fields = spoken
        fields["engine"] = .string(engine)
        fields["latency_ms"] = .milliseconds(latency)
        fields["order"] = order.map { .string($0.text) }
        fields["fallback"] = fallback.map {
            .object(["engine": .string($0.engine), "reason": .string($0.reason)])
        }
        fields["order_score"] = order.map { .double(($0.score * 10).rounded() / 10) }
        fields["wake"] = wake.map(JSONValue.string)
        return fields
    }

    /// What was said and when, without how it was understood.
    var spoken: JSONObject {
        let words: [JSONValue] = transcript.words.map { word in
            var members: JSONObject = [
                "text": .string(word.text), "start_ms": .milliseconds(start + word.start),
                "end_ms": .milliseconds(start + word.end),
            ]
            members["confidence"] = word.confidence.map(JSONValue.rounded)
            return .object(members)
        }
        var fields: JSONObject = [
            "text": .string(transcript.text), "start_ms": .milliseconds(start), "end_ms": .milliseconds(end),
        ]
        if !words.isEmpty { fields["words"] = .array(words) }
        fields["confidence"] = transcript.confidence.map(JSONValue.rounded)
        fields["language"] = transcript.language.map(JSONValue.string)
        return fields
    }
}

extension PartialTranscript {
    /// Both are always there: together they are what is understood so far.
    var fields: JSONObject { ["confirmed": .string(confirmed), "tentative": .string(tentative)] }
}

extension GroupLine {
    /// The members of `group.said`.
    var fields: JSONObject {
        var fields: JSONObject = [
            "group": .string(group.rawValue), "text": .string(text), "said_at": .string(saidAt.iso8601),
        ]
        fields["speaker"] = speaker.map(JSONValue.string)
        return fields
    }
}

extension JSONValue {
    /// Three digits, since no engine is surer of itself than that.
    fileprivate static func rounded(_ number: Double) -> JSONValue {
        .double((number * 1_000).rounded() / 1_000)
    }
}
