package import Flow
package import VoiceCore

/// Keeps how far each source was understood: takes marks at once, writes them soon, and forgets old ones.
///
/// A mark that a crash loses costs a client nothing that it remembers itself, so a full disk is no reason to stop.
package final class MarkKeeper: SourceMarks, Service {
    /// A client keeps 30 s; whoever comes back later than that begins anew in all but name.
    private static let lifetime = Duration.seconds(3_600)

    private let changes = NewestChanges<SourceID, SourceMark>()
    private let database: Database
    private let timeline: Timeline
    private let log: Log

    package init(database: Database, timeline: Timeline = .live(), log: Log = Log(label: "store")) {
        self.database = database
        self.timeline = timeline
        self.log = log
    }

    package func mark(of source: SourceID) async -> SourceMark? {
        switch changes[source] {
        case .keep(let mark): return mark
        case .forget: return nil
        case nil: break
        }
        do {
            return try await database.mark(of: source)
        } catch {
            log.error("mark.not_read", ["reason": "\(error)"])
            return nil
        }
    }

    package func keep(_ mark: SourceMark) { changes.keep(mark, as: mark.source) }

    package func forget(_ source: SourceID) { changes.forget(source) }

    /// Writes until cancelled, and then what is left.
    package func run() async throws {
        await changes.run(timeline) { kept, forgotten in
            do throws(StoreError) {
                let oldest = WallTime.now() + (.zero - Self.lifetime)
                try await database.change(keeping: kept, forgetting: forgotten, olderThan: oldest)
                return true
            } catch {
                log.error("marks.not_written", ["reason": "\(error)"])
                return false
            }
        }
    }
}
