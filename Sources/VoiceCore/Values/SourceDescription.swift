/// How the audio of a source travels.
package struct SourceFormat: Hashable, Sendable {
    /// How samples are written.
    package enum Codec: String, CaseIterable, Hashable, Sendable {
        /// Signed 16-bit, little-endian, interleaved.
        case pcmS16 = "pcm_s16"
        /// IEEE 754 with 32 bits, little-endian, interleaved, -1 to 1.
        case pcmF32 = "pcm_f32"
        /// One Opus packet a frame.
        case opus
    }

    /// Hertz that a source may have (PROTOCOL.md, section 4).
    package static let sampleRates = 8_000...192_000
    /// The rates at which Opus works (RFC 6716, section 2).
    package static let opusSampleRates = [8_000, 12_000, 16_000, 24_000, 48_000]
    /// A large recording interface has 32 inputs; they are mixed into one.
    package static let channelCounts = 1...32

    package var codec: Codec
    /// The rate at which timestamps count, too.
    package var sampleRate: Int
    package var channelCount: Int

    package init(codec: Codec, sampleRate: Int, channelCount: Int = 1) {
        self.codec = codec
        self.sampleRate = sampleRate
        self.channelCount = channelCount
    }

    /// How long so many samples of each channel last.
    package func duration(of sampleCount: Int) -> Duration {
        .nanoseconds(Int64(sampleCount) * 1_000_000_000 / Int64(sampleRate))
    }
}

/// Who speaks at a source.
package enum SourceRole: String, CaseIterable, Hashable, Sendable {
    case human, agent
    /// A room in which somebody may be heard.
    case ambient
    /// Another server, which heard it and only wants to know what was said: nothing is kept or made of it.
    case relay

    /// Whether what is said there may be a command.
    package var givesCommands: Bool { self == .human || self == .ambient }
}

/// How speech of a source is found; what is nil is as usual.
package struct VoiceDetectionSettings: Hashable, Sendable {
    /// How likely it must be speech, 0 to 1.
    package var threshold: Double?
    /// How long somebody must speak for it to be an utterance.
    package var minimumSpeech: Duration?
    /// How long it must be silent for an utterance to end.
    package var silence: Duration?
    /// How long an utterance may become before it is cut.
    package var longest: Duration?
    /// How much before and after speech belongs to an utterance.
    package var pad: Duration?

    package init(
        threshold: Double? = nil, minimumSpeech: Duration? = nil, silence: Duration? = nil, longest: Duration? = nil,
        pad: Duration? = nil
    ) {
        self.minimumSpeech = minimumSpeech
        self.longest = longest
        self.threshold = threshold
        self.silence = silence
        self.pad = pad
    }

    /// These settings with those of `other` that it names.
    package func updated(by other: VoiceDetectionSettings) -> VoiceDetectionSettings {
        VoiceDetectionSettings(
            threshold: other.threshold ?? threshold, minimumSpeech: other.minimumSpeech ?? minimumSpeech,
            silence: other.silence ?? silence, longest: other.longest ?? longest, pad: other.pad ?? pad)
    }
}

/// How speech of a source becomes text; what is nil is as usual.
package struct RecognitionSettings: Hashable, Sendable {
    /// The engine that finds speech and writes nothing.
    package static let noEngine = "none"
    /// A recording may wait so long for its text, since nobody talks with it.
    package static let longestPatience = Duration.seconds(3_600)

    /// The name of an engine, or `noEngine`.
    package var engine: String?
    /// BCP 47.
    package var language: String?
    /// Whether to tell what is understood so far.
    package var partials: Bool?
    /// Whether each utterance is read a second time, with more effort, where the engine can.
    package var revise: Bool?
    /// How long an utterance waits for its text before it is given up.
    package var patience: Duration?
    /// The engine that reads each utterance a second time; nil for the server's choice.
    package var reviser: String?
    /// The phrase that commands need before them.
    package var wake: String?
    /// Whether final text gets punctuation where it has none and an engine can.
    package var punctuate: Bool?
    /// Phrases that are looked for in the sound, where an engine can.
    package var keywords: [String]?
    /// Whether nobody waits for the text, so that everything else is read first and it is given up when there is too
    /// much to do.
    package var isSpare: Bool?

    package init(
        engine: String? = nil, language: String? = nil, partials: Bool? = nil, revise: Bool? = nil,
        patience: Duration? = nil, wake: String? = nil, reviser: String? = nil,
        punctuate: Bool? = nil, keywords: [String]? = nil, isSpare: Bool? = nil
    ) {
        self.isSpare = isSpare
        self.punctuate = punctuate
        self.keywords = keywords
        self.engine = engine
        self.wake = wake
        self.reviser = reviser
        self.language = language
        self.partials = partials
        self.revise = revise
        self.patience = patience
    }

    /// These settings with those of `other` that it names.
    package func updated(by other: RecognitionSettings) -> RecognitionSettings {
        RecognitionSettings(
            engine: other.engine ?? engine, language: other.language ?? language,
            partials: other.partials ?? partials, revise: other.revise ?? revise,
            patience: other.patience ?? patience, wake: other.wake ?? wake,
            reviser: other.reviser ?? reviser, punctuate: other.punctuate ?? punctuate,
            keywords: other.keywords ?? keywords, isSpare: other.isSpare ?? isSpare)
    }
}

/// What is known of a source.
package struct SourceDescription: Hashable, Sendable {
    package var id: SourceID
    package var session: SessionID
    package var format: SourceFormat
    package var role: SourceRole
    package var detection: VoiceDetectionSettings
    package var recognition: RecognitionSettings
    /// Of whose transcript it is a part; of this session.
    package var group: GroupID?
    /// Who speaks there.
    package var speaker: String?
    /// Its audio is neither sent nor heard.
    package var isPaused = false
    /// Whether the audio of its drafts is kept.
    package var records = false
    /// Whether noise is taken away before anybody listens.
    package var reducesNoise = false

    package init(
        id: SourceID, session: SessionID, format: SourceFormat, role: SourceRole = .human,
        detection: VoiceDetectionSettings = VoiceDetectionSettings(),
        recognition: RecognitionSettings = RecognitionSettings()
    ) {
        self.id = id
        self.session = session
        self.format = format
        self.role = role
        self.detection = detection
        self.recognition = recognition
    }
}
