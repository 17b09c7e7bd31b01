extension CommandBook {
    /// More words and brackets than this make a grammar slow to load.
    private static let sizeLimit = 4_000

    /// All that can be said of the book in so many words, in the Java Speech Grammar Format with one public rule.
    ///
    /// The call for attention alone is such a thing, too. What has a slot for any words is left out, and so is what has
    /// letters or digits that English has no words for. Nil where no command is left, or too much.
    package var grammar: String? {
        let phrases = (attention?.phrases ?? []) + entries.flatMap(\.phrases)
        guard phrases.reduce(0, { $0 + $1.tree.size }) <= Self.sizeLimit else { return nil }
        let free = Self.choice(entries.filter { !$0.needsAttention })
        let bound = Self.choice(entries.filter(\.needsAttention))
        let call = attention.flatMap { Self.choice([$0]) }
        let all = free.map { call == nil ? $0 : "[ <call> ] \($0)" }
        let called = call.flatMap { _ in bound.map { "<call> [ \($0) ]" } ?? "<call>" }
        let ways = [all, called].compactMap { $0 }
        guard free != nil || (call != nil && bound != nil) else { return nil }
        return "#JSGF V1.0;\ngrammar orders;\n" + (call.map { "<call> = \($0);\n" } ?? "")
            + "public <order> = \(ways.joined(separator: " | "));\n"
    }

    /// How long the longest order takes to say, with pauses before and after it.
    package var longestOrder: Duration {
        let calls = attention?.phrases.map(\.tree.longestWordCount).max() ?? 0
        let orders = entries.flatMap(\.phrases).filter { !$0.tree.hasOpenSlot }.map(\.tree.longestWordCount).max() ?? 0
        return Self.pauses + Self.longestWord * min(calls + orders, Self.wordLimit)
    }

    private static let pauses = Duration.milliseconds(2_500)
    /// 120 words a minute, as in dictation; orders are said faster, and each second more is asked for in vain.
    private static let longestWord = Duration.milliseconds(500)
    /// Nobody gives a longer order in one breath.
    private static let wordLimit = 24

    private static func choice(_ entries: [Entry]) -> String? {
        let rules = entries.flatMap(\.phrases).compactMap(\.tree.rule)
        return rules.isEmpty ? nil : "( \(rules.joined(separator: " | ")) )"
    }
}
