private import Flow
package import VoiceCore
import JSON

/// Events as they travel: one envelope on every transport (PROTOCOL.md, section 3).
package enum WireEvent {
    /// Such as `job.queued`.
    package static func name(_ event: Event) -> String { EventName.name(event.body) }

    /// - Parameter sequence: The number of a fact; nil for a reading.
    package static func json(_ event: Event, sequence: UInt64?) -> [UInt8] {
        JSONText.bytes(value(event, sequence: sequence))
    }

    /// What a subscriber gets for facts that left the ring before it read them.
    package static func lost(_ range: ClosedRange<UInt64>) -> [UInt8] {
        JSONText.bytes(
            JSONValue.object([
                "v": 1, "type": "events.lost", "from": .integer(Int(clamping: range.lowerBound)),
                "to": .integer(Int(clamping: range.upperBound)),
            ]))
    }

    static func value(_ event: Event, sequence: UInt64?) -> JSONValue {
        var fields = event.body.fields
        fields["v"] = 1
        fields["type"] = .string(name(event))
        fields["seq"] = sequence.map { .integer(Int(clamping: $0)) }
        fields["at"] = .string(event.at.iso8601)
        fields["session_id"] = event.session.map { .string($0.rawValue) }
        fields["job_id"] = event.job.map { .string($0.rawValue) }
        if let fallback = event.fallback { fields["fallback"] = fallback.json }
        fields["voice"] = event.voice.map(JSONValue.string)
        fields["source_id"] = event.source.map { .string($0.rawValue) }
        fields["utterance_id"] = event.utterance.map { .string($0.rawValue) }
        fields["listener_id"] = event.listener.map { .string($0.rawValue) }
        return .object(fields)
    }
}

extension Event.Body {
    fileprivate var fields: [String: JSONValue] {
        switch self {
        case .jobQueued(let position, let wait, let preview):
            [
                "position": .integer(position), "estimated_wait_ms": .milliseconds(wait),
                "text_preview": .string(preview),
            ]
        case .jobHeld(let reason), .listenerFailed(let reason), .sessionEnded(let reason),
            .sourceStopped(let reason):
            ["reason": .string(reason)]
        case .jobStarted(let listeners, let text, let delay):
            ["listeners": .ids(listeners), "text": .string(text), "delay_ms": .milliseconds(delay)]
        case .jobMoved(let from, let to, let position):
            ["from": .ids(from), "to": .ids(to), "position_ms": .milliseconds(position)]
        case .jobEnded(let end): end.fields
        case .listenerAttached(let description): description.fields
        case .listenerReady(let readiness): readiness.fields
        case .listenerUpdated(let trim): trim.fields
        case .engineChanged(let state): state.fields
        case .journalChanged(let state): state.fields
        case .configurationChanged(let state): state.fields
        case .commandsChanged(let state): state.fields
        case .modelChanged(let id, let state): state.fields.merging(["model_id": .string(id)]) { $1 }
        case .modelProgress(let id, let transfer): transfer.fields.merging(["model_id": .string(id)]) { $1 }
        case .listenerDetached, .sessionStarted, .serverStopping, .transcriptDeleted: [:]
        case .sourceStarted(let source), .sourceUpdated(let source): WireSource(source).fields
        case .sourceGap(let length), .sourceLag(let length): ["ms": .milliseconds(length)]
        case .speechStarted(let position, nil), .speechStopped(let position): ["at_ms": .milliseconds(position)]
        case .speechStarted(let position, let late?):
            ["at_ms": .milliseconds(position), "late_ms": .milliseconds(late)]
        case .transcriptPartial(let partial): partial.fields
        case .transcriptFinal(let said), .transcriptRevised(let said): said.fields
        case .transcriptFailed(let code): ["code": .string(code)]
        case .keywordSpotted(let spotted):
            [
                "keyword": .string(spotted.phrase), "start_ms": .milliseconds(spotted.start),
                "end_ms": .milliseconds(spotted.end),
            ]
        case .groupSaid(let line): line.fields
        case .sourceLevel(let level): ["level_db": .double((level * 10).rounded() / 10)]
        case .commandMatched(let command): command.fields
        case .attentionCalled(let text, let score):
            ["matched_text": .string(text), "score": .double((score * 10).rounded() / 10)]
        case .draftStarted(let draft), .draftUpdated(let draft), .draftEnded(let draft), .draftRevised(let draft):
            ["draft": WireDraft(draft).json]
        case .recordingSaved(let recording): recording.fields
        case .draftDeleted(let draft, let utterances):
            [
                "draft_id": .string(draft.rawValue),
                "utterance_ids": .array(utterances.map { .string($0.rawValue) }),
            ]
        case .jobProgress(let progress): progress.fields
        case .jobWords(let words, let isEstimated):
            ["words": .array(words.map(\.json)), "estimated": .bool(isEstimated)]
        case .queueChanged(let state): state.fields
        case .sessionUpdated(let name, let voice): Self.named(name, voice)
        }
    }
}

