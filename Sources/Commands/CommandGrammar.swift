extension CommandBook {
    /// More ways to say something than this make a grammar slow to load.
    private static let wayLimit = 1_000

    /// All that can be said of the book in so many words, in the Java Speech Grammar Format with one public rule.
    ///
    /// What has a slot for any words is left out, and so is what has letters or digits that English has no words for.
    /// Nil where nothing is left, or too much.
    package var grammar: String? {
        let ways = entries.flatMap(\.phrases).flatMap(\.forms).compactMap(Self.rule)
        guard !ways.isEmpty, ways.count <= Self.wayLimit else { return nil }
        let calls = (attention?.phrases ?? []).flatMap(\.forms).compactMap(Self.rule)
        let call = calls.isEmpty ? "" : "[ " + calls.joined(separator: " | ") + " ] "
        return "#JSGF V1.0;\ngrammar orders;\npublic <order> = \(call)( \(ways.joined(separator: " | ")) );\n"
    }

    private static func rule(_ form: PhraseForm) -> String? {
        var words: [String] = []
        for part in form.parts {
            switch part {
            case .words(let text): words.append(text)
            case .slot(_, let choices) where choices.isEmpty: return nil
            case .slot(_, let choices): words.append("( " + choices.joined(separator: " | ") + " )")
            }
        }
        let rule = words.joined(separator: " ")
        return rule.utf8.allSatisfy({
            (UInt8(ascii: "a")...UInt8(ascii: "z")).contains($0) || " '()|".utf8.contains($0)
        })
            ? rule : nil
    }
}
