/// The two ways in which Palaver's programs speak: as its design has it, and as it was built later.
enum PalaverDialect: Hashable, Sendable {
    /// `{"type":"text_event","event":{…}}`, audio as base64.
    case design
    /// `{"event_class":"<class 'palaver.…'>",…}`, audio as lists of numbers.
    case classes
}

/// What Palaver's programs may subscribe to.
enum PalaverKind: String, CaseIterable, Hashable, Sendable {
    case audioStart = "audio_start"
    case audioStop = "audio_stop"
    case audioChunk = "audio_chunk"
    case audioError = "audio_input_error"
    case speechStart = "audio_speech_start"
    case speechStop = "audio_speech_stop"
    case text

    /// The name of the later version's class, whose module depends on what it is about.
    var className: String {
        switch self {
        case .audioStart: "AudioStartEvent"
        case .audioStop: "AudioStopEvent"
        case .audioChunk: "AudioChunkEvent"
        case .audioError: "AudioErrorEvent"
        case .speechStart: "AudioSpeechStartEvent"
        case .speechStop: "AudioSpeechStopEvent"
        case .text: "TextEvent"
        }
    }

    /// As Python writes the class.
    var classText: String { "<class 'palaver.scribe.\(self == .text ? "text" : "audio")_events.\(className)'>" }

    /// The value of `event_type`, which the later version's audio events carry.
    var enumName: String { rawValue.uppercased() }

    /// What the design's broadcasts are called; what is subscribed to as `text` comes as `text_event`.
    var designType: String { self == .text ? "text_event" : rawValue }
}

/// One name of a subscription.
struct PalaverInterest: Hashable, Sendable {
    let dialect: PalaverDialect
    let kinds: Set<PalaverKind>

    /// - Parameters:
    ///   - name: A word of the design, a class of the later version with or without its module, or a word for all.
    ///   - form: The dialect of the message, which decides where the name does not.
    /// - Returns: Nil for a name that no version knows.
    init?(_ name: String, in form: PalaverDialect) {
        let everything = Set(PalaverKind.allCases)
        switch name {
        case "all":
            // The design never broadcasts audio; the later version's `all` is meant to hold it.
            (dialect, kinds) = (form, form == .design ? everything.subtracting([.audioChunk]) : everything)
        case "all_but_chunks": (dialect, kinds) = (form, everything.subtracting([.audioChunk]))
        case "command", "command_event": (dialect, kinds) = (.design, [])
        default:
            if let kind = PalaverKind.allCases.first(where: { $0.rawValue == name || $0.designType == name }) {
                (dialect, kinds) = (.design, [kind])
                return
            }
            let last = name.split(separator: ".").last.map { $0.filter { $0 != "'" && $0 != ">" } } ?? name
            if let kind = PalaverKind.allCases.first(where: { $0.className == last }) {
                (dialect, kinds) = (.classes, [kind])
            } else if last.hasPrefix("Draft"), last.hasSuffix("Event") {
                (dialect, kinds) = (.classes, [])
            } else {
                return nil
            }
        }
    }
}

extension PalaverInterest {
    init(dialect: PalaverDialect, kinds: Set<PalaverKind>) {
        self.dialect = dialect
        self.kinds = kinds
    }
}
