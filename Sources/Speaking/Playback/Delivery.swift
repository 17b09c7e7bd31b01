package import VoiceCore

/// One job on the listeners that were claimed for it: confirmation, keeping, the end and the abort.
///
/// PROTOCOL.md, sections 5.3 to 5.6, as a value: reports and time go in, decisions come out.
package struct Delivery: Hashable, Sendable {
    /// What follows from a report or from time.
    package enum Decision: Hashable, Sendable {
        /// Tell the listener to fall silent and forget the job.
        case flush(ListenerID)
        /// It did not confirm, or fell silent without a word: it is not ready until it says so again.
        case distrust(ListenerID, reason: String)
        /// Its connection takes or says nothing: it is not ready until it says so again.
        case vanished(ListenerID)
        /// Somebody hears it: the first confirmation here.
        case confirmed([ListenerID])
        /// The highest confirmed position rose.
        case progressed(Duration)
        case finished(Heard, [ListenerID])
        /// Nobody here hears it any more.
        case exhausted
        case aborted(isEstimated: Bool)
    }

    /// PROTOCOL.md, section 5.4: a listener reports every 250 ms, and is gone when a report is 1 s overdue.
    static let silenceLimit = Duration.milliseconds(250) + .seconds(1)
    /// PROTOCOL.md, section 5.4: how long the job waits for the last listener to come back.
    static let resumeWindow = Duration.seconds(2)
    /// PROTOCOL.md, section 5.5: how long the others may take after the first has finished.
    static let finishWindow = Duration.seconds(1)
    /// PROTOCOL.md, section 5.6: how long an abort waits for `flushed`.
    static let abortWindow = Duration.milliseconds(150)
    /// PROTOCOL.md, section 5.4: a socket that takes nothing for 1 s is gone.
    static let sendWindow = Duration.seconds(1)
    /// Less audio than this ahead of a listener counts as none: it may be waiting for the engine.
    static let starvationMargin = Duration.milliseconds(300)

    fileprivate struct Part: Hashable, Sendable {
        enum Phase: Hashable, Sendable {
            /// Nothing was reported yet; gone at the deadline.
            case waiting(until: Duration)
            /// It plays; the time of its last report.
            case playing(reportedAt: Duration)
            case finished
            /// Its connection was cut while it played.
            case lost
            /// It is out of this job.
            case out
        }

        var phase: Phase
        let window: Duration
        let reports: Bool
        var position: Duration
        var flushPending = false
    }

    private var parts: [ListenerID: Part]
    /// The furthest position that anybody confirmed, in job time.
    package private(set) var position: Duration
    package private(set) var wasConfirmed = false
    private var firstFinishAt: Duration?
    /// Since when nobody plays who did.
    private var deserted: Duration?
    private var abortDeadline: Duration?
    private var audio: AudioExtent

    /// - Parameter position: Where the listeners begin, in job time.
    package init(listeners: [FloorListener], from position: Duration, audio: AudioExtent, at now: Duration) {
        self.position = position
        self.audio = audio
        let hasReporters = listeners.contains(where: \.reportsPlayback)
        parts = Dictionary(
            uniqueKeysWithValues: listeners.map { listener in
                let until = now + Self.sendWindow + listener.confirmationWindow
                let part = Part(
                    phase: .waiting(until: until), window: listener.confirmationWindow,
                    reports: listener.reportsPlayback || !hasReporters, position: position)
                return (listener.id, part)
            })
        isAssumed = !hasReporters
    }

    /// Whether none of the listeners can report, so that sending counts.
    private let isAssumed: Bool

    /// Everybody who was claimed, by id.
    package var listeners: [ListenerID] { parts.keys.sorted() }

    /// Those who hear it now.
    package var hearing: [ListenerID] {
        parts.filter { $0.value.isPlaying || $0.value.phase == .finished }.keys.sorted()
    }

    package var isAborting: Bool { abortDeadline != nil }

    // MARK: What listeners report

    /// Takes a report of one of the listeners.
    package mutating func report(_ report: PlaybackReport, from id: ListenerID, at now: Duration) -> [Decision] {
        guard let part = parts[id] else { return [.flush(id)] }
        if part.phase == .out {
            return report.isLast ? settleFlush(id, report) : [.flush(id)]
        }
        switch report {
        case .sent:
            if case .waiting = part.phase { parts[id]?.phase = .waiting(until: now + part.window) }
            return []
        case .started(let position), .progress(let position):
            return plays(id, at: position, now)
        case .finished(let position):
            return plays(id, at: position, now) + finishes(id, now)
        case .flushed(let position):
            advance(id, to: position)
            parts[id]?.phase = .out
            return settle(now)
        case .failed(let reason):
            parts[id]?.phase = .out
            return [.distrust(id, reason: reason)] + settle(now)
        case .gone:
            return loses(id, now)
        }
    }

    /// Takes back a listener whose connection was cut.
    ///
    /// - Returns: Whether it may go on where its own audio ends.
    package mutating func resume(_ id: ListenerID, at now: Duration) -> Bool {
        guard !isAborting, let part = parts[id], part.phase == .lost || part.isPlaying else { return false }
        parts[id]?.phase = .playing(reportedAt: now + part.window)
        deserted = nil
        return true
    }

    /// A listener says that it cannot be heard now, such as a page that was muted.
    package mutating func withdraw(_ id: ListenerID, at now: Duration) -> [Decision] {
        guard let part = parts[id], part.phase != .out, part.phase != .finished else { return [] }
        parts[id]?.phase = .out
        return [.flush(id)] + settle(now)
    }

    /// More audio exists; a listener that had none left is not overdue.
    package mutating func audioGrew(_ audio: AudioExtent, at now: Duration) {
        for (id, part) in parts where part.isPlaying && isStarved(part) {
            parts[id]?.phase = .playing(reportedAt: now)
        }
        self.audio = audio
    }

    /// Stops it everywhere.
    package mutating func abort(at now: Duration) -> [Decision] {
        guard !isAborting else { return [] }
        abortDeadline = now + Self.abortWindow
        let sounding = parts.filter { $0.value.isWaiting || $0.value.isPlaying }.keys.sorted()
        for id in sounding { parts[id]?.flushPending = true }
        return sounding.map(Decision.flush) + settle(now)
    }

    // MARK: Time

    /// When `tick` must be called next.
    package var nextDeadline: Duration? {
        if let abortDeadline { return abortDeadline }
        var deadlines = parts.values.compactMap { part in
            switch part.phase {
            case .waiting(let until): until
            case .playing(let reportedAt): isStarved(part) ? nil : reportedAt + Self.silenceLimit
            case .finished, .lost, .out: nil
            }
        }
        if let firstFinishAt { deadlines.append(firstFinishAt + Self.finishWindow) }
        if let deserted { deadlines.append(deserted + Self.resumeWindow) }
        return deadlines.min()
    }

    /// Decides what time alone decides.
    package mutating func tick(at now: Duration) -> [Decision] {
        if let abortDeadline {
            guard now >= abortDeadline else { return [] }
            return [.aborted(isEstimated: true)]
        }
        var decisions: [Decision] = []
        for id in parts.keys.sorted() {
            guard let part = parts[id] else { continue }
            switch part.phase {
            case .waiting(let until) where now >= until:
                parts[id]?.phase = .out
                decisions += [.flush(id), .distrust(id, reason: "unconfirmed")]
            case .playing(let reportedAt) where !isStarved(part) && now >= reportedAt + Self.silenceLimit:
                parts[id]?.phase = .lost
                decisions += [.flush(id), .distrust(id, reason: "silent")]
            default:
                continue
            }
        }
        return decisions + settle(now)
    }
}

