/// Times of the day: `14:30`, `9:05:30`, `2pm`, `14:30:00Z`.
enum TimeOfDay {
    /// A time, or from one to another.
    ///
    /// - Parameter isDated: Whether a date stands before it, so that an offset of its zone may follow.
    static func read(_ text: TextWindow, _ index: Int, isDated: Bool = false) -> Reading? {
        if !isDated, let span = span(text, index) { return span }
        return single(text, index, isDated: isDated)
    }

    /// `10:00-11:30`, `9am–5pm`, `9-11am`, `9:00 - 11:00`: from one time to another.
    private static func span(_ text: TextWindow, _ index: Int) -> Reading? {
        guard let hour = text.number(at: index, digits: 1...2) else { return nil }
        let first = single(text, index, isDated: false)
        let start = first?.end ?? hour.end
        let isSpaced = first != nil && text[start] == " " && text[start + 2] == " "
        let place = isSpaced ? start + 1 : start
        guard text[place] == "-" || text[place] == "–", text[place + (isSpaced ? 2 : 1)].isDigit,
            let last = single(text, place + (isSpaced ? 2 : 1), isDated: false)
        else { return nil }
        guard let first else {
            // `9-11am`; the half of the day behind the second hour is that of the first, or its own.
            guard last.words.hasSuffix(" M"), (1...12).contains(hour.value) else { return nil }
            return Reading(EnglishNumber.cardinal(hour.value) + " to " + last.words, to: last.end)
        }
        return Reading(first.words + " to " + last.words, to: last.end)
    }

    private static func single(_ text: TextWindow, _ index: Int, isDated: Bool) -> Reading? {
        guard let hour = text.number(at: index, digits: 1...2), hour.value <= 24 else { return nil }
        guard text[hour.end] == ":" else { return half(text, hour.end, EnglishNumber.cardinal(hour.value), hour.value) }
        guard let minute = text.number(at: hour.end + 1, digits: 2...2), minute.value < 60 else { return nil }
        var words = words(hour.value, minute.value)
        var end = minute.end
        var hasZone = isDated
        if text[end] == ":", let second = text.number(at: end + 1, digits: 2...2), second.value < 60 {
            end = second.end
            hasZone = true
            if second.value > 0 {
                words += " and " + EnglishNumber.cardinal(second.value) + (second.value == 1 ? " second" : " seconds")
            }
            if text[end] == "." || text[end] == ",", text[end + 1].isDigit { end = text.endOfDigits(end + 1, limit: 9) }
        }
        guard text[end] != ":" else { return nil }
        let plain = minute.value == 0 ? EnglishNumber.cardinal(hour.value) : words
        if let half = half(text, end, plain, hour.value) { return half }
        let zone = hasZone || text[end] != "-" ? zone(text, end) : (words: "", end: end)
        return text.isWordEnd(zone.end) ? Reading(words + zone.words, to: zone.end) : nil
    }

    private static func words(_ hour: Int, _ minute: Int) -> String {
        let hours = EnglishNumber.cardinal(hour)
        if minute == 0 { return hour == 0 || hour > 12 ? hours + " hundred" : hours + " o'clock" }
        return hours + (minute < 10 ? " oh " : " ") + EnglishNumber.cardinal(minute)
    }

    /// The half of the day behind a time: `am`, `p.m.`, `PM`.
    private static func half(_ text: TextWindow, _ index: Int, _ time: String, _ hour: Int) -> Reading? {
        let place = text.skipSpace(index)
        guard hour <= 12, text.has("a", at: place, ignoringCase: true) || text.has("p", at: place, ignoringCase: true)
        else { return nil }
        let half = text.has("a", at: place, ignoringCase: true) ? " A M" : " P M"
        if text.has("m", at: place + 1, ignoringCase: true), text.isWordEnd(place + 2),
            text[place] != "a" || place == index || text[place + 2] != " " || text.isWordEnd(place + 2)
        {
            return Reading(time + half, to: place + 2)
        }
        guard text[place + 1] == ".", text.has("m", at: place + 2, ignoringCase: true), text[place + 3] == "." else {
            return nil
        }
        return Reading(time + half, to: text.endsSentence(place + 4) ? place + 3 : place + 4)
    }

    /// The zone behind a time of ISO 8601: `Z`, `+02:00`.
    private static func zone(_ text: TextWindow, _ index: Int) -> (words: String, end: Int) {
        if text[index] == "Z" { return (" UTC", index + 1) }
        guard text[index] == "+" || text[index] == "-" || text[index] == "−",
            let hour = text.number(at: index + 1, digits: 2...2), text[hour.end] == ":",
            let minute = text.number(at: hour.end + 1, digits: 2...2)
        else { return ("", index) }
        let sign = text[index] == "+" ? " plus " : " minus "
        let hours = hour.value == 0 ? "" : sign + EnglishNumber.cardinal(hour.value)
        let minutes = minute.value == 0 ? "" : " " + EnglishNumber.cardinal(minute.value)
        return (" UTC" + hours + minutes, minute.end)
    }
}
