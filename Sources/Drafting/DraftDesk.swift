package import Commands
package import Flow
package import VoiceCore

/// Decides what the words of one source mean: which are commands, and which belong to a draft.
///
/// What begins a draft counts only outside of one, what ends it only inside; there they are words like any others.
/// A command may be said in several utterances with short pauses, as "break … break … break".
package struct DraftDesk: Sendable {
    /// What came of an utterance, in order.
    package enum Outcome: Hashable, Sendable {
        case matched(SpokenCommand)
        /// A call for attention, with no command after it yet; how alike the two are, 0 to 100.
        case called(String, score: Double)
        case began(Draft)
        /// It has a further part, from that place on everything may be new.
        case grew(Draft, from: Int)
        case ended(Draft)
        /// A draft that had ended was understood better.
        case revised(Draft)
    }

    /// Somebody who pauses for longer has not said one command.
    private static let pauseLimit = Duration.seconds(3)
    /// More than the longest phrases have.
    private static let tailWordLimit = 12
    /// Second readings come within some seconds.
    private static let finishedLimit = 4

    /// What may still be the beginning of a command: what was said last, from some word on.
    private struct Tail: Sendable {
        var heard: HeardText
        var from: Int

        var range: Range<Int> { from..<heard.words.count }
    }

    private let session: SessionID
    private let source: SourceID
    private let speaker: String?
    private var tail: [Tail] = []
    private var open: DraftInHand?
    private var finished: [DraftInHand] = []

    /// - Parameter speaker: Who speaks there, if anybody said.
    package init(session: SessionID, source: SourceID, speaker: String? = nil) {
        self.session = session
        self.source = source
        self.speaker = speaker
    }

    /// The draft that grows; nil where there is none.
    package var draft: Draft? { open?.draft }

    /// Takes what was said next.
    package mutating func take(
        _ said: UtteranceTranscript, of utterance: UtteranceID, at time: WallTime, by matcher: CommandMatcher
    ) -> [Outcome] {
        let fresh = HeardText(said, of: utterance)
        if let last = tail.last, fresh.said.start - last.heard.said.end > Self.pauseLimit { tail = [] }
        let before = tail.reduce(0) { $0 + $1.range.count }
        let text = (tail.map { $0.heard.words.text($0.range) } + [fresh.words.text]).joined(separator: " ")
        var outcomes: [Outcome] = []
        /// The first word of the new text that nothing was made of yet, and whether a command stands before it.
        var next = 0
        var followsCommand = false
        var consumed: Int?
        let matches = matches(said, fresh, before, text, matcher)
        if matches.isEmpty, let called = Self.called(said, matcher) { outcomes.append(called) }
        for match in matches where match.words.upperBound > before {
            guard isMeant(match) else { continue }
            let ownStart = max(next, match.words.lowerBound - before)
            let ownEnd = match.words.upperBound - before
            outcomes.append(.matched(SpokenCommand(match)))
            consumed = ownEnd
            switch match.effect {
            case nil: continue
            case .begins:
                begin(match, first: place(of: match.words.lowerBound, before)?.heard ?? fresh, at: time)
                if let open { outcomes.append(.began(open.draft)) }
            case .ends:
                let count = open?.draft.parts.count ?? 0
                let piece = DraftPiece(
                    heard: fresh, range: next..<ownStart, followsCommand: followsCommand, precedesCommand: true)
                open?.add(piece)
                let changed = trimTail(from: match.words.lowerBound, before) ?? count
                if let open { outcomes.append(.grew(open.draft, from: changed)) }
                outcomes += end(.command, at: time, text: match.matchedText)
            }
            next = ownEnd
            followsCommand = true
        }
        outcomes += grow(fresh, next, followsCommand, at: time)
        keepTail(fresh, consumed)
        return outcomes
    }

    /// The commands of the tail and the new text together; what the sound is goes before what the text may be.
    private func matches(
        _ said: UtteranceTranscript, _ fresh: HeardText, _ before: Int, _ text: String, _ matcher: CommandMatcher
    ) -> [CommandMatch] {
        let earlier = tail.map { $0.heard.words.text($0.range) }.joined(separator: " ")
        if let order = said.order, var match = matcher.order(order.text, after: earlier, score: order.score) {
            match.words = before..<(before + fresh.words.count)
            return [match]
        }
        let likely = said.order.flatMap { $0.score >= HeardOrder.likelyScore ? $0.text : nil }
        return matcher.matches(in: text, confirmedBy: likely, wake: said.wake, from: before)
    }

    private static func called(_ said: UtteranceTranscript, _ matcher: CommandMatcher) -> Outcome? {
        if let order = said.order, matcher.isCall(order.text, score: order.score) {
            return .called(order.text, score: order.score)
        }
        return matcher.call(in: said.transcript.text).map { .called($0.matchedText, score: $0.score) }
    }

    /// Takes a better reading of an utterance.
    package mutating func revise(
        _ said: UtteranceTranscript, of utterance: UtteranceID, by matcher: CommandMatcher
    ) -> [Outcome] {
        let better = HeardText(said, of: utterance)
        if open?.revise(better, { $0.reread(better, by: matcher) }) == true, let draft = open?.draft {
            return [.grew(draft, from: draft.parts.firstIndex { $0.utterance == utterance } ?? 0)]
        }
        var outcomes: [Outcome] = []
        for index in finished.indices where finished[index].revise(better, { $0.reread(better, by: matcher) }) {
            outcomes.append(.revised(finished[index].draft))
        }
        return outcomes
    }

    /// Somebody took back a draft that has ended; nothing is better understood of it.
    ///
    /// - Parameter draft: Nil for all of them.
    package mutating func forget(_ draft: DraftID?) {
        finished.removeAll { draft == nil || $0.draft.id == draft }
    }

    /// The source is over, and with it its draft.
    package mutating func finish(at time: WallTime) -> [Outcome] {
        tail = []
        return end(.sourceStopped, at: time, text: nil)
    }

    // MARK: Drafts

    private func isMeant(_ match: CommandMatch) -> Bool {
        switch match.effect {
        case nil: true
        case .begins: open == nil
        case .ends: open != nil
        }
    }

    private mutating func begin(_ match: CommandMatch, first: HeardText, at time: WallTime) {
        open = DraftInHand(
            Draft(
                id: .random(), session: session, source: source, startedAt: time, start: first.said.start,
                startText: match.matchedText, speaker: speaker))
    }

    private mutating func grow(
        _ fresh: HeardText, _ next: Int, _ followsCommand: Bool, at time: WallTime
    ) -> [Outcome] {
        guard open != nil, next < fresh.words.count || followsCommand else { return [] }
        let count = open?.draft.parts.count ?? 0
        open?.add(DraftPiece(heard: fresh, range: next..<fresh.words.count, followsCommand: followsCommand))
        guard let open else { return [] }
        let outcome = Outcome.grew(open.draft, from: count)
        return open.isFull ? [outcome] + end(.full, at: time, text: nil) : [outcome]
    }

    private mutating func end(_ reason: Draft.Ending.Reason, at time: WallTime, text: String?) -> [Outcome] {
        guard var ended = open else { return [] }
        open = nil
        ended.end(Draft.Ending(reason, at: time, position: ended.end, text: text))
        finished = finished.suffix(Self.finishedLimit - 1) + [ended]
        return [.ended(ended.draft)]
    }

    // MARK: What was said last

    /// The utterance of the tail in which a word of the joined text stands, and where; nil for the new one.
    private func place(of word: Int, _ before: Int) -> (heard: HeardText, word: Int)? {
        guard word < before else { return nil }
        var rest = word
        for item in tail {
            if rest < item.range.count { return (item.heard, item.from + rest) }
            rest -= item.range.count
        }
        return nil
    }

    /// - Returns: The first part that is another one now; nil if all are as they were.
    private mutating func trimTail(from word: Int, _ before: Int) -> Int? {
        guard let place = place(of: word, before) else { return nil }
        return open?.trim(place.heard.utterance, from: place.word)
    }

    /// - Parameter consumed: Behind the last command of the utterance; nil if there was none.
    private mutating func keepTail(_ fresh: HeardText, _ consumed: Int?) {
        if let consumed {
            tail = [Tail(heard: fresh, from: consumed)]
        } else {
            tail.append(Tail(heard: fresh, from: 0))
        }
        var excess = tail.reduce(-Self.tailWordLimit) { $0 + $1.range.count }
        for index in tail.indices where excess > 0 {
            let dropped = min(excess, tail[index].range.count)
            tail[index].from += dropped
            excess -= dropped
        }
        tail.removeAll { $0.range.isEmpty }
    }
}

extension SpokenCommand {
    init(_ match: CommandMatch) {
        self.init(
            name: match.name, slots: match.slots, pattern: match.pattern, matchedText: match.matchedText,
            score: match.score, attentionText: match.attentionText)
        (beginsDraft, endsDraft) = (match.effect == .begins, match.effect == .ends)
        basis = match.isBySound ? .sound : .text
    }
}
