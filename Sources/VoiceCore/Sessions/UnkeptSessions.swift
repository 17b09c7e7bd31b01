private import Flow

/// Sessions of which nothing is kept, known at once to whoever publishes what is said in them.
package final class UnkeptSessions: Sendable {
    private struct Contents: Sendable {
        var living: Set<SessionID> = []
        /// The oldest first; their last words may still come.
        var ended: [SessionID] = []
    }

    /// As many as may live at once.
    private static let endedLimit = SessionRegistry.limit

    private let contents = Monitor(Contents())

    package init() {}

    /// Whether an event is to be told to nobody who comes later.
    package func cover(_ event: Event) -> Bool {
        guard event.tellsWhatWasSaid else { return false }
        if event.isRelayed { return true }
        guard let session = event.session else { return false }
        return contents.withLock { $0.living.contains(session) || $0.ended.contains(session) }
    }

    /// Takes note of a session that lives.
    func note(_ session: SessionID, isKept: Bool) {
        contents.withLock { contents in
            contents.ended.removeAll { $0 == session }
            if isKept { contents.living.remove(session) } else { contents.living.insert(session) }
        }
    }

    /// Takes note of the end of a session.
    func end(_ session: SessionID) {
        contents.withLock { contents in
            guard contents.living.remove(session) != nil else { return }
            contents.ended = contents.ended.suffix(Self.endedLimit - 1) + [session]
        }
    }
}
