/// A number with what it counts: a scale, a unit, a currency behind it.
enum Quantity {
    /// A number at a place, with everything that belongs to it.
    static func read(_ text: TextWindow, _ index: Int) -> Reading? {
        guard let number = NumberLiteral(text, at: index) else { return nil }
        return read(text, number)
    }

    /// What stands behind a number.
    ///
    /// - Returns: nil if letters follow that make the number a part of a longer word.
    static func read(_ text: TextWindow, _ number: NumberLiteral) -> Reading? {
        let (scale, scaleEnd) = Scale.read(text, number.end) ?? ("", number.end)
        let words = scale.isEmpty ? number.words : number.words + " " + scale
        if let money = Money.behind(text, number, scale: scale, scaleEnd) { return money }
        let place = text.skipSpace(scaleEnd)
        let isOne = number.isOne && scale.isEmpty
        if scale.isEmpty || place > scaleEnd,
            let (unit, end) = Unit.read(text, place, isSpaced: place > scaleEnd)
        {
            return Reading(
                words + " " + (isOne ? unit.one : unit.many) + Per.suffix(text, end).words,
                to: Per.suffix(text, end).end)
        }
        return Reading(words, to: scaleEnd)
    }

    /// `6'2"`, `6'2`: feet and inches; behind degrees, minutes and seconds of an angle.
    static func height(_ text: TextWindow, _ index: Int) -> Reading? {
        guard let feet = text.number(at: index, digits: 1...2), text[feet.end] == "'" || text[feet.end] == "′",
            let inches = text.number(at: feet.end + 1, digits: 1...2), text.isWordEnd(inches.end)
        else { return nil }
        let isClosed = text[inches.end] == "\"" || text[inches.end] == "″"
        let isAngle = text[index - 1] == "°"
        guard isClosed || inches.value < 12 && !isAngle else { return nil }
        let (large, small) = isAngle ? (Unit("minute"), Unit("second")) : (Unit("foot", "feet"), Unit("inch", "inches"))
        let words =
            EnglishNumber.cardinal(feet.value) + " " + (feet.value == 1 ? large.one : large.many) + " "
            + EnglishNumber.cardinal(inches.value) + " " + (inches.value == 1 ? small.one : small.many)
        return Reading(words, to: isClosed ? inches.end + 1 : inches.end)
    }

    /// `1h30m`, `2d 4h`, `1m 5s`: at least two units, the larger first.
    static func duration(_ text: TextWindow, _ index: Int) -> Reading? {
        var place = index
        var end = index
        var words: [String] = []
        var rank = -1
        while let number = text.number(at: place, digits: 1...4) {
            let unitEnd = text.end(from: number.end, limit: 3) { $0.isLower }
            guard let next = spans.firstIndex(where: { $0.sign == text.string(number.end..<unitEnd) }), next > rank,
                !text[unitEnd].isLetter
            else { break }
            words.append(EnglishNumber.cardinal(number.value) + " " + spans[next].name + (number.value == 1 ? "" : "s"))
            rank = next
            end = unitEnd
            place = text.skipSpace(end)
        }
        return words.count > 1 && text.isWordEnd(end) ? Reading(words.joined(separator: " "), to: end) : nil
    }

    private static let spans: [(sign: String, name: String)] = [
        ("w", "week"), ("d", "day"), ("h", "hour"), ("m", "minute"), ("s", "second"), ("ms", "millisecond"),
    ]
}

/// A thousand, a million and more, as a letter or a word behind a number.
enum Scale {
    static func read(_ text: TextWindow, _ index: Int) -> (name: String, end: Int)? {
        let end = text.end(from: index, limit: 3) { $0.isLetter }
        if end > index, let name = letters[text.string(index..<end)], text.isWordEnd(end) { return (name, end) }
        guard let start = text.nextWord(index) else { return nil }
        let word = text.letters(at: start)
        return words.contains(word) && text.isWordEnd(start + word.count) ? (word, start + word.count) : nil
    }

    private static let letters = [
        "K": "thousand", "k": "thousand", "M": "million", "mn": "million", "B": "billion", "bn": "billion",
        "T": "trillion", "tn": "trillion",
    ]
    private static let words: Set<String> = ["thousand", "million", "billion", "trillion"]
}

/// What something is counted by: `/month`, `/user`.
enum Per {
    static func suffix(_ text: TextWindow, _ index: Int) -> (words: String, end: Int) {
        guard text[index] == "/" else { return ("", index) }
        if let count = count(text, index + 1) { return count }
        let word = text.letters(at: index + 1)
        let end = index + 1 + word.count
        guard let name = names[word], text.isWordEnd(end) else { return ("", index) }
        return (" per " + name, end)
    }

    /// `/1K`, `/M` before what is counted: `$15/M tokens`.
    private static func count(_ text: TextWindow, _ index: Int) -> (words: String, end: Int)? {
        let number = text.number(at: index, digits: 1...3)
        guard let (scale, end) = Scale.read(text, number?.end ?? index), text[end - 1].isUpper || number != nil,
            text.nextWord(end) != nil
        else { return nil }
        return (" per " + (number.map { EnglishNumber.cardinal($0.value) + " " } ?? "") + scale, end)
    }

    /// `/s`, `/day` behind a word: so much in a time.
    static func span(_ text: TextWindow, _ index: Int) -> Reading? {
        let (words, end) = suffix(text, index)
        return spans.contains(words) ? Reading(words, to: end) : nil
    }

    private static let spans: Set<String> = [
        " per second", " per minute", " per hour", " per day", " per week", " per month", " per year",
    ]

    private static let names: [String: String] = {
        var names = [
            "mo": "month", "yr": "year", "hr": "hour", "h": "hour", "s": "second", "min": "minute", "kg": "kilogram",
            "op": "operation", "req": "request", "tok": "token",
        ]
        for name in [
            "second", "minute", "hour", "day", "week", "month", "year", "night", "user", "person", "seat", "token",
            "request", "page", "item", "piece", "mile", "team", "core", "unit", "share", "head", "run", "call",
        ] { names[name] = name }
        return names
    }()
}
