package import VoiceCore

/// Which events somebody wants: by exact name, by family (`job.*`) or all (`*`), of some sessions or of all.
package struct EventFilter: Hashable, Sendable {
    /// As given, in order, each once.
    package private(set) var names: [String]
    /// Nil for all.
    ///
    /// Events that belong to no session pass only then.
    package private(set) var sessions: Set<SessionID>?
    /// Nil for all; events of no source pass only then.
    package private(set) var sources: Set<SourceID>?

    private var exact: Set<String> = []
    /// `job.` of `job.*`; empty for `*`.
    private var prefixes: [String] = []

    /// - Throws: `unknownEvent` for a name that the protocol does not list.
    package init(
        names: [String], sessions: Set<SessionID>? = nil, sources: Set<SourceID>? = nil
    ) throws(WireError) {
        self.names = []
        self.sessions = sessions
        self.sources = sources
        for name in names where !self.names.contains(name) {
            try add(name)
            self.names.append(name)
        }
    }

    private mutating func add(_ name: String) throws(WireError) {
        guard name.hasSuffix("*") else {
            guard EventName.all.contains(name) else { throw .unknownEvent(name) }
            exact.insert(name)
            return
        }
        let prefix = String(name.dropLast())
        let isFamily = prefix.isEmpty || prefix.hasSuffix(".")
        guard isFamily, EventName.all.contains(where: { $0.hasPrefix(prefix) }) else { throw .unknownEvent(name) }
        prefixes.append(prefix)
    }

    /// Whether events of this name are wanted.
    package func matches(_ name: String) -> Bool {
        exact.contains(name) || prefixes.contains { name.hasPrefix($0) }
    }

    /// Whether this event is wanted.
    package func matches(_ event: Event) -> Bool {
        guard matches(WireEvent.name(event)) else { return false }
        if let sources, !(event.source.map(sources.contains) ?? false) { return false }
        guard let sessions else { return true }
        return event.session.map(sessions.contains) ?? false
    }

    /// The same filter without the names of another; nil if nothing is left or its sessions or sources differ from those
    /// named.
    package func removing(_ other: EventFilter) -> EventFilter? {
        guard other.sessions == nil || other.sessions == sessions, other.sources == nil || other.sources == sources
        else { return self }
        let names = names.filter { !other.names.contains($0) }
        return try? EventFilter(names: names, sessions: sessions, sources: sources).nonEmpty
    }

    private var nonEmpty: EventFilter? { names.isEmpty ? nil : self }
}

extension Event {
    /// Whether it exists for a token: what belongs to no session is told to tokens of all sessions, and to the others
    /// only where it concerns everybody.
    package func isVisible(to grant: Grant) -> Bool {
        if let session { return grant.covers(session) }
        switch body {
        case .serverStopping, .engineChanged: return true
        default: return !grant.isBound
        }
    }
}
