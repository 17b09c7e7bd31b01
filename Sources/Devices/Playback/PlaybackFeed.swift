private import Flow

/// What goes from a take to the thread that plays it: a short stretch of audio, and the wish to stop.
final class PlaybackFeed: Sendable {
    /// What the playing thread is to do.
    enum Step: Hashable, Sendable {
        case write([Int16])
        /// No room, or no audio yet.
        case wait(hasSamples: Bool)
        /// Everything was written.
        case drain
        case flush
        /// Nobody listens to the thread any more.
        case close
    }

    private struct Contents: Sendable {
        var samples: [Int16] = []
        var isComplete = false
        var hasBegun = false
        var isFlushing = false
        var isClosed = false
        /// Grows as long as the thread is not caught in a call.
        var beatCount: UInt64 = 0
    }

    /// Wakes the playing thread.
    let wakeup = Wakeup()
    private let contents = Monitor(Contents())
    private let limit: Int

    /// - Parameter limit: How many samples wait at most; a single larger piece is taken when nothing waits.
    init(limit: Int) {
        self.limit = limit
    }

    // MARK: The writer

    /// Waits for room and adds samples.
    ///
    /// - Returns: False when cancelled, or when they are not wanted any more.
    func put(_ samples: [Int16]) async -> Bool {
        let isTaken: Bool? = await contents.wait { contents in
            if contents.isClosed || contents.isFlushing { return false }
            guard contents.samples.isEmpty || contents.samples.count + samples.count <= limit else { return nil }
            contents.samples += samples
            return true
        }
        guard isTaken == true else { return false }
        wakeup.wake()
        return true
    }

    /// Says that everything was put.
    func complete() {
        contents.update { $0.isComplete = true }
        wakeup.wake()
    }

    /// Asks for silence.
    ///
    /// - Returns: False when nothing was written yet; nothing will be then, and the thread has no answer to give.
    func flush() -> Bool {
        let hasBegun = contents.update { contents in
            contents.isFlushing = true
            if !contents.hasBegun { contents.isClosed = true }
            return contents.hasBegun
        }
        wakeup.wake()
        return hasBegun
    }

    /// Lets go of the thread, whether it still comes back or not.
    func close() {
        contents.update { contents in
            contents.isClosed = true
            contents.samples = []
        }
        wakeup.wake()
    }

    var beatCount: UInt64 { contents.withLock { $0.beatCount } }

    // MARK: The playing thread

    /// What to do next.
    ///
    /// - Parameter room: How many samples the device takes now.
    func step(room: Int) -> Step {
        contents.update { contents in
            contents.beatCount += 1
            if contents.isClosed { return .close }
            if contents.isFlushing { return .flush }
            if contents.samples.isEmpty { return contents.isComplete ? .drain : .wait(hasSamples: false) }
            guard room > 0 else { return .wait(hasSamples: true) }
            contents.hasBegun = true
            defer { contents.samples.removeFirst(min(room, contents.samples.count)) }
            return .write(Array(contents.samples.prefix(room)))
        }
    }
}
