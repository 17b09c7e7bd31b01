/// All that is read out for English, in the order in which it is tried.
struct EnglishRules: ReadingRules {
    /// Whether `5/3/2024` is the fifth of March.
    private let isDayFirst: Bool

    /// - Parameter language: BCP 47; its region decides how dates with slashes are meant.
    init(language: String) {
        let region = language.uppercased().split { $0 == "-" || $0 == "_" }.dropFirst().first ?? "US"
        isDayFirst = !["US", "PH", "CA"].contains(String(region))
    }

    func reading(_ text: TextWindow, _ index: Int, isHead: Bool) -> Reading? {
        let scalar = text[index]
        if scalar.isSpace { return nil }
        if scalar.isDigit {
            return text.isWordStart(index) || !text[index - 1].isDigit ? number(text, index, isHead) : nil
        }
        if scalar.isWordPart { return text.isWordStart(index) ? word(text, index, isHead) : Emoji.read(text, index) }
        return Emoji.read(text, index) ?? marked(text, index, isHead) ?? Operator.read(text, index)
            ?? Sign.read(text, index)
    }

    private func word(_ text: TextWindow, _ index: Int, _ isHead: Bool) -> Reading? {
        let letters = text.letters(at: index)
        let end = index + letters.unicodeScalars.count
        let isInitials =
            letters.unicodeScalars.count == 1 && text[end] == "." && text[end + 1].isUpper && text[end + 2] == "."
        let isPlain = text[end].isSpace && !letters.unicodeScalars.dropFirst().contains(where: \.isUpper)
        if !isPlain, !isInitials {
            if let hardware = HardwareAddress.read(text, index) { return hardware }
            if let address = WebAddress.read(text, index) { return address }
            if isHead, let place = place(text, index) { return place }
        }
        if let reading = Abbreviation.read(text, index, letters) { return reading }
        if text[index].isUpper {
            if let reading = capital(text, index, letters) { return reading }
        }
        if isPlain { return nil }
        return Version.read(text, index) ?? Hash.uuid(text, index) ?? Hash.read(text, index)
            ?? IPAddress.six(text, index) ?? Identifier.read(text, index)
    }

    private func capital(_ text: TextWindow, _ index: Int, _ letters: String) -> Reading? {
        CalendarDate.stamp(text, index, letters) ?? CalendarDate.monthFirst(text, index, letters)
            ?? CalendarDate.weekday(text, index, letters)
            ?? LinePlace.read(text, index) ?? Roman.read(text, index, letters) ?? Money.code(text, index, letters)
            ?? Money.read(text, index)
    }

    /// What has no spaces and begins a stretch between spaces.
    private func place(_ text: TextWindow, _ index: Int) -> Reading? {
        WebAddress.mail(text, index) ?? FilePath.read(text, index) ?? WebAddress.bare(text, index)
    }

    private func number(_ text: TextWindow, _ index: Int, _ isHead: Bool) -> Reading? {
        if let key = Emoji.read(text, index) ?? redirection(text, index) { return key }
        if let hardware = HardwareAddress.read(text, index) { return hardware }
        if let span = TimeSpan.read(text, index) ?? ModelNumber.read(text, index) { return span }
        let dated =
            CalendarDate.iso(text, index) ?? CalendarDate.partial(text, index)
            ?? CalendarDate.numeric(text, index, isDayFirst: isDayFirst)
        if let reading = dated ?? TimeOfDay.read(text, index) ?? IPAddress.read(text, index) { return reading }
        if let reading = PhoneNumber.read(text, index) ?? Hash.uuid(text, index) ?? Version.read(text, index) {
            return reading
        }
        if let reading = Hash.hexadecimal(text, index) ?? NumberForms.ordinalOrDate(text, index) { return reading }
        if let reading = NumberForms.decade(text, index) ?? Quantity.height(text, index)
            ?? Quantity.duration(text, index)
        {
            return reading
        }
        if let reading = MixedNumber.read(text, index) ?? NumberForms.fraction(text, index)
            ?? NumberForms.range(text, index)
        {
            return reading
        }
        if let reading = NumberForms.size(text, index) ?? NumberForms.year(text, index) { return reading }
        if let reading = ratio(text, index) ?? NumberForms.longDigits(text, index) { return reading }
        if let reading = Hash.read(text, index) ?? IPAddress.six(text, index) { return reading }
        if isHead, text[text.endOfDigits(index)].isLetter || text[text.endOfDigits(index)] == "_",
            let place = place(text, index)
        {
            return place
        }
        return Quantity.read(text, index)
    }

    /// `2>&1`, `2>/dev/null`: where a shell sends what went wrong.
    private func redirection(_ text: TextWindow, _ index: Int) -> Reading? {
        guard text.has("2>", at: index), text[index - 1].isSpace || index == 0 else { return nil }
        if text.has("&1", at: index + 2), text.isWordEnd(index + 4) {
            return Reading("errors to output", to: index + 4)
        }
        return text[index + 2] == "/" ? Reading("errors to ", to: index + 2) : nil
    }

    /// `3:1`, `16:9`.
    private func ratio(_ text: TextWindow, _ index: Int) -> Reading? {
        guard let first = text.number(at: index, digits: 1...4), text[first.end] == ":",
            let second = text.number(at: first.end + 1, digits: 1...4), text.isWordEnd(second.end),
            text[second.end] != ":"
        else { return nil }
        return Reading(
            EnglishNumber.cardinal(first.value) + " to " + EnglishNumber.cardinal(second.value), to: second.end)
    }

    /// What begins with a sign: sums of money, negative numbers, paths, telephone numbers, `'90s`.
    private func marked(_ text: TextWindow, _ index: Int, _ isHead: Bool) -> Reading? {
        let scalar = text[index]
        let isFree = !text[index - 1].isWordPart
        switch scalar {
        case "-", "−":
            guard isFree, text[index - 1] != scalar else { return nil }
            return Money.read(text, index) ?? Quantity.read(text, index)
        case "+", "(": return isFree ? PhoneNumber.read(text, index) : nil
        case "'", "’": return isFree ? NumberForms.decade(text, index) : nil
        case "." where isFree && text[index + 1].isUpper && text[index + 2].isUpper:
            return Reading(" dot ", to: index + 1)
        case "/", "~", ".": return isHead && isFree ? FilePath.read(text, index) : nil
        case ":" where text[index + 1] == ":": return isFree ? IPAddress.six(text, index) : nil
        default: return Money.read(text, index)
        }
    }
}

extension NumberForms {
    /// `3 May`, `3rd of May`, and `3rd` alone.
    fileprivate static func ordinalOrDate(_ text: TextWindow, _ index: Int) -> Reading? {
        CalendarDate.dayFirst(text, index) ?? ordinal(text, index)
    }
}
