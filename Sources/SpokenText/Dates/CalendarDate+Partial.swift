/// Parts of dates, and the dates that programs print.
extension CalendarDate {
    /// `2024-05`, `2024-W18`, `2024-25`, `2024/25`.
    static func partial(_ text: TextWindow, _ index: Int) -> Reading? {
        guard let year = text.number(at: index, digits: 4...4), (1_900...2_099).contains(year.value),
            text[year.end] == "-" || text[year.end] == "/", text[index - 1] != "-", text[index - 1] != "/"
        else { return nil }
        if text[year.end] == "-", text[year.end + 1] == "W",
            let week = text.number(at: year.end + 2, digits: 2...2), (1...53).contains(week.value),
            text.isWordEnd(week.end)
        {
            let words = "week " + EnglishNumber.cardinal(week.value) + " of " + EnglishNumber.year(year.value)
            return Reading(words, to: week.end)
        }
        guard let part = text.number(at: year.end + 1, digits: 2...2), text.isWordEnd(part.end), text[part.end] != "-",
            text[part.end] != "/", text[part.end] != "."
        else { return endOfSentence(text, year, index) }
        return words(year, part, isMonth: text[year.end] == "-")
    }

    /// The same where the sentence ends behind it.
    private static func endOfSentence(_ text: TextWindow, _ year: (value: Int, end: Int), _ index: Int) -> Reading? {
        guard let part = text.number(at: year.end + 1, digits: 2...2), text[part.end] == ".",
            !text[part.end + 1].isWordPart
        else { return nil }
        return words(year, part, isMonth: text[year.end] == "-")
    }

    private static func words(_ year: (value: Int, end: Int), _ part: (value: Int, end: Int), isMonth: Bool) -> Reading?
    {
        if isMonth, (1...12).contains(part.value) {
            return Reading(months[part.value - 1] + " " + EnglishNumber.year(year.value), to: part.end)
        }
        guard (year.value + 1) % 100 == part.value else { return nil }
        let word = isMonth ? " to " : " "
        return Reading(EnglishNumber.year(year.value) + word + EnglishNumber.cardinal(part.value), to: part.end)
    }

    /// `May  3 14:30:05 2024`, `May 03 14:30:05`: as logs have it.
    ///
    /// - Parameter word: The letters at `index`.
    static func stamp(_ text: TextWindow, _ index: Int, _ word: String) -> Reading? {
        guard word.count == 3, let month = months.firstIndex(where: { $0.hasPrefix(word) }) else { return nil }
        let place = index + 3
        guard text[place] == " " else { return nil }
        let dayStart = text[place + 1] == " " ? place + 2 : place + 1
        guard let day = text.number(at: dayStart, digits: 1...2), text[day.end] == " ", text[day.end + 3] == ":",
            let time = TimeOfDay.read(text, day.end + 1)
        else { return nil }
        let year = text[time.end] == " " ? text.number(at: time.end + 1, digits: 4...4) : nil
        guard let date = words(day.value, month + 1, year: year?.value) else { return nil }
        return Reading(date + ", at " + time.words, to: year?.end ?? time.end)
    }
}
