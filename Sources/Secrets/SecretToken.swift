/// The secret that a client shows: 32 random bytes, written in base64url; never printed by accident.
package struct SecretToken: Sendable {
    /// PROTOCOL.md, section 2.
    private static let byteCount = 32

    private let bytes: [UInt8]

    /// A new one.
    package static func random() -> SecretToken {
        SecretToken(bytes: SecureRandom.bytes(byteCount))
    }

    /// - Parameter text: As a client sent it; nil unless it is exactly 32 bytes in base64url.
    package init?(_ text: String) {
        guard text.utf8.count == 43, let bytes = Base64URL.decode(text), bytes.count == Self.byteCount else {
            return nil
        }
        self.init(bytes: bytes)
    }

    private init(bytes: [UInt8]) {
        self.bytes = bytes
    }

    /// 43 letters; to be shown to its owner only.
    package var text: String { Base64URL.encode(bytes) }

    /// What is stored in its place: SHA-256, from which the token cannot be computed.
    package var digest: [UInt8] { SHA256.digest(bytes) }
}

extension SecretToken: CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
    /// Never the token.
    package var description: String { "[redacted]" }
    /// Never the token.
    package var debugDescription: String { "[redacted]" }
    /// Without children, so that `dump` shows nothing either.
    package var customMirror: Mirror { Mirror(self, children: []) }
}
