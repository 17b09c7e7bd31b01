/// Takes secrets out of texts: those that are known by heart, and whatever looks like one.
struct Redactor: Hashable, Sendable {
    static let mark = "[removed]"

    /// Shorter values would take words out of every sentence.
    private static let shortestSecret = 6

    private let secrets: [String]

    /// - Parameter secrets: Tokens, keys and passwords, to be removed wherever they stand.
    init(secrets: [String]) {
        self.secrets = Set(secrets).filter { $0.utf8.count >= Self.shortestSecret }.sorted { $0.count > $1.count }
    }

    func redacted(_ text: String) -> String {
        var text = text
        for secret in secrets { text = text.replacing(secret, with: Self.mark) }
        return text.split(separator: "\n", omittingEmptySubsequences: false)
            .map { Self.withoutAssigned(Self.withoutUserInfo(String($0))) }.joined(separator: "\n")
    }

    /// Whether a variable or setting of that name is likely to hold a secret.
    static func isSecret(name: String) -> Bool {
        let name = name.uppercased()
        return ["TOKEN", "KEY", "SECRET", "PASSWORD", "PASSWD", "CREDENTIAL", "AUTH", "COOKIE"].contains {
            name.contains($0)
        }
    }

    /// Removes `name:password@` from every URL.
    static func withoutUserInfo(_ text: String) -> String {
        var rest = text[...]
        var result = ""
        while let scheme = rest.firstRange(of: "://") {
            result += rest[..<scheme.upperBound]
            rest = rest[scheme.upperBound...]
            let authority = rest.prefix { !"/?# \"'".contains($0) }
            guard let at = authority.lastIndex(of: "@") else { continue }
            result += mark + "@"
            rest = rest[authority.index(after: at)...]
        }
        return result + rest
    }

    /// Removes what stands behind `token=`, `key: `, `Bearer ` and the like, up to the next space or sign.
    private static func withoutAssigned(_ line: String) -> String {
        var result = ""
        var word = ""
        var rest = line[...]
        while let character = rest.popFirst() {
            result.append(character)
            if isPartOfName(character) {
                word.append(character)
                continue
            }
            let isAssignment = "=:".contains(character) || character == "\"" && rest.first == ":"
            if isAssignment && isSecret(name: word) || character == " " && isScheme(word) {
                result += removeValue(&rest)
            }
            // `name = value` has a space in between.
            let next = rest.first { $0 != " " }
            if character != " " || !(next == "=" || next == ":") { word = "" }
        }
        return result
    }

    /// Takes a value off, with what leads to it; the scheme of an `Authorization` field is no secret.
    private static func removeValue(_ rest: inout Substring) -> String {
        let lead = rest.prefix { " \":=".contains($0) }
        let value = rest.dropFirst(lead.count).prefix { !" \",;&]}".contains($0) }
        rest = rest.dropFirst(lead.count + value.count)
        if isScheme(String(value)) { return lead + value + removeValue(&rest) }
        return lead + (value.isEmpty ? "" : mark)
    }

    private static func isScheme(_ word: String) -> Bool { word == "Bearer" || word == "Basic" }

    private static func isPartOfName(_ character: Character) -> Bool {
        character.isLetter || character.isNumber || character == "_" || character == "-"
    }
}
