package import VoiceCore

/// What a client asks for a source.
package struct SourceRequest: Hashable, Sendable {
    /// Nil for a name that the server chooses.
    package var id: SourceID?
    package var session: SessionID
    package var format: SourceFormat
    package var role: SourceRole
    package var detection: VoiceDetectionSettings
    package var recognition: RecognitionSettings
    package var group: GroupID?
    package var speaker: String?
    /// Whether the audio of its drafts is to be kept.
    package var records: Bool
    /// Whether noise is to be taken away before anybody listens.
    package var reducesNoise: Bool
    package var token: TokenID
    /// Whether nothing is to be known of an earlier source of that name.
    package var beginsAnew: Bool

    package init(
        id: SourceID?, session: SessionID, format: SourceFormat, role: SourceRole = .human,
        detection: VoiceDetectionSettings = VoiceDetectionSettings(),
        recognition: RecognitionSettings = RecognitionSettings(), group: GroupID? = nil, speaker: String? = nil,
        records: Bool = false, reducesNoise: Bool = false, token: TokenID,
        beginsAnew: Bool = false
    ) {
        self.beginsAnew = beginsAnew
        self.reducesNoise = reducesNoise
        self.records = records
        self.id = id
        self.session = session
        self.format = format
        self.role = role
        self.detection = detection
        self.recognition = recognition
        self.group = group
        self.speaker = speaker
        self.token = token
    }
}

/// Why a source was not opened or changed.
package enum SourceRefusal: Error, Hashable, Sendable {
    /// There is none of that name for this token.
    case unknownSource
    /// It runs in another format or session.
    case differs
    /// None of that name hears, nil for the usual one; `absent` is one of that name that could be had.
    case unknownEngine(String?, absent: EngineState? = nil)
    /// An engine does not understand it; `known` is what it does.
    case unknownLanguage(String, engine: String, known: [String])
    /// No engine takes noise away; `absent` could.
    case noNoiseReducer(absent: EngineState? = nil)
    /// No engine looks for phrases; `absent` could.
    case noSpotter(absent: EngineState? = nil)
    case tooMany(limit: Int)
    case tooManyOfSession(limit: Int)
    case serverStopping
}

/// How many sources there may be.
package struct SourceLimits: Hashable, Sendable {
    package var sources: Int
    package var sourcesPerSession: Int

    package init(sources: Int, sourcesPerSession: Int) {
        self.sources = sources
        self.sourcesPerSession = sourcesPerSession
    }
}

/// Where a source's client is reached.
package protocol SourceLink: AnyObject, Sendable {
    /// Tells the client what to do; returns at once.
    func control(_ source: SourceID, _ control: SourceControl)
}

/// What a source's client is asked to do.
package enum SourceControl: Hashable, Sendable {
    case pause, resume, slowDown
    /// It is over for this client; the reason is the one of `source.stopped`, or `taken_up`.
    case stop(reason: String)
}

/// A source as the one who opened it gets it.
package struct OpenedSource: Sendable {
    /// From where on the client is to send.
    package enum Place: Hashable, Sendable {
        /// It goes on with what follows the last frame that came.
        case next(sequence: UInt32)
        /// The server knows nothing of what was said later than that.
        case from(Duration)
    }

    package let id: SourceID
    package let intake: SourceIntake
    package let place: Place
    /// Whether it pauses; nil for one that begins.
    package var isPaused: Bool?
}
