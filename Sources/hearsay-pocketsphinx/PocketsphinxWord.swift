internal import Wyoming

/// How pocketsphinx writes words and when they were said.
enum PocketsphinxWord {
    /// pocketsphinx's frames: 100 a second.
    static let frameMilliseconds = 10

    /// Silence, sentence ends and noises stand in brackets.
    static func isWord(_ name: String) -> Bool {
        !name.hasPrefix("<") && !name.hasPrefix("[") && !name.hasPrefix("+") && name != "(NULL)"
    }

    /// `read(2)` is another way to say `read`.
    static func plain(_ name: some StringProtocol) -> String {
        String(name.prefix { $0 != "(" })
    }
}

extension HeardWord {
    /// A word of pocketsphinx's that was said in some frames.
    init(_ name: String, frames: ClosedRange<Int>, confidence: Double? = nil) {
        self.init(
            text: PocketsphinxWord.plain(name),
            startMilliseconds: frames.lowerBound * PocketsphinxWord.frameMilliseconds,
            endMilliseconds: (frames.upperBound + 1) * PocketsphinxWord.frameMilliseconds, confidence: confidence)
    }
}
