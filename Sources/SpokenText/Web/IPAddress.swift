/// Addresses of machines, digit by digit.
enum IPAddress {
    /// `192.168.0.1`, with `:8080` or `/24` behind it.
    static func read(_ text: TextWindow, _ index: Int) -> Reading? {
        var end = index
        var parts: [String] = []
        while let part = text.number(at: end, digits: 1...3), part.value <= 255 {
            parts.append(EnglishNumber.digits(text.scalars[end..<part.end]))
            end = part.end
            guard parts.count < 4, text[end] == "." else { break }
            end += 1
        }
        guard parts.count == 4, text.isWordEnd(end), text[end] != "." || !text[end + 1].isDigit else { return nil }
        var words = parts.joined(separator: " dot ")
        if text[end] == ":", let port = text.number(at: end + 1, digits: 1...5), text.isWordEnd(port.end) {
            words += " port " + EnglishNumber.digits(text.scalars[end + 1..<port.end])
            end = port.end
        } else if text[end] == "/", let width = text.number(at: end + 1, digits: 1...2), text.isWordEnd(width.end) {
            words += " slash " + EnglishNumber.cardinal(width.value)
            end = width.end
        }
        return Reading(words, to: end)
    }

    /// `fe80::1`: who it ends with is all that a listener can keep.
    static func six(_ text: TextWindow, _ index: Int) -> Reading? {
        var colons = 0
        var hasDouble = false
        let end = text.end(from: index, limit: 40) { $0.isHexDigit || $0 == ":" }
        for place in index..<end where text[place] == ":" {
            colons += 1
            hasDouble = hasDouble || text[place + 1] == ":"
        }
        guard hasDouble && colons >= 2 || colons == 7, text.isWordEnd(end), text[end - 1].isHexDigit,
            text.scalars[index..<end].contains(where: \.isDigit)
        else { return nil }
        let last = text.scalars[index..<end].split(separator: ":").last ?? []
        return Reading("I P version six address ending in " + Spelling.words(last), to: end)
    }

    /// The whole text as an address; nil if it is none.
    static func words(_ address: String) -> String? {
        let window = TextWindow(address)
        return read(window, 0).flatMap { $0.end == window.count ? $0.words : nil }
    }
}