// MARK: - How the parts change

extension Delivery {
    private mutating func plays(_ id: ListenerID, at position: Duration, _ now: Duration) -> [Decision] {
        guard let part = parts[id], part.phase != .lost, part.phase != .finished else { return [] }
        parts[id]?.phase = .playing(reportedAt: max(now, part.reportedAt ?? now))
        guard !part.flushPending else { return [] }
        deserted = nil
        let hasRisen = advance(id, to: position)
        var decisions: [Decision] = []
        if part.reports, !wasConfirmed {
            wasConfirmed = true
            decisions.append(.confirmed(hearing))
        }
        if hasRisen { decisions.append(.progressed(self.position)) }
        return decisions
    }

    @discardableResult
    private mutating func advance(_ id: ListenerID, to position: Duration) -> Bool {
        guard let part = parts[id] else { return false }
        parts[id]?.position = max(part.position, position)
        guard part.reports, position > self.position else { return false }
        self.position = position
        return true
    }

    private mutating func finishes(_ id: ListenerID, _ now: Duration) -> [Decision] {
        parts[id]?.phase = .finished
        if parts[id]?.reports == true { firstFinishAt = firstFinishAt ?? now }
        return settle(now)
    }

    private mutating func loses(_ id: ListenerID, _ now: Duration) -> [Decision] {
        guard let part = parts[id], part.phase != .lost else { return [] }
        let canReturn = part.isPlaying && !isAborting
        parts[id]?.phase = canReturn ? .lost : .out
        return [.vanished(id)] + settle(now)
    }

    /// A listener that is out has ended its stream; nothing is left to tell it.
    private mutating func settleFlush(_ id: ListenerID, _ report: PlaybackReport) -> [Decision] {
        if case .finished = report { return [.flush(id)] }
        return []
    }

    private func isStarved(_ part: Part) -> Bool {
        !audio.isComplete && part.position + Self.starvationMargin >= audio.end
    }

    /// Ends the delivery if nobody plays any more.
    private mutating func settle(_ now: Duration) -> [Decision] {
        let deciders = parts.values.filter(\.reports)
        if isAborting {
            let isSilent = !parts.values.contains { $0.isWaiting || $0.isPlaying }
            return isSilent ? [.aborted(isEstimated: parts.values.contains { $0.phase == .lost })] : []
        }
        if deciders.contains(where: { $0.isWaiting || $0.isPlaying }) {
            guard let firstFinishAt, now >= firstFinishAt + Self.finishWindow else { return [] }
            return late() + [finish()]
        }
        if deciders.contains(where: { $0.phase == .finished }) { return late() + [finish()] }
        if deciders.contains(where: { $0.phase == .lost }) {
            deserted = deserted ?? now
            guard let deserted, now >= deserted + Self.resumeWindow else { return [] }
        }
        return late() + [.exhausted]
    }

    private func finish() -> Decision {
        let finished = parts.filter { $0.value.phase == .finished }.keys.sorted()
        return .finished(isAssumed ? .assumed : .confirmed, finished)
    }

    /// Silences everybody who would sound beyond the end of the turn.
    private mutating func late() -> [Decision] {
        let late = parts.filter { $0.value.isWaiting || $0.value.isPlaying }.keys.sorted()
        for id in late { parts[id]?.phase = .out }
        return late.map(Decision.flush)
    }
}

extension Delivery.Part {
    fileprivate var isWaiting: Bool {
        if case .waiting = phase { true } else { false }
    }

    fileprivate var isPlaying: Bool { reportedAt != nil }

    fileprivate var reportedAt: Duration? {
        if case .playing(let time) = phase { time } else { nil }
    }
}
