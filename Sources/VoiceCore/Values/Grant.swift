package import Flow

/// What a token allows.
package struct Scopes: OptionSet, Hashable, Sendable {
    package let rawValue: UInt8

    package init(rawValue: UInt8) { self.rawValue = rawValue }

    /// Make jobs.
    package static let speak = Scopes(rawValue: 1)
    /// Hear audio.
    package static let listen = Scopes(rawValue: 2)
    /// Send audio.
    package static let capture = Scopes(rawValue: 4)
    /// Read events.
    package static let events = Scopes(rawValue: 8)
    /// Touch jobs and sessions of others, the queue, and everybody's audio.
    package static let control = Scopes(rawValue: 16)
    /// Everything, tokens included.
    package static let admin = Scopes(rawValue: 32)

    package static let all: Scopes = [.speak, .listen, .capture, .events, .control, .admin]

    private static let names: [(String, Scopes)] = [
        ("speak", .speak), ("listen", .listen), ("capture", .capture), ("events", .events), ("control", .control),
        ("admin", .admin),
    ]

    /// The names on the wire, in a fixed order.
    package var names: [String] { Self.names.filter { contains($0.1) }.map(\.0) }

    /// - Returns: nil if a name is unknown.
    package init?(names: [String]) {
        self = []
        for name in names {
            guard let scope = Self.names.first(where: { $0.0 == name }) else { return nil }
            insert(scope.1)
        }
    }
}

/// What the bearer of a token may do, and where.
package struct Grant: Hashable, Sendable {
    package var token: TokenID
    package var scopes: Scopes
    /// The only session the token sees and touches; nil for all.
    package var session: SessionID?
    package var expiresAt: WallTime?

    package init(token: TokenID, scopes: Scopes, session: SessionID? = nil, expiresAt: WallTime? = nil) {
        self.token = token
        self.scopes = scopes
        self.session = session
        self.expiresAt = expiresAt
    }

    /// `admin` includes every other scope.
    package func allows(_ scope: Scopes) -> Bool {
        scopes.contains(.admin) || scopes.contains(scope)
    }

    /// Whether the session exists for this token.
    package func covers(_ session: SessionID) -> Bool {
        self.session == nil || self.session == session
    }
}
