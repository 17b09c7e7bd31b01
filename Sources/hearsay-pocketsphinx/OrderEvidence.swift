/// How well each frame of an utterance fits what a search made of it.
struct PhonePath {
    /// What a search made of a stretch of frames.
    struct Piece {
        var frames: ClosedRange<Int>
        var isWord: Bool
    }

    /// Of each frame, in pocketsphinx's units; 0 is the best that any sound could have there.
    private(set) var scores: [Double] = []
    private(set) var pieces: [Piece] = []

    /// Adds what lies behind everything that was added before.
    mutating func add(_ frames: ClosedRange<Int>, score: Double, isWord: Bool) {
        while scores.count < frames.lowerBound { scores.append(0) }
        while scores.count <= frames.upperBound { scores.append(score / Double(frames.count)) }
        pieces.append(Piece(frames: frames, isWord: isWord))
    }
}

/// What speaks for an order having been said, and not something else: how much worse its phones fit than any phones do.
struct OrderEvidence {
    /// What of an order is a call for attention.
    struct Call {
        /// From its beginning on; 0 where it has none.
        var wordCount = 0
        var phoneCount = 0
    }

    /// By how much, for each frame of its words; 0 where they fit as well as any, below it where they do not.
    private var ofWords = -Double.infinity
    /// The same for the whole utterance: what else was said in it speaks against an order, too.
    private var ofAll = -Double.infinity
    /// The same for its call as a whole, however short.
    private var ofCall = Double.infinity
    /// How many frames a phone of its call has.
    private var paceOfCall = Double.infinity
    /// How long its words are together, in frames.
    private var length = 0
    private var longestWord = 0

    /// Whether no phones could fit so badly that the order would be believed.
    ///
    /// Measured for each frame: orders that people gave have -53 at worst, also in noise; loops of phones have -56 to -34;
    /// what is made of dictation with the usual book has -98 to -113.
    static func isHopeless(_ order: PhonePath) -> Bool {
        order.scores.reduce(0, +) < -85 * Double(order.scores.count)
    }

    init(_ order: PhonePath, against garbage: PhonePath, call: Call = Call()) {
        let count = min(order.scores.count, garbage.scores.count)
        let words = order.pieces.filter { $0.isWord && $0.frames.upperBound < count }.map(\.frames)
        length = words.reduce(0) { $0 + $1.count }
        guard length > 0 else { return }
        let differences = (0..<count).map { order.scores[$0] - garbage.scores[$0] }
        ofWords = words.reduce(0) { $0 + differences[$1].reduce(0, +) } / Double(length)
        ofAll = differences.reduce(0, +) / Double(count)
        let called = words.prefix(call.wordCount)
        if !called.isEmpty {
            let frames = called.reduce(0) { $0 + $1.count }
            ofCall = called.reduce(0) { $0 + differences[$1].reduce(0, +) } / Double(frames)
            paceOfCall = Double(frames) / Double(max(1, call.phoneCount))
        }
        longestWord = words.map(\.count).max() ?? 0
    }

    /// What leaves nothing of the confidence, for each frame of the words.
    ///
    /// Measured: 26 orders that people gave have -7 to 5, and -11 in the noise of a kitchen at 12 dB; the best of what was
    /// found in 20 wake words, 27 readings in five languages and three meetings has -14. A quarter is lost in between, and
    /// that is what a book's usual threshold allows.
    private static let worst = 51.0
    /// How much worse than all together a call may fit.
    ///
    /// Measured: 13 calls that people gave have -1 at worst, 59 by voices -17; where a phrase that nobody said has to stand
    /// for silence or for the first words of 26 orders, it has -21 to -107.
    private static let slackOfCall = 0.8
    /// 50 ms; calls that people and voices gave have 68 at least, those that are laid over silence 30 to 70.
    ///
    /// An order that must begin with a call has one wherever there is room for it.
    private static let quickestCall = 5.0
    /// 1.2 s: nobody draws out a word so long, but noise does.
    private static let longestWord = 120
    /// 0.5 s: shorter orders are found in anything.
    private static let shortLength = 50
    /// What the shortest of them lose of their confidence.
    private static let shortness = 0.39

    /// 0 to 1.
    var confidence: Double {
        guard longestWord <= Self.longestWord, paceOfCall >= Self.quickestCall else { return 0 }
        let missing = Double(max(0, Self.shortLength - length)) / Double(Self.shortLength)
        let worst = min(ofWords, ofAll, ofCall / Self.slackOfCall)
        return min(max(1 + worst / Self.worst - missing * Self.shortness, 0), 1)
    }
}
