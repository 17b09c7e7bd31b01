/// An opaque name of one thing, such as `job_4f7q2…`; no secret.
///
/// `Subject` only keeps the names of different kinds of things apart.
package struct Identifier<Subject>: Hashable, Sendable, Comparable, CustomStringConvertible {
    /// At most 64 characters (PROTOCOL.md, section 1).
    package let rawValue: String

    package init(_ rawValue: String) {
        self.rawValue = rawValue
    }

    package var description: String { rawValue }

    package static func < (left: Self, right: Self) -> Bool {
        left.rawValue < right.rawValue
    }
}

/// What identifiers of jobs are about.
package enum JobSubject {}
/// What identifiers of sessions are about.
package enum SessionSubject {}
/// What identifiers of listeners are about.
package enum ListenerSubject {}
/// What identifiers of outputs are about.
package enum OutputSubject {}
/// What identifiers of tokens are about.
package enum TokenSubject {}
/// What identifiers of sources are about.
package enum SourceSubject {}
/// What identifiers of utterances are about.
package enum UtteranceSubject {}
/// What names of groups of sources are about.
package enum GroupSubject {}
/// What identifiers of drafts are about.
package enum DraftSubject {}

package typealias JobID = Identifier<JobSubject>
package typealias SessionID = Identifier<SessionSubject>
package typealias ListenerID = Identifier<ListenerSubject>
package typealias OutputID = Identifier<OutputSubject>
package typealias TokenID = Identifier<TokenSubject>
package typealias SourceID = Identifier<SourceSubject>
package typealias UtteranceID = Identifier<UtteranceSubject>
package typealias GroupID = Identifier<GroupSubject>
package typealias DraftID = Identifier<DraftSubject>

extension Identifier {
    /// The letters of base32 in lower case (RFC 4648, section 6).
    private static var letters: [Character] { Array("abcdefghijklmnopqrstuvwxyz234567") }

    /// A new name: the prefix and 100 random bits in base32.
    package static func random(prefix: String) -> Self {
        var generator = SystemRandomNumberGenerator()
        let letters = letters
        return Self(prefix + String((0..<20).map { _ in letters[Int.random(in: 0..<32, using: &generator)] }))
    }

    /// Which names from outside may be used, as errors say it.
    package static var allowed: String { "1 to 64 visible ASCII characters, but not . or .." }

    /// Whether a name from outside may be used.
    package var isAcceptable: Bool {
        !rawValue.isEmpty && rawValue.utf8.count <= 64 && rawValue.utf8.allSatisfy { $0 > 0x20 && $0 < 0x7F }
            && !isStep
    }

    /// Whether browsers take the name for a step in the path of a URL, escaped or not (URL Standard, section 4.1).
    private var isStep: Bool {
        [".", "..", "%2e", ".%2e", "%2e.", "%2e%2e"].contains(rawValue.lowercased())
    }
}

extension Identifier where Subject == JobSubject {
    package static func random() -> Self { random(prefix: "job_") }
}

extension Identifier where Subject == SessionSubject {
    /// The session of requests that name none.
    package static var `default`: Self { Self("default") }
    package static func random() -> Self { random(prefix: "ses_") }
}

extension Identifier where Subject == ListenerSubject {
    package static func random() -> Self { random(prefix: "lis_") }
}

extension Identifier where Subject == OutputSubject {
    /// The server's own speaker.
    package static var local: Self { Self("local") }
    package static func random() -> Self { random(prefix: "out_") }
}

extension Identifier where Subject == TokenSubject {
    package static func random() -> Self { random(prefix: "tok_") }
}

extension Identifier where Subject == SourceSubject {
    package static func random() -> Self { random(prefix: "src_") }
}

extension Identifier where Subject == UtteranceSubject {
    package static func random() -> Self { random(prefix: "utt_") }
}

extension Identifier where Subject == DraftSubject {
    package static func random() -> Self { random(prefix: "dra_") }
}
