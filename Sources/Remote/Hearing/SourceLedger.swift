package import VoiceCore
package import Wire
package import JSON

/// What the client of a source knows: its audio, what servers said of it, and what was understood so far.
///
/// Rules without tasks and locks; `RemoteSource` carries them out.
package struct SourceLedger: Sendable {
    /// What is to be sent next.
    package enum Step: Hashable, Sendable {
        case frame(ResendWindow.Frame, isSlow: Bool)
        /// Nothing follows.
        case end
    }

    /// What of a recording is prepared ahead of what is sent.
    private static let lead = Duration.seconds(2)
    /// What of a pipe waits: all that is kept, but for what may arrive while a connection is made.
    private static let pipeLead = ResendWindow.length - .seconds(2)
    /// A server that stops, and one that waited too long, are asked again; what they had not understood is kept.
    private static let passingReasons = ["server_stopping", "lost"]
    /// Another client began a source of the same name.
    private static let replaced = "replaced"
    /// Another client goes on with this source, so its end is not told to this one.
    private static let takenUp = "taken_up"

    private let id: SourceID
    private var window: ResendWindow
    private var isSlow = false
    private var isFinished = false
    /// Servers at which this source was opened, by their URLs.
    private var known: Set<String> = []
    /// Servers whose events are still about an earlier source of the name.
    private var awaited: Set<String> = []
    /// The last event of each server, by its URL.
    private var lastSequences: [String: UInt64] = [:]
    /// The end of the last utterance whose text came.
    private var understood = Duration.zero

    /// Whether nobody is to hear what is added.
    package private(set) var isPaused = false
    /// Why others ended the source.
    package private(set) var stopReason: String?
    /// Whether the server was told, or said itself, that nothing follows.
    package private(set) var isClosed = false
    /// Whether the server knows all that was said, or there is nothing more to wait for.
    package private(set) var isOver = false
    /// Whether the token may read what was understood.
    package var followsEvents = true

    package init(_ id: SourceID, sampleRate: Int) {
        self.id = id
        window = ResendWindow(sampleRate: sampleRate)
    }

    // MARK: The microphone's side

    /// Adds what was heard next; after 30 s without a server the oldest goes.
    package mutating func add(_ payload: [UInt8], sampleCount: Int) {
        if isPaused {
            window.skip(sampleCount)
        } else {
            window.append(payload, sampleCount: sampleCount)
        }
    }

    /// Leaves out what was not heard.
    package mutating func skip(_ sampleCount: Int) { window.skip(sampleCount) }

    /// Nothing more is added.
    package mutating func finish() { isFinished = true }

    /// Whether the next part may be added; nil where it has to wait.
    package func takes(_ supply: AudioSupply) -> Bool? {
        if isOver || isClosed { return false }
        switch supply {
        case .live: return true
        case .pipe: return isPaused || window.unsent <= Self.pipeLead ? true : nil
        case .recording: return !isPaused && !isSlow && window.unsent <= Self.lead ? true : nil
        }
    }

    // MARK: Opening

    /// Whether what a server knows of the name is not of this source.
    package func beginsAnew(at url: String) -> Bool { !known.contains(url) }

    /// The last event of a server that came.
    package func lastSequence(at url: String) -> UInt64? { lastSequences[url] }

    /// A server tells what follows its event of this number.
    package mutating func follow(_ url: String, from sequence: UInt64?) {
        if lastSequences[url] == nil { lastSequences[url] = sequence }
    }

    /// A server answered that it hears the source; goes on from where it wants.
    ///
    /// - Returns: Whether it has to be told of the pause, since it knows nothing of it.
    package mutating func open(at url: String, _ reply: JSONValue) -> Bool {
        if known.insert(url).inserted, followsEvents { awaited.insert(url) }
        isSlow = false
        guard let sequence = reply["next_sequence"]?.whole.flatMap(UInt32.init(exactly:)) else {
            window.goBack(to: max(.milliseconds(reply["from_ms"]?.whole ?? 0), understood))
            return isPaused
        }
        window.goBack(toSequence: sequence)
        // Somebody may have let it go on meanwhile.
        isPaused = reply["paused"]?.flag ?? isPaused
        return false
    }

    // MARK: Sending

    /// The next thing to send; nil where there is nothing yet.
    package mutating func next() -> Step? {
        if isOver || isClosed { return .end }
        if isPaused { return isFinished ? .end : nil }
        if let frame = window.takeNext() { return .frame(frame, isSlow: isSlow) }
        return isFinished ? .end : nil
    }

    /// The server was told that nothing follows.
    package mutating func close() {
        isClosed = true
        if !followsEvents { isOver = true }
    }

    /// The server that was to tell the last text has forgotten the source: the rest is sent again, unless others ended
    /// it.
    package mutating func giveUpWaiting() {
        if stopReason == nil { isClosed = false } else { isOver = true }
    }

    /// Nothing is awaited any more.
    package mutating func end() { isOver = true }

    // MARK: Reading

    /// Takes what the server asks of this source.
    ///
    /// - Returns: Whether that changed anything.
    package mutating func take(_ control: SourceNotice.Control, reason: String?) -> Bool {
        let before = (isPaused, isSlow, isClosed)
        switch control {
        case .pause: isPaused = true
        case .resume: (isPaused, isSlow) = (false, false)
        case .slowDown: isSlow = true
        case .stop:
            stopReason = reason ?? "closed"
            close()
            if stopReason == Self.takenUp { isOver = true }
        }
        return before != (isPaused, isSlow, isClosed)
    }

    /// Takes an event.
    ///
    /// - Returns: Whether it is about this source, and not about an earlier one of its name.
    package mutating func take(_ event: JSONValue, from url: String) -> Bool {
        guard event["source_id"]?.text == id.rawValue else { return false }
        if let sequence = event["seq"]?.whole.flatMap(UInt64.init(exactly:)) { lastSequences[url] = sequence }
        let type = event["type"]?.text
        if awaited.contains(url) {
            guard type == "source.started" else { return false }
            awaited.remove(url)
        }
        if type == "transcript.final", let end = event["end_ms"]?.whole {
            understood = max(understood, .milliseconds(end))
        }
        return type == "source.stopped" ? takeEnd(event["reason"]?.text ?? "", at: url) : true
    }

    private mutating func takeEnd(_ reason: String, at url: String) -> Bool {
        if reason == Self.replaced, stopReason == nil {
            // The one of its name that began at the same time had to give way.
            awaited.insert(url)
            return false
        }
        if !Self.passingReasons.contains(reason) || stopReason != nil { isOver = true }
        return true
    }
}
