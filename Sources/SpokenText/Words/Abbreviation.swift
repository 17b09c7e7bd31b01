/// Abbreviations, where their neighbours make sure what they mean.
enum Abbreviation {
    /// - Parameter word: The letters at `index`.
    static func read(_ text: TextWindow, _ index: Int, _ word: String) -> Reading? {
        let end = index + word.unicodeScalars.count
        if text[end] == "." {
            if let dotted = dotted(text, index, word) { return dotted }
            return titled(text, index, word, end + 1) ?? stopped(text, word, end + 1)
        }
        if text[end] == "/", let words = slashed[word], text.isWordEnd(end + 1) || word == "b" || text[end + 1] == "o" {
            return slashed(text, word, end, words)
        }
        guard let words = bare[word], text.isWordEnd(end) else {
            return titled(text, index, word, end)
        }
        return Reading(words, to: end)
    }

    /// `e.g.`, `U.S.`, `Ph.D.`: letters with stops between.
    private static func dotted(_ text: TextWindow, _ index: Int, _ word: String) -> Reading? {
        guard word.unicodeScalars.count <= 2 else { return nil }
        var end = index
        var letters: [String] = []
        while letters.count < 8 {
            let part = text.letters(at: end)
            let partEnd = end + part.unicodeScalars.count
            guard (1...2).contains(part.unicodeScalars.count), text[partEnd] == "." else { break }
            letters.append(part)
            end = partEnd + 1
        }
        guard letters.count >= 2 else { return nil }
        // The last letter has its stop or is the last of a word: `U.S`.
        if text[end].isWordPart { return nil }
        let key = letters.joined(separator: ".").lowercased()
        let keepsStop = text.endsSentence(end) && text[end - 1] == "."
        if let words = sayings[key] {
            return Reading(words, to: keepsStop && key != "e.g" && key != "i.e" ? end - 1 : end)
        }
        guard letters.allSatisfy({ $0.unicodeScalars.first?.isUpper == true }) else { return nil }
        let spelled = letters.joined().uppercased().map(String.init).joined(separator: " ")
        return Reading(spelled, to: keepsStop && end >= text.count ? end - 1 : end)
    }

    private static let sayings = [
        "e.g": "for example", "i.e": "that is", "a.m": "A M", "p.m": "P M", "n.b": "note well",
        "a.k.a": "also known as",
        "p.s": "P S", "b.c": "B C", "a.d": "A D", "w.r.t": "with respect to",
    ]

    /// Titles before a name, and short words before a number.
    private static func titled(_ text: TextWindow, _ index: Int, _ word: String, _ end: Int) -> Reading? {
        if text[end].isDigit, text[end - 1] == ".", let name = touching[word] { return Reading(name, to: end) }
        guard text.isWordEnd(end) else { return nil }
        let next = text.skipSpace(end)
        if let way = streets(text, index, word, end) { return way }
        guard next > end else { return nil }
        if let title = addresses[word] { return Reading(title, to: end) }
        if let title = titles[word], text[next].properties.isUppercase { return Reading(title, to: end) }
        if text[end - 1] == ".", let name = numbered[word.lowercased()], text[next].isDigit {
            return Reading(name, to: end)
        }
        return nil
    }

    /// Short words that stand before a number without a space, too.
    private static let touching = [
        "No": "number", "Nos": "numbers", "Fig": "figure", "fig": "figure", "Sec": "section", "Vol": "volume",
        "vol": "volume", "Ch": "chapter", "Eq": "equation", "pp": "pages", "Ver": "version", "ver": "version",
    ]

    private static let addresses = ["Mr": "Mister", "Mrs": "Missus", "Ms": "Miz"]
    private static let titles = [
        "Dr": "Doctor", "Prof": "Professor", "St": "Saint",
        "Gen": "General",
        "Col": "Colonel", "Lt": "Lieutenant", "Sgt": "Sergeant", "Capt": "Captain", "Rev": "Reverend",
        "Hon": "Honorable",
        "Gov": "Governor", "Sen": "Senator", "Rep": "Representative", "Pres": "President", "Fr": "Father",
        "Mt": "Mount",
        "Ft": "Fort",
    ]
    private static let numbered = [
        "no": "number", "nos": "numbers", "fig": "figure", "figs": "figures", "sec": "section", "ch": "chapter",
        "vol": "volume", "p": "page", "pp": "pages", "eq": "equation", "ed": "edition", "ver": "version",
        "v": "version",
        "c": "circa", "ca": "circa", "art": "article", "para": "paragraph", "ref": "reference", "ext": "extension",
        "pg": "page", "pt": "part",
    ]

