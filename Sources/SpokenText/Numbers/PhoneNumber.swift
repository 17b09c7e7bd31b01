/// Telephone numbers, digit by digit with a rest between the groups.
enum PhoneNumber {
    /// `+1 (555) 123-4567`, `+49 170 1234567`, `0170 1234567`, `(555) 123-4567`, `555-123-4567`, `1-800-555-1234`.
    static func read(_ text: TextWindow, _ index: Int) -> Reading? {
        let isInternational = text[index] == "+"
        guard isInternational && text[index + 1].isDigit || text[index] == "(" || text[index].isDigit else {
            return nil
        }
        var groups: [String] = []
        var digitCount = 0
        var place = isInternational ? index + 1 : index
        var end = place
        while groups.count < 8 {
            let isWrapped = text[place] == "("
            let start = isWrapped ? place + 1 : place
            let stop = text.endOfDigits(start, limit: 16)
            guard stop > start, !isWrapped || text[stop] == ")" else { break }
            groups.append(EnglishNumber.digits(text.scalars[start..<stop]))
            digitCount += stop - start
            end = isWrapped ? stop + 1 : stop
            place = end
            if text[place] == " " || text[place] == "-" || text[place] == "\u{A0}" { place += 1 }
            guard text[place].isDigit || text[place] == "(" else { break }
        }
        guard text.isWordEnd(end), isPlausible(text, index..<end, groups.count, digitCount) else { return nil }
        return Reading((isInternational ? "plus " : "") + groups.joined(separator: ", "), to: end)
    }

    /// ITU-T E.164: at most 15 digits; without a plus only the North American forms, and those that begin with a zero
    /// before an area, are told from other numbers.
    private static func isPlausible(_ text: TextWindow, _ range: Range<Int>, _ groups: Int, _ digits: Int) -> Bool {
        if text[range.lowerBound] == "+" { return (7...15).contains(digits) && text[range.lowerBound + 1] != "0" }
        if text[range.lowerBound] == "0" {
            let area = text.endOfDigits(range.lowerBound) - range.lowerBound
            return (2...3).contains(groups) && (3...5).contains(area) && (9...12).contains(digits)
        }
        let isTollFree = groups == 4 && digits == 11 && text.has("1-", at: range.lowerBound)
        guard groups == 3 && digits == 10 || isTollFree else { return false }
        if isTollFree { return isPlausible(text, range.lowerBound + 2..<range.upperBound, 3, 10) }
        let last = range.upperBound - 5
        return text[last] == "-" && text.endOfDigits(last - 3, limit: 4) == last
            && (text[range.lowerBound] == "(" || text[range.lowerBound + 3] == "-")
    }
}
