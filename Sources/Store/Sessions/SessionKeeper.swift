package import Flow
package import VoiceCore

/// Keeps the sessions that live, so that those who were cut off by a restart find theirs as it was: takes changes at once,
/// and writes them soon.
package final class SessionKeeper: SessionShelf, Service {
    private let changes = NewestChanges<SessionID, SessionInfo>()
    private let database: Database
    private let timeline: Timeline
    private let log: Log

    package init(database: Database, timeline: Timeline = .live(), log: Log = Log(label: "store")) {
        self.database = database
        self.timeline = timeline
        self.log = log
    }

    package func keep(_ session: SessionInfo) { changes.keep(session, as: session.id) }

    package func forget(_ session: SessionID) { changes.forget(session) }

    /// Writes until cancelled, and then what is left.
    package func run() async throws {
        await changes.run(timeline) { kept, forgotten in
            do throws(StoreError) {
                try await database.change(keeping: kept, forgetting: forgotten)
                return true
            } catch {
                log.error("sessions.not_written", ["reason": "\(error)"])
                return false
            }
        }
    }
}
