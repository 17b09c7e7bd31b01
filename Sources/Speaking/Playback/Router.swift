package import VoiceCore

/// Where a job can be heard now.
package struct Route: Hashable, Sendable {
    /// Nil where several steps are claimed together.
    package var step: RouteStep?
    /// One per output, by id.
    package var listeners: [FloorListener]

    package var outputs: Set<OutputID> { Set(listeners.map(\.output)) }
}

/// Decides who hears a job: the only place that does.
package enum Router {
    /// The first step of the plan with a ready listener; nil if there is none.
    ///
    /// - Parameters:
    ///   - voice: Who speaks; loudspeakers on which a ready listener mutes that voice or the session count as none.
    ///   - excluded: Listeners that had all their tries at this job.
    package static func route(
        _ plan: RoutePlan, of session: SessionID, in voice: String = "",
        among listeners: some Collection<FloorListener>, excluding excluded: Set<ListenerID> = []
    ) -> Route? {
        let muted = Set(listeners.filter { $0.isReady && $0.trim.mutes(voice, of: session) }.map(\.output))
        let ready = listeners.filter {
            $0.isReady && !excluded.contains($0.id) && !muted.contains($0.output)
        }
        switch plan {
        case .nowhere:
            return nil
        case .firstOf(let steps):
            for step in steps {
                let reached = ready.filter { reaches($0, step, session) }
                if !reached.isEmpty { return Route(step: step, listeners: onePerOutput(reached)) }
            }
            return nil
        case .allOf(let steps):
            let reached = ready.filter { listener in steps.contains { reaches(listener, $0, session) } }
            return reached.isEmpty ? nil : Route(step: nil, listeners: onePerOutput(reached))
        }
    }

    static func reaches(_ listener: FloorListener, _ step: RouteStep, _ session: SessionID) -> Bool {
        guard listener.grantSession == nil || listener.grantSession == session else { return false }
        return switch step {
        case .session: listener.scope == .session(session)
        case .any: listener.scope == .everyone && listener.output != .local
        case .local: listener.output == .local
        case .listener(let id): listener.id == id
        case .ownListener(let id): listener.id == id && listener.scope == .session(session)
        case .room: false
        }
    }

    /// Several pages of one browser share its loudspeakers: the one that was ready last speaks for them.
    private static func onePerOutput(_ listeners: [FloorListener]) -> [FloorListener] {
        var chosen: [OutputID: FloorListener] = [:]
        for listener in listeners where listener.readyNumber >= chosen[listener.output]?.readyNumber ?? 0 {
            chosen[listener.output] = listener
        }
        return chosen.values.sorted { $0.id < $1.id }
    }
}
