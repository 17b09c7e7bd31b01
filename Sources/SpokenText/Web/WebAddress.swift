/// Addresses of the web, of which only the host is spoken.
enum WebAddress {
    /// The longest address that is looked at as one.
    static let limit = 2_048

    /// `https://example.org/path` as `example dot org`.
    ///
    /// - Parameter isSpelled: Whether dots become words; else the host stays as it is written.
    static func read(_ text: TextWindow, _ index: Int, isSpelled: Bool = true) -> Reading? {
        let start: Int
        if text.has("www.", at: index, ignoringCase: true) {
            start = index
        } else {
            let scheme = text.end(from: index, limit: 12) { $0.isLetter || $0 == "+" || $0.isDigit }
            guard scheme > index + 1, text.has("://", at: scheme) else { return nil }
            start = scheme + 3
        }
        let end = end(text, start)
        guard end > start else { return nil }
        if text.has("file:///", at: index, ignoringCase: true), isSpelled {
            return Reading(FilePath.words(of: text, start..<end) ?? "", to: end)
        }
        guard let host = host(text, start..<end, isSpelled: isSpelled) else { return nil }
        return Reading(host, to: end)
    }

    /// `example.org/path` without a scheme, `localhost:8080`.
    static func bare(_ text: TextWindow, _ index: Int, isSpelled: Bool = true) -> Reading? {
        let hostEnd = text.end(from: index, limit: 253) { $0.isLower || $0.isDigit || $0 == "-" || $0 == "." }
        let trimmed = text[hostEnd - 1] == "." ? hostEnd - 1 : hostEnd
        let next = text[trimmed]
        guard !next.isWordPart, next != "_", next != "@", next != "(" else { return nil }
        let labels = text.scalars[index..<max(index, trimmed)].split(separator: ".", omittingEmptySubsequences: false)
        let isLocal = labels.count == 1 && next == ":" && text[trimmed + 1].isDigit && text.has("localhost", at: index)
        guard let last = labels.last, labels.allSatisfy({ !$0.isEmpty }), isLocal || labels.count > 1 else {
            return nil
        }
        var top = String.UnicodeScalarView()
        top.append(contentsOf: last)
        guard isLocal || topLevels.contains(String(top)) else { return nil }
        let end = next == "/" || next == ":" || next == "?" ? end(text, index) : trimmed
        return host(text, index..<end, isSpelled: isSpelled).map { Reading($0, to: end) }
    }

    /// `jane.doe@example.org`.
    static func mail(_ text: TextWindow, _ index: Int) -> Reading? {
        let nameEnd = text.end(from: index, limit: 64) {
            $0.isWordPart || $0 == "." || $0 == "_" || $0 == "-" || $0 == "+"
        }
        guard nameEnd > index, text[nameEnd] == "@", text[nameEnd - 1] != "." else { return nil }
        let hostEnd = text.end(from: nameEnd + 1, limit: 253) { $0.isWordPart || $0 == "-" || $0 == "." }
        let end = text[hostEnd - 1] == "." ? hostEnd - 1 : hostEnd
        guard end > nameEnd + 2, let dot = text.scalars[nameEnd + 1..<end].lastIndex(of: "."), text[dot + 1].isLetter
        else {
            return nil
        }
        let name = spell(text.string(index..<nameEnd))
        return Reading(name + " at " + spell(text.string(nameEnd + 1..<end)), to: end)
    }

    /// - Returns: The place behind an address, without the punctuation of the sentence around it.
    private static func end(_ text: TextWindow, _ start: Int) -> Int {
        var hasBracket = false
        var end = text.end(from: start, limit: limit) { scalar in
            if scalar == "(" { hasBracket = true }
            return !scalar.isSpace && !stops.contains(scalar)
        }
        while end > start, text[end - 1].isClosing && !(text[end - 1] == ")" && hasBracket) || text[end - 1] == "*" {
            end -= 1
        }
        return end
    }

    private static let stops: Set<Unicode.Scalar> = ["<", ">", "\"", "`", "|", "“", "”", "«", "»", "{", "}"]

    private static func host(_ text: TextWindow, _ range: Range<Int>, isSpelled: Bool) -> String? {
        var part = text.string(range).prefix { $0 != "/" && $0 != "?" && $0 != "#" }
        if let at = part.lastIndex(of: "@") { part = part[part.index(after: at)...] }
        var port = ""
        if let colon = part.lastIndex(of: ":"), part[colon...].dropFirst().allSatisfy({ $0.isASCII && $0.isNumber }),
            !part[..<colon].hasSuffix(":")
        {
            port = String(part[colon...].dropFirst())
            part = part[..<colon]
        }
        if part.lowercased().hasPrefix("www.") { part = part.dropFirst(4) }
        guard part.contains(where: { $0.isLetter || $0.isNumber }) else { return nil }
        guard isSpelled else { return String(part) }
        let name = IPAddress.words(String(part)) ?? spell(String(part))
        return port.isEmpty ? name : name + " port " + EnglishNumber.digits(port.unicodeScalars)
    }

    private static func spell(_ text: String) -> String {
        var words = ""
        for scalar in text.unicodeScalars {
            switch scalar {
            case ".": words += " dot "
            case "_": words += " underscore "
            case "+": words += " plus "
            case "-": words += " dash "
            default: words.unicodeScalars.append(scalar)
            }
        }
        return words
    }

    /// Names at the end of hosts that are met in prose, without those that are endings of file names or words too.
    private static let topLevels: Set<String> = [
        "com", "org", "net", "edu", "gov", "mil", "int", "io", "dev", "ai", "app", "co", "me", "info", "eu", "uk", "de",
        "fr", "ch", "at", "nl", "jp", "cn", "us", "ca", "au", "tv", "xyz", "cloud", "tech", "blog", "site", "online",
        "page", "local", "test", "example", "it", "es", "pt", "dk", "fi", "cz", "br", "kr", "nz", "gg", "fm",
    ]
}
