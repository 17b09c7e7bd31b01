/// A tag of SSML.
struct SSMLTag: Hashable {
    /// A tag is no longer than this.
    private static let lengthLimit = 2_048

    var name: String
    var attributes: [String: String] = [:]
    var isEnd = false
    /// Whether it is an element without contents.
    var isEmpty = false
    /// The place behind it.
    var end: Int

    /// - Parameter index: The place of a `<`.
    /// - Returns: nil where no tag is.
    init?(_ text: [Unicode.Scalar], at index: Int) {
        guard let close = Self.close(text, index) else { return nil }
        end = close + 1
        var inner = text[index + 1..<close]
        if inner.first == "/" {
            isEnd = true
            inner = inner.dropFirst()
        } else if inner.last == "/" {
            isEmpty = true
            inner = inner.dropLast()
        }
        let nameEnd = inner.firstIndex { !$0.isWordPart && $0 != ":" && $0 != "-" && $0 != "_" } ?? inner.endIndex
        guard inner.startIndex < nameEnd else { return nil }
        name = Self.string(inner[..<nameEnd]).lowercased()
        if let colon = name.lastIndex(of: ":") { name = String(name[name.index(after: colon)...]) }
        readAttributes(inner[nameEnd...])
    }

    /// Where the tag ends; a `>` within quotes does not end it.
    private static func close(_ text: [Unicode.Scalar], _ index: Int) -> Int? {
        var quote: Unicode.Scalar?
        var place = index + 1
        let limit = min(text.count, index + lengthLimit)
        while place < limit {
            let scalar = text[place]
            if let open = quote {
                if scalar == open { quote = nil }
            } else if scalar == ">" {
                return place
            } else if scalar == "<" {
                return nil
            } else if scalar == "\"" || scalar == "'" {
                quote = scalar
            }
            place += 1
        }
        return nil
    }

    private mutating func readAttributes(_ text: ArraySlice<Unicode.Scalar>) {
        var rest = text
        while let equals = rest.firstIndex(of: "=") {
            let key = Self.string(rest[..<equals].filter { !$0.isSpace }[...]).lowercased()
            let value = rest[(equals + 1)...].drop(while: \.isSpace)
            guard let quote = value.first, quote == "\"" || quote == "'",
                let end = value.dropFirst().firstIndex(of: quote)
            else { return }
            attributes[key] = Self.decoded(value[(value.startIndex + 1)..<end])
            rest = rest[(end + 1)...]
        }
    }

    static func string(_ scalars: ArraySlice<Unicode.Scalar>) -> String {
        var view = String.UnicodeScalarView()
        view.append(contentsOf: scalars)
        return String(view)
    }

    private static func decoded(_ value: ArraySlice<Unicode.Scalar>) -> String {
        var view = String.UnicodeScalarView()
        var index = value.startIndex
        while index < value.endIndex {
            let end = min(value.endIndex, index + Entity.lengthLimit)
            if value[index] == "&", let semicolon = value[index..<end].firstIndex(of: ";"),
                let scalar = Entity.scalar(named: string(value[(index + 1)..<semicolon]))
            {
                view.append(scalar)
                index = semicolon + 1
            } else {
                view.append(value[index])
                index += 1
            }
        }
        return String(view)
    }
}
