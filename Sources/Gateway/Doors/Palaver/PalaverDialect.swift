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
    case command
    case draftStart = "draft_start"
    case draftEnd = "draft_end"
    case draftRescan = "draft_rescan"

    /// The name of the class, as one version of Palaver or the other has it.
    var className: String {
        switch self {
        case .audioStart: "AudioStartEvent"
        case .audioStop: "AudioStopEvent"
        case .audioChunk: "AudioChunkEvent"
        case .audioError: "AudioErrorEvent"
        case .speechStart: "AudioSpeechStartEvent"
        case .speechStop: "AudioSpeechStopEvent"
        case .text: "TextEvent"
        case .command: "ScribeCommandEvent"
        case .draftStart: "DraftStartEvent"
        case .draftEnd: "DraftEndEvent"
        case .draftRescan: "DraftRescanEvent"
        }
    }

    /// As Python writes the class; its module depends on what it is about.
    var classText: String { "<class 'palaver.scribe.\(module).\(className)'>" }

    private var module: String {
        switch self {
        case .text: "text_events"
        case .command: "command_events"
        case .draftStart, .draftEnd, .draftRescan: "draft_events"
        default: "audio_events"
        }
    }

    var isAudio: Bool { module == "audio_events" }

    /// What the design's broadcasts are called; what is subscribed to as `text` comes as `text_event`.
    var designType: String { self == .text || self == .command ? rawValue + "_event" : rawValue }

    /// What `all` means: the design knows no drafts and never broadcasts audio, the later version knows no commands,
    /// and its clients cannot read what its own server has never sent to `all`.
    static func all(in dialect: PalaverDialect) -> Set<PalaverKind> {
        switch dialect {
        case .design: Set(allCases).subtracting([.audioChunk, .draftStart, .draftEnd, .draftRescan])
        case .classes: Set(allCases).subtracting([.command, .draftRescan])
        }
    }
}

/// One name of a subscription.
struct PalaverInterest: Hashable, Sendable {
    let dialect: PalaverDialect
    let kinds: Set<PalaverKind>

    init(dialect: PalaverDialect, kinds: Set<PalaverKind>) {
        self.dialect = dialect
        self.kinds = kinds
    }

    /// - Parameters:
    ///   - name: A word of the design, a class of the later version with or without its module, or a word for all.
    ///   - form: The dialect of the message, which decides where the name does not.
    /// - Returns: Nil for a name that no version knows.
    init?(_ name: String, in form: PalaverDialect) {
        let last = name.split(separator: ".").last.map { $0.filter { $0 != "'" && $0 != ">" } } ?? name
        if name == "all" {
            self.init(dialect: form, kinds: PalaverKind.all(in: form))
        } else if name == "all_but_chunks" {
            self.init(dialect: form, kinds: PalaverKind.all(in: form).subtracting([.audioChunk]))
        } else if let kind = PalaverKind.allCases.first(where: { $0.rawValue == name || $0.designType == name }) {
            self.init(dialect: .design, kinds: [kind])
        } else if let kind = PalaverKind.allCases.first(where: { $0.className == last }) {
            self.init(dialect: .classes, kinds: [kind])
        } else {
            return nil
        }
    }
}
