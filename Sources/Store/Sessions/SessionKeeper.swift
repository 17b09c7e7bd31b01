package import Flow
package import VoiceCore

/// Keeps the sessions that live, so that those who were cut off by a restart find theirs as it was: takes changes at once,
/// and writes them soon.
package final class SessionKeeper: SessionShelf, Service {
    private enum Change: Hashable, Sendable {
        case keep(SessionInfo)
        case forget
    }

    /// Of each session the newest change, so there are no more than sessions that were made since the last writing.
    private let waiting = Monitor<[SessionID: Change]>([:])
    private let database: Database
    private let timeline: Timeline
    private let log: Log

    package init(database: Database, timeline: Timeline = .live(), log: Log = Log(label: "store")) {
        self.database = database
        self.timeline = timeline
        self.log = log
    }

    package func keep(_ session: SessionInfo) { waiting.update { $0[session.id] = .keep(session) } }

    package func forget(_ session: SessionID) { waiting.update { $0[session] = .forget } }

    /// Writes until cancelled, and then what is left.
    package func run() async throws {
        await WritingLoop.run(timeline) {
            await waiting.wait { $0.isEmpty ? nil : true } != nil
        } write: {
            await write()
        }
        _ = await write()
    }

    /// - Returns: Whether some were written; nil if there were none.
    private func write() async -> Bool? {
        let changes = waiting.withLock { $0 }
        guard !changes.isEmpty else { return nil }
        var kept: [SessionInfo] = []
        var forgotten: [SessionID] = []
        for (id, change) in changes {
            switch change {
            case .keep(let session): kept.append(session)
            case .forget: forgotten.append(id)
            }
        }
        do throws(StoreError) {
            try await database.change(keeping: kept, forgetting: forgotten)
        } catch {
            log.error("sessions.not_written", ["reason": "\(error)"])
            return false
        }
        waiting.withLock { waiting in
            for (id, change) in changes where waiting[id] == change { waiting.removeValue(forKey: id) }
        }
        return true
    }
}
