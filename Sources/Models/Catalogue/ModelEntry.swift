package import JSON
package import VoiceCore

/// A model that can be fetched.
package struct ModelEntry: Hashable, Sendable {
    /// Also the name of its folder: letters, digits, `.`, `_` and `-`.
    package var id: String
    /// Nil for whatever it turns out to be.
    package var kind: EngineKind?
    package var url: String
    /// Of the file behind the URL; nil where nobody has told it, or only roughly.
    package var byteCount: Int?
    /// Of the file behind the URL, 64 hexadecimal digits; nil where it is not known in advance.
    package var sha256: String?
    /// As an SPDX expression where there is one.
    package var licence: String
    /// Whether the licence asks for more than naming the makers, such as that nobody earns money with it.
    package var needsConsent: Bool
    /// BCP 47.
    package var languages: [String]

    package init(
        id: String, kind: EngineKind?, url: String, byteCount: Int? = nil, sha256: String? = nil,
        licence: String, needsConsent: Bool = false, languages: [String]
    ) {
        self.id = id
        self.kind = kind
        self.url = url
        self.byteCount = byteCount
        self.sha256 = sha256
        self.licence = licence
        self.needsConsent = needsConsent
        self.languages = languages
    }

    /// Whether a text can be the name of a folder, a voice and an engine.
    package static func isName(_ text: String) -> Bool {
        // The name is part of a socket's path, which has room for 107 bytes (unix(7)).
        guard (1...40).contains(text.utf8.count), text.first != ".", text.first != "-" else { return false }
        return text.utf8.allSatisfy { byte in
            switch byte {
            case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "_"), UInt8(ascii: "."):
                true
            default: false
            }
        }
    }

    /// Whether a text is a SHA-256.
    package static func isHash(_ text: String) -> Bool {
        text.utf8.count == 64
            && text.utf8.allSatisfy {
                UInt8(ascii: "0")...UInt8(ascii: "9") ~= $0
                    || UInt8(ascii: "a")...UInt8(ascii: "f") ~= $0
            }
    }
}

extension ModelEntry {
    /// - Returns: Nil for an object that lacks what an entry must have.
    init?(_ value: JSONValue) {
        guard let id = value["id"]?.text, Self.isName(id), let url = value["url"]?.text,
            let licence = value["licence"]?.text, let kind = EngineKind(rawValue: value["kind"]?.text ?? "voice")
        else { return nil }
        let hash = value["sha256"]?.text?.lowercased()
        if let hash, !Self.isHash(hash) { return nil }
        self.init(
            id: id, kind: kind, url: url, byteCount: value["bytes"]?.whole, sha256: hash, licence: licence,
            needsConsent: value["consent"]?.flag ?? false,
            languages: value["languages"]?.elements?.compactMap(\.text) ?? [])
    }

    /// As lists show it.
    package var json: JSONValue {
        var fields: [String: JSONValue] = [
            "id": .string(id), "url": .string(url), "licence": .string(licence),
            "consent": .bool(needsConsent), "languages": .array(languages.map(JSONValue.string)),
        ]
        fields["kind"] = kind.map { .string($0.rawValue) }
        fields["bytes"] = byteCount.map(JSONValue.integer)
        fields["sha256"] = sha256.map(JSONValue.string)
        return .object(fields)
    }
}
