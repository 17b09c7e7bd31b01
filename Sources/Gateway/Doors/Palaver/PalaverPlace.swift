import Wire

/// Where the door was asked for something.
enum PalaverPlace: Sendable {
    case audio, events, drafts, newDraft

    /// What to do about an error here, in words that Palaver's clients have; nil where it is the same everywhere.
    func advice(_ code: ErrorCode) -> String? {
        switch (self, code) {
        case (.audio, .unknownSource): "send audio_start first"
        case (.audio, .unknownCommand):
            "send audio_start, audio_chunk, audio_stop, audio_config or audio_control as type"
        case (.audio, .badAudio): "send what audio_start has named, or audio_start again"
        case (.audio, .tooManySources): "send audio_stop for streams that are not needed"
        case (.events, .unknownEvent): "subscribe to \(Self.names), to classes of these, to all or to all_but_chunks"
        case (.events, .unknownCommand): "send subscribe or unsubscribe with event_types, or a list in subscribe"
        case (.drafts, .unknownDraft): "use a draft_id that GET /drafts lists"
        case (.newDraft, .unknownDraft): "use a draft_id that GET /drafts lists, or leave it out"
        default: nil
        }
    }

    private static let names = PalaverKind.allCases.map(\.rawValue).joined(separator: ", ")
}

extension ErrorReply {
    /// The same error with what to do about it at this place, unless it brings advice of its own.
    func advising(at place: PalaverPlace) -> ErrorReply {
        guard advice == code.advice, let better = place.advice(code) else { return self }
        var reply = self
        reply.advice = better
        return reply
    }
}
