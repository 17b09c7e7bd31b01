private import Flow

/// Sessions of which nothing is kept, known at once to whoever publishes what is said in them.
package final class UnkeptSessions: Sendable {
    /// A name of a source means one source at a time in its session.
    private struct Place: Hashable, Sendable {
        var session: SessionID
        var source: SourceID
    }

    private struct Contents: Sendable {
        var living: Set<SessionID> = []
        /// The oldest first; their last words may still come.
        var ended: [SessionID] = []
        /// Sources that are open, of all sessions.
        var sources: Set<Place> = []
        /// Sources of such sessions that ended, or were open when it did, the oldest first: a session of the same name
        /// that begins at once is not theirs.
        var leaving: [Place] = []

        mutating func leave(_ places: some Collection<Place>) {
            leaving = (leaving + places).suffix(UnkeptSessions.leavingLimit)
        }
    }

    /// As many as may live at once.
    private static let endedLimit = SessionRegistry.limit
    /// Four times as many as may be open at once, unless the server was told otherwise.
    private static let leavingLimit = 1_000

    private let contents = Monitor(Contents())

    package init() {}

    /// Whether an event is to be told to nobody who comes later; asked of each event, in their order.
    package func cover(_ event: Event) -> Bool {
        guard let session = event.session else { return event.isRelayed && event.tellsWhatWasSaid }
        let place = event.source.map { Place(session: session, source: $0) }
        if let place { follow(event.body, at: place) }
        guard event.tellsWhatWasSaid else { return false }
        if event.isRelayed { return true }
        return contents.withLock { contents in
            contents.living.contains(session) || contents.ended.contains(session)
                || place.map(contents.leaving.contains) == true
        }
    }

    private func follow(_ body: Event.Body, at place: Place) {
        switch body {
        case .sourceStarted:
            contents.withLock { contents in
                contents.sources.insert(place)
                contents.leaving.removeAll { $0 == place }
            }
        case .sourceStopped:
            contents.withLock { contents in
                contents.sources.remove(place)
                // A draft may still be told of it after its end.
                if contents.living.contains(place.session) { contents.leave([place]) }
            }
        default: break
        }
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
            contents.leave(contents.sources.filter { $0.session == session })
        }
    }
}
