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
    /// The only room whose sessions the token sees and touches; nil for no such bound.
    package var room: String?
    package var expiresAt: WallTime?
    /// How many requests and commands it may make; nil for what the server allows every token.
    package var rate: Rate?
    /// How often the token was renewed while the server runs: each time ends what the secret before it began.
    package var renewals = 0

    package init(
        token: TokenID, scopes: Scopes, session: SessionID? = nil, room: String? = nil, expiresAt: WallTime? = nil,
        rate: Rate? = nil
    ) {
        self.token = token
        self.scopes = scopes
        self.session = session
        self.room = room
        self.expiresAt = expiresAt
        self.rate = rate
    }

    /// `admin` includes every other scope.
    package func allows(_ scope: Scopes) -> Bool {
        effective.contains(scope)
    }

    /// Whether it has one of the scopes.
    package func allows(anyOf wanted: Scopes) -> Bool {
        !effective.isDisjoint(with: wanted)
    }

    /// A bound token is never one of an administrator: he could make himself an unbound one.
    private var effective: Scopes {
        if isBound { return scopes.subtracting(.admin) }
        return scopes.contains(.admin) ? .all : scopes
    }

    /// Whether there are sessions that do not exist for this token.
    package var isBound: Bool { session != nil || room != nil }

    /// Whether the session exists for this token.
    ///
    /// No session is in a room yet, so a token that is bound to a room alone covers none.
    package func covers(_ session: SessionID) -> Bool {
        self.session.map { $0 == session } ?? (room == nil)
    }
}
