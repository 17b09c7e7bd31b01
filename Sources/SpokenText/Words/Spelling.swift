/// Words said letter by letter.
enum Spelling {
    /// Letters as capitals and digits as words, with spaces between.
    static func words(_ scalars: ArraySlice<Unicode.Scalar>) -> String {
        var words: [String] = []
        for scalar in scalars {
            if scalar.isDigit {
                words.append(EnglishNumber.digits([scalar]))
            } else if scalar.isWordPart {
                words.append(scalar.properties.uppercaseMapping)
            } else if let name = names[scalar] {
                words.append(name)
            }
        }
        return words.joined(separator: " ")
    }

    private static let names: [Unicode.Scalar: String] = [
        "-": "dash", "_": "underscore", ".": "dot", "/": "slash", "@": "at", "+": "plus", "#": "hash", "*": "star",
        "&": "and", "%": "percent", "!": "exclamation mark", "?": "question mark", ":": "colon", "=": "equals",
        "\\": "backslash", ",": "comma", "$": "dollar",
    ]
}