extension Event.Body {
    private static func named(_ name: String?, _ voice: String?) -> [String: JSONValue] {
        var fields: [String: JSONValue] = [:]
        fields["name"] = name.map(JSONValue.string)
        fields["voice"] = voice.map(JSONValue.string)
        return fields
    }
}

extension QueueState {
    /// Members: `depth, policy, paused, held`.
    var fields: [String: JSONValue] {
        [
            "depth": .integer(depth), "policy": .string(policy.rawValue), "paused": .bool(brake == .paused),
            "held": .bool(brake == .held),
        ]
    }
}

extension JobEnd {
    /// The members of the event and of a job in a list.
    var fields: [String: JSONValue] {
        switch self {
        case .finished(let heard, let duration, let listeners):
            [
                "heard": .string(heard.rawValue), "duration_ms": .milliseconds(duration),
                "listeners": .ids(listeners),
            ]
        case .aborted(let reason, let delivered):
            delivered.fields.merging(["reason": .string(reason.rawValue)]) { $1 }
        case .failed(let failure, let delivered):
            delivered.fields.merging(["code": .string(failure.code), "message": .string(failure.message)]) { $1 }
        }
    }
}

extension Delivered {
    /// Both texts are always there, also when empty: together they are the caller's text.
    fileprivate var fields: [String: JSONValue] {
        [
            "delivered_text": .string(delivered), "unspoken_text": .string(unspoken),
            "position_ms": .milliseconds(position), "spoken_percent": .integer(percent),
            "estimated": .bool(isEstimated),
        ]
    }
}

extension JobProgress {
    fileprivate var fields: [String: JSONValue] {
        var fields: [String: JSONValue] = [
            "position_ms": .milliseconds(position), "word_index": .integer(wordIndex),
            "char_index": .integer(characterOffset), "char_end": .integer(characterEnd), "percent": .integer(percent),
        ]
        fields["level_db"] = level.map { .double(($0 * 10).rounded() / 10) }
        return fields
    }
}

extension WordTime {
    fileprivate var json: JSONValue {
        .object([
            "char_index": .integer(characterOffset), "char_end": .integer(characterOffset + characterCount),
            "start_ms": .milliseconds(start), "end_ms": .milliseconds(end),
        ])
    }
}

extension EngineState {
    fileprivate var fields: [String: JSONValue] {
        var fields: [String: JSONValue] = ["engine": .string(engine), "state": .string(phase.rawValue)]
        fields["reason"] = reason.map(JSONValue.string)
        if isRemote { fields["remote"] = true }
        fields["usual_start_ms"] = usualStart.map(JSONValue.milliseconds)
        return fields
    }
}

extension Fallback {
    var json: JSONValue {
        .object(["engine": .string(engine), "voice": .string(voice), "reason": .string(reason.sentence)])
    }
}

extension JSONValue {
    static func ids<Subject>(_ ids: [Identifier<Subject>]) -> JSONValue {
        .array(ids.map { .string($0.rawValue) })
    }
}