    /// `Elm St.` at the end of a name, where a title would stand before one.
    private static func streets(_ text: TextWindow, _ index: Int, _ word: String, _ end: Int) -> Reading? {
        guard text[end - 1] == ".", let name = ways[word], text[index - 1] == " " else { return nil }
        let before = text.wordBefore(index)
        guard !before.isEmpty, !openers.contains(before), text[index - 1 - before.unicodeScalars.count].isUpper else {
            return nil
        }
        return Reading(name, to: text.endsSentence(end) ? end - 1 : end)
    }

    /// Words that begin a sentence rather than end the name of a street.
    private static let openers: Set<String> = [
        "the", "in", "on", "at", "and", "by", "near", "see", "visit", "to", "from", "with", "dear", "meet", "ask", "hi",
        "hello", "when", "if", "as", "but", "or", "then", "today", "for", "call", "is", "thanks", "yes", "no",
    ]

    private static let ways = [
        "St": "Street", "Dr": "Drive", "Ave": "Avenue", "Blvd": "Boulevard", "Rd": "Road", "Ln": "Lane", "Ct": "Court",
        "Pl": "Place", "Sq": "Square", "Jr": "Junior", "Sr": "Senior",
    ]

    /// Abbreviations with a stop; the stop stays where it may end the sentence as well.
    private static func stopped(_ text: TextWindow, _ word: String, _ end: Int) -> Reading? {
        guard let words = stops[word] ?? stops[word.lowercased()].flatMap({ text[end - 2].isLower ? $0 : nil }),
            text.isWordEnd(end)
        else { return nil }
        return Reading(words, to: text.endsSentence(end) && !inner.contains(word) ? end - 1 : end)
    }

    /// Abbreviations that something always follows.
    private static let inner: Set<String> = ["vs", "approx", "incl", "excl", "cf", "esp", "viz", "resp"]

    private static let stops = [
        "etc": "et cetera", "approx": "approximately", "vs": "versus", "incl": "including", "excl": "excluding",
        "dept": "department", "est": "estimated", "max": "maximum", "min": "minimum", "avg": "average", "cf": "compare",
        "resp": "respectively", "Inc": "Incorporated", "Ltd": "Limited", "Corp": "Corporation", "Co": "Company",
        "Bros": "Brothers", "govt": "government", "tel": "telephone", "temp": "temperature", "misc": "miscellaneous",
        "esp": "especially", "orig": "originally", "al": "al", "viz": "namely", "asst": "assistant", "Ave": "Avenue",
        "Blvd": "Boulevard", "appt": "appointment", "dist": "district", "hrs": "hours", "mins": "minutes",
        "secs": "seconds", "prev": "previous",
    ]

    /// Abbreviations without a stop that are nothing else.
    private static let bare = [
        "vs": "versus", "etc": "et cetera", "approx": "approximately", "aka": "also known as", "wrt": "with respect to",
        "eg": "for example", "ie": "that is", "dept": "department", "govt": "government", "approx'ly": "approximately",
        "PhD": "P H D", "IPv4": "I P version four", "IPv6": "I P version six",
    ]

    private static let slashed = ["w": "with", "b": "because"]

    /// `w/`, `w/o`, `b/c`.
    private static func slashed(_ text: TextWindow, _ word: String, _ slash: Int, _ words: String) -> Reading? {
        if word == "w", text[slash + 1] == "o", text.isWordEnd(slash + 2) { return Reading("without", to: slash + 2) }
        if word == "w", text[slash + 1] == " " { return Reading(words, to: slash + 1) }
        if word == "b", text[slash + 1] == "c", text.isWordEnd(slash + 2) { return Reading(words, to: slash + 2) }
        return nil
    }
}
