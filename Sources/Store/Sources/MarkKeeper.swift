package import Flow
package import VoiceCore

/// Keeps how far each source was understood: takes marks at once, writes them soon, and forgets old ones.
///
/// A mark that a crash loses costs a client nothing that it remembers itself, so a full disk is no reason to stop.
package final class MarkKeeper: SourceMarks, Service {
    /// A client keeps 30 s; whoever comes back later than that begins anew in all but name.
    private static let lifetime = Duration.seconds(3_600)

    private enum Change: Sendable {
        case keep(SourceMark)
        case forget
    }

    /// Of each source the newest change, so there are no more than sources.
    private let waiting = Monitor<[SourceID: Change]>([:])
    private let database: Database
    private let timeline: Timeline
    private let log: Log

    package init(database: Database, timeline: Timeline = .live(), log: Log = Log(label: "store")) {
        self.database = database
        self.timeline = timeline
        self.log = log
    }

    package func mark(of source: SourceID) async -> SourceMark? {
        switch waiting.withLock({ $0[source] }) {
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

    package func keep(_ mark: SourceMark) {
        waiting.update { $0[mark.source] = .keep(mark) }
    }

    package func forget(_ source: SourceID) {
        waiting.update { $0[source] = .forget }
    }

    /// Writes until cancelled, and then what is left.
    package func run() async throws {
        var backoff = Backoff()
        while let changes = await waiting.wait({ $0.isEmpty ? nil : $0 }) {
            if await write(changes) {
                backoff.reset()
            } else {
                await timeline.sleep(until: timeline.now + backoff.next())
            }
            if Task.isCancelled { break }
        }
        let rest = waiting.withLock { $0 }
        if !rest.isEmpty { _ = await write(rest) }
    }

    private func write(_ changes: [SourceID: Change]) async -> Bool {
        var kept: [SourceMark] = []
        var forgotten: [SourceID] = []
        for (source, change) in changes {
            switch change {
            case .keep(let mark): kept.append(mark)
            case .forget: forgotten.append(source)
            }
        }
        do {
            let oldest = WallTime.now() + (.zero - Self.lifetime)
            try await database.change(keeping: kept, forgetting: forgotten, olderThan: oldest)
        } catch {
            log.error("marks.not_written", ["reason": "\(error)"])
            return false
        }
        waiting.withLock { waiting in
            for (source, change) in changes where waiting[source].map({ Self.isSame($0, change) }) ?? false {
                waiting.removeValue(forKey: source)
            }
        }
        return true
    }

    private static func isSame(_ left: Change, _ right: Change) -> Bool {
        switch (left, right) {
        case (.keep(let left), .keep(let right)): left == right
        case (.forget, .forget): true
        case (.keep, .forget), (.forget, .keep): false
        }
    }
}
