/// Dates, spoken as `May third, twenty twenty-four`.
enum CalendarDate {
    static let months = [
        "January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November",
        "December",
    ]

    /// `2024-05-03`, also `2024/05/03`, and with a time behind a `T` or a space.
    static func iso(_ text: TextWindow, _ index: Int) -> Reading? {
        guard let year = text.number(at: index, digits: 4...4), text[year.end] == "-" || text[year.end] == "/",
            let month = text.number(at: year.end + 1, digits: 2...2), text[month.end] == text[year.end],
            let day = text.number(at: month.end + 1, digits: 2...2), text[day.end] != "/", text[index - 1] != "/",
            let date = words(day.value, month.value, year: year.value)
        else { return nil }
        if text[day.end] == "T" || text[day.end] == " ",
            let time = TimeOfDay.read(text, day.end + 1, isDated: text[day.end] == "T")
        {
            return Reading(date + ", at " + time.words, to: time.end)
        }
        return text.isWordEnd(day.end) ? Reading(date, to: day.end) : nil
    }

    /// `5/3/2024`, `03.05.2024`.
    ///
    /// - Parameter isDayFirst: How dates with slashes are meant where both orders give a date.
    static func numeric(_ text: TextWindow, _ index: Int, isDayFirst: Bool) -> Reading? {
        guard let first = text.number(at: index, digits: 1...2), text[first.end] == "/" || text[first.end] == ".",
            let second = text.number(at: first.end + 1, digits: 1...2), text[second.end] == text[first.end],
            let year = text.number(at: second.end + 1, digits: 2...4), text.isWordEnd(year.end), year.value != 3,
            year.end - second.end != 4
        else { return nil }
        let isDotted = text[first.end] == "."
        guard !isDotted || year.end - second.end == 5 else { return nil }
        let fullYear =
            year.value < 100 && year.end - second.end == 3 ? year.value + (year.value < 70 ? 2_000 : 1_900) : year.value
        let isDay = isDotted || first.value > 12 || isDayFirst && second.value <= 12
        let (day, month) = isDay ? (first.value, second.value) : (second.value, first.value)
        return words(day, month, year: fullYear).map { Reading($0, to: year.end) }
    }

    /// `May 3, 2024`, `Jan. 5th`, `March 2024`.
    ///
    /// - Parameter word: The letters at `index`.
    static func monthFirst(_ text: TextWindow, _ index: Int, _ word: String) -> Reading? {
        guard let month = month(word) else { return nil }
        let isShort = word.count < months[month - 1].count
        let dash = text[index + word.count]
        if isShort, dash == "-" || dash == "–", let last = self.month(text.letters(at: index + word.count + 1)) {
            let end = index + word.count + 1 + text.letters(at: index + word.count + 1).count
            return Reading(months[month - 1] + " to " + months[last - 1], to: end)
        }
        let monthEnd = index + word.count + (isShort && text[index + word.count] == "." ? 1 : 0)
        guard text[monthEnd].isSpace, text[monthEnd] != "\n" else { return nil }
        if let year = text.number(at: monthEnd + 1, digits: 4...4), text.isWordEnd(year.end) {
            return Reading(months[month - 1] + " " + EnglishNumber.year(year.value), to: year.end)
        }
        guard let day = day(text, monthEnd + 1), text[day.end] != ":" else {
            let isSure = monthEnd > index + word.count && !text.endsSentence(monthEnd)
            return isSure ? Reading(months[month - 1], to: monthEnd) : nil
        }
        guard let year = year(text, day.end) else {
            return words(day.value, month, year: nil).map { Reading($0, to: day.end) }
        }
        return words(day.value, month, year: year.value).map { Reading($0, to: year.end) }
    }

    /// `3 May 2024`, `3rd of May`.
    static func dayFirst(_ text: TextWindow, _ index: Int) -> Reading? {
        guard let day = day(text, index), text[day.end].isSpace else { return nil }
        let place = text.has(" of ", at: day.end) ? day.end + 4 : day.end + 1
        let word = text.letters(at: place)
        guard let month = month(word), (1...31).contains(day.value), text.isWordEnd(place + word.count) else {
            return nil
        }
        var end = place + word.count
        if word.count < months[month - 1].count, text[end] == ".", text[end + 1] == " " { end += 1 }
        let date =
            (text.wordBefore(index) == "the" ? "" : "the ") + EnglishNumber.ordinal(UInt64(day.value)) + " of "
            + months[month - 1]
        guard let year = year(text, end) else { return Reading(date, to: end) }
        return Reading(date + ", " + EnglishNumber.year(year.value), to: year.end)
    }

    /// `Mon, 3 May`: short names of days count only before a date.
    static func weekday(_ text: TextWindow, _ index: Int, _ word: String) -> Reading? {
        guard word.count == 3, let name = weekdays[word] else { return nil }
        var end = index + 3
        if text[end] == "–" || text[end] == "-", let last = weekdays[text.letters(at: end + 1)] {
            return Reading(name + " to " + last, to: end + 4)
        }
        if text[end] == "." { end += 1 }
        let next = text[end] == "," ? end + 2 : end + 1
        guard text[next - 1] == " ", text[next].isDigit || month(text.letters(at: next)) != nil,
            end > index + 3 || text[end] == "," || month(text.letters(at: next)) != nil
                || TimeOfDay.read(text, next) != nil
        else { return nil }
        return Reading(name, to: end)
    }

    private static let weekdays = [
        "Mon": "Monday", "Tue": "Tuesday", "Wed": "Wednesday", "Thu": "Thursday", "Fri": "Friday", "Sat": "Saturday",
        "Sun": "Sunday",
    ]

    private static func month(_ word: String) -> Int? {
        guard word.count >= 3, word.first?.isUppercase == true else { return nil }
        if word == "Sept" { return 9 }
        return months.firstIndex { $0 == word || word.count == 3 && $0.hasPrefix(word) }.map { $0 + 1 }
    }

    private static func day(_ text: TextWindow, _ index: Int) -> (value: Int, end: Int)? {
        guard let day = text.number(at: index, digits: 1...2), (1...31).contains(day.value) else { return nil }
        let hasSuffix = ["st", "nd", "rd", "th"].contains { text.has($0, at: day.end) }
        let end = hasSuffix ? day.end + 2 : day.end
        guard text.isWordEnd(end), text[end] != "." || !text[end + 1].isDigit, text[end] != "%" else { return nil }
        return (day.value, end)
    }

    private static func year(_ text: TextWindow, _ index: Int) -> (value: Int, end: Int)? {
        let place = text[index] == "," ? index + 1 : index
        guard text[place] == " ", let year = text.number(at: place + 1, digits: 4...4), text.isWordEnd(year.end),
            (1_000...2_999).contains(year.value)
        else { return nil }
        return year
    }

    /// - Returns: nil where there is no such day.
    static func words(_ day: Int, _ month: Int, year: Int?) -> String? {
        guard (1...12).contains(month), (1...31).contains(day), year.map({ $0 >= 1_000 }) ?? true else { return nil }
        let date = months[month - 1] + " " + EnglishNumber.ordinal(UInt64(day))
        return year.map { date + ", " + EnglishNumber.year($0) } ?? date
    }
}
