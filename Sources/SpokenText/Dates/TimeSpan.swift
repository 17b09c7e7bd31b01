/// How long something takes, where its neighbours tell that no time of the day and no length is meant.
enum TimeSpan {
    static func read(_ text: TextWindow, _ index: Int) -> Reading? {
        clock(text, index) ?? minutes(text, index) ?? seconds(text, index)
    }

    /// `Elapsed: 00:01:23.456`, `90:00`.
    private static func clock(_ text: TextWindow, _ index: Int) -> Reading? {
        guard text[index - 1] != ":", let first = text.number(at: index, digits: 1...3), text[first.end] == ":",
            let second = text.number(at: first.end + 1, digits: 2...2), second.value < 60
        else { return nil }
        var parts = [(first.value, "minute"), (second.value, "second")]
        var end = second.end
        if text[end] == ":", let third = text.number(at: end + 1, digits: 2...2), third.value < 60 {
            parts = [(first.value, "hour"), (second.value, "minute"), (third.value, "second")]
            end = third.end
        }
        let isNoTime = parts.count == 2 && first.value > 24 && text[first.end + 1] == "0"
        guard isNoTime || behind.contains(wordBehind(text, index)) && (parts.count == 3 || first.value == 0) else {
            return nil
        }
        var fraction = ""
        if text[end] == ".", text[end + 1].isDigit {
            let stop = text.endOfDigits(end + 1, limit: 9)
            fraction = " point " + EnglishNumber.digits(text.scalars[end + 1..<stop])
            end = stop
        }
        guard text.isWordEnd(end), text[end] != ":" else { return nil }
        return Reading(words(parts, fraction), to: end)
    }

    private static func words(_ parts: [(value: Int, unit: String)], _ fraction: String) -> String {
        var words: [String] = []
        for (place, part) in parts.enumerated() {
            let isLast = place == parts.count - 1
            let tail = isLast ? fraction : ""
            guard part.value > 0 || !tail.isEmpty || isLast && words.isEmpty else { continue }
            let isOne = part.value == 1 && tail.isEmpty
            words.append(EnglishNumber.cardinal(part.value) + tail + " " + part.unit + (isOne ? "" : "s"))
        }
        return words.joined(separator: " ")
    }

    /// `5m ago`, `ETA 5m`; elsewhere `5m` are meters.
    private static func minutes(_ text: TextWindow, _ index: Int) -> Reading? {
        guard let number = NumberLiteral(text, at: index, hasSign: false), text[number.end] == "m",
            text.isWordEnd(number.end + 1), text[number.end + 1] != "/", text[number.end + 1] != "²",
            text[number.end + 1] != "³", isSpan(text, index, number.end + 1)
        else { return nil }
        return Reading(number.words + (number.isOne ? " minute" : " minutes"), to: number.end + 1)
    }

    /// `30s timeout`, which is no decade.
    private static func seconds(_ text: TextWindow, _ index: Int) -> Reading? {
        guard let number = text.number(at: index, digits: 1...2), text[number.end] == "s",
            text.isWordEnd(number.end + 1),
            text[index - 1] != "'", text[index - 1] != "’", !decades.contains(text.wordBefore(index))
        else { return nil }
        return Reading(
            EnglishNumber.cardinal(number.value) + (number.value == 1 ? " second" : " seconds"), to: number.end + 1)
    }

    private static func isSpan(_ text: TextWindow, _ index: Int, _ end: Int) -> Bool {
        if let next = text.nextWord(end), ahead.contains(text.letters(at: next).lowercased()) { return true }
        return behind.contains(wordBehind(text, index))
    }

    /// The word before a place, also before a colon or a sign for “about”.
    private static func wordBehind(_ text: TextWindow, _ index: Int) -> String {
        var place = index
        if ["~", "≈", "<", ">", "("].contains(text[place - 1]) { place -= 1 }
        guard text[place - 2] == ":", text[place - 1] == " " else { return text.wordBefore(place) }
        return text.wordBefore(place - 1, isTouching: true)
    }

    private static let ahead: Set<String> = [
        "ago", "left", "remaining", "timeout", "later", "elapsed", "interval", "delay", "window", "break", "old",
        "total",
    ]
    private static let behind: Set<String> = [
        "eta", "took", "takes", "taken", "after", "within", "every", "timeout", "elapsed", "last", "past", "wait",
        "waited", "waiting", "sleep", "slept", "for", "in", "uptime", "duration", "ran", "runtime", "time", "about",
        "cached", "remaining", "total", "length", "than", "needs", "needed", "finished", "done", "up",
    ]
    private static let decades: Set<String> = [
        "the", "early", "late", "mid", "their", "his", "her", "my", "your", "our",
    ]
}
