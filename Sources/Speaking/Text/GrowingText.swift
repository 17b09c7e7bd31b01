/// A text that is still being written, given out in stretches that can be spoken.
///
/// A value without a clock: PROTOCOL.md, section 4, `speak.open`.
package struct GrowingText: Hashable, Sendable {
    /// A part of the text, to be read by itself.
    package struct Stretch: Hashable, Sendable {
        package var text: String
        /// Unicode scalars of the whole text before it.
        package var offset: Int
    }

    /// What there is to do.
    package enum Step: Hashable, Sendable {
        case speak(Stretch)
        /// Nothing is complete; more may be said at that time even if nothing is added.
        case wait(until: Duration)
        /// Everything was given out, and nothing will be added.
        case end
    }

    /// PROTOCOL.md, section 4: a text that stalls is spoken without its end.
    static let stall = Duration.milliseconds(300)
    /// PROTOCOL.md, section 4: fewer words than these wait for their end.
    static let stalledWordCount = 8
    /// PROTOCOL.md, section 4: whoever adds nothing for so long adds nothing more.
    static let silenceLimit = Duration.seconds(30)
    /// PROTOCOL.md, section 4: the same once the writer's connection is gone.
    static let absenceLimit = Duration.seconds(5)
    /// Of the whole text: as much as somebody reads aloud in a day, so that no writer fills the memory.
    static let byteLimit = 1 << 20

    /// Not given out yet.
    private var rest: [Unicode.Scalar] = []
    private var restByteCount = 0
    private var byteCount = 0
    private var offset = 0
    private var nextIndex = 0
    private var lastAddition: Duration
    private var absentSince: Duration?
    private var isClosed = false
    private let unspokenLimit: Int

    /// - Parameter unspokenLimit: How many bytes may wait to be spoken.
    package init(_ text: String, unspokenLimit: Int, at now: Duration) {
        lastAddition = now
        self.unspokenLimit = unspokenLimit
        add(text, at: now)
    }

    /// Adds text at the end.
    ///
    /// - Parameter index: How many additions came before; nil for the next one.
    /// - Returns: Whether it is new: a repetition changes nothing.
    package mutating func append(_ text: String, index: Int?, at now: Duration) throws(SpeakRefusal) -> Bool {
        if let index, index < nextIndex { return false }
        guard index ?? nextIndex == nextIndex else { throw .missingText(index: nextIndex) }
        guard !hasEnded(at: now) else { throw .textClosed }
        let length = text.utf8.count
        guard restByteCount + length <= unspokenLimit else {
            throw .textTooLong(byteCount: restByteCount + length, limit: unspokenLimit)
        }
        guard byteCount + length <= Self.byteLimit else {
            throw .textTooLong(byteCount: byteCount + length, limit: Self.byteLimit)
        }
        nextIndex += 1
        add(text, at: now)
        return true
    }

    /// Nothing more will be added.
    package mutating func close() { isClosed = true }

    /// The writer's connection is gone; an addition shows that there is another one.
    package mutating func leave(at now: Duration) { absentSince = absentSince ?? now }

    /// What is to be done now; a stretch is given out once.
    package mutating func next(at now: Duration) -> Step {
        if hasEnded(at: now) {
            isClosed = true
            return rest.isEmpty ? .end : .speak(take(rest.count))
        }
        if let end = CompleteText.end(of: rest) { return .speak(take(end)) }
        let stalledAt = lastAddition + Self.stall
        if now >= stalledAt, let end = CompleteText.endOfStalled(rest, wordCount: Self.stalledWordCount) {
            return .speak(take(end))
        }
        let limits = [lastAddition + Self.silenceLimit, absentSince.map { $0 + Self.absenceLimit }]
        return .wait(until: (limits.compactMap { $0 } + (now < stalledAt ? [stalledAt] : [])).min() ?? stalledAt)
    }

    private func hasEnded(at now: Duration) -> Bool {
        isClosed || now >= lastAddition + Self.silenceLimit
            || absentSince.map { now >= $0 + Self.absenceLimit } == true
    }

    private mutating func add(_ text: String, at now: Duration) {
        rest += text.unicodeScalars
        restByteCount += text.utf8.count
        byteCount += text.utf8.count
        lastAddition = now
        absentSince = nil
    }

    private mutating func take(_ count: Int) -> Stretch {
        var view = String.UnicodeScalarView()
        view.append(contentsOf: rest.prefix(count))
        let stretch = Stretch(text: String(view), offset: offset)
        rest.removeFirst(count)
        restByteCount -= stretch.text.utf8.count
        offset += count
        return stretch
    }
}
