/// Times of the day: `14:30`, `9:05:30`, `2pm`, `14:30:00Z`.
enum TimeOfDay {
    static func read(_ text: TextWindow, _ index: Int) -> Reading? {
        guard let hour = text.number(at: index, digits: 1...2), hour.value <= 24 else { return nil }
        guard text[hour.end] == ":" else { return half(text, hour.end, EnglishNumber.cardinal(hour.value), hour.value) }
        guard let minute = text.number(at: hour.end + 1, digits: 2...2), minute.value < 60 else { return nil }
        var words = words(hour.value, minute.value)
        var end = minute.end
        if text[end] == ":", let second = text.number(at: end + 1, digits: 2...2), second.value < 60 {
            end = second.end
            if second.value > 0 {
                words += " and " + EnglishNumber.cardinal(second.value) + (second.value == 1 ? " second" : " seconds")
            }
            if text[end] == ".", text[end + 1].isDigit { end = text.endOfDigits(end + 1, limit: 9) }
        }
        guard text[end] != ":" else { return nil }
        let plain = minute.value == 0 ? EnglishNumber.cardinal(hour.value) : words
        if let half = half(text, end, plain, hour.value) { return half }
        let zone = zone(text, end)
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
