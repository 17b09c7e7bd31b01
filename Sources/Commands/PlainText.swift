/// Text as it is compared: what engines write differently is made the same.
enum PlainText {
    /// Words in lower case without punctuation; apostrophes within a word stay, hyphens part words.
    static func words(of text: String) -> [String] {
        places(of: text).map { text[$0].lowercased().replacing("’", with: "'") }
    }

    /// Where the words of a text stand in it.
    static func places(of text: String) -> [Range<String.Index>] {
        text.split { !$0.isLetter && !$0.isNumber && !isApostrophe($0) }
            .map { word in
                var word = word
                while word.first.map(isApostrophe) == true { word.removeFirst() }
                while word.last.map(isApostrophe) == true { word.removeLast() }
                return word.startIndex..<word.endIndex
            }
            .filter { !$0.isEmpty }
    }

    private static func isApostrophe(_ character: Character) -> Bool { character == "'" || character == "’" }
}

/// How alike two texts are.
enum Likeness {
    /// 100 for the same, 0 for nothing in common: the share of characters that neither have to go nor to be added.
    static func score(_ first: [Character], _ second: [Character]) -> Double {
        let total = first.count + second.count
        if total == 0 { return 100 }
        var row = [Int](repeating: 0, count: second.count + 1)
        for character in first {
            var diagonal = 0
            for index in second.indices {
                let above = row[index + 1]
                row[index + 1] = character == second[index] ? diagonal + 1 : max(above, row[index])
                diagonal = above
            }
        }
        return 200 * Double(row[second.count]) / Double(total)
    }
}
