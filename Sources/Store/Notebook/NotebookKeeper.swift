package import Flow
package import VoiceCore

/// The notebook of a server: takes notes at once, writes them in order and soon, reads and forgets by request.
///
/// Notes wait in memory, 20,000 at most; while the disk takes nothing they stay there, and what comes when that is full
/// is lost and counted in the log, since hearing goes on.
package final class NotebookKeeper: Notebook, Service {
    /// Two notes come of an utterance that belongs to a draft: what 20 people say in an hour.
    private static let capacity = 20_000
    /// So many are written in one step.
    private static let batchCount = 500
    /// How often what is too old or too much is forgotten.
    private static let tidyInterval = Duration.seconds(600)
    /// How long a question waits for what was said before it to be written.
    private static let patience = Duration.seconds(2)

    private struct Desk: Sendable {
        var waiting: [SpokenNote] = []
        var takenCount = 0
        var writtenCount = 0
        var lostCount = 0
    }

    private let desk = Monitor(Desk())
    private let store: NotebookStore
    private let reader: NotebookReader
    private let timeline: Timeline
    private let retention: Monitor<JournalRetention>
    private let removeRecording: @Sendable (String) async -> Void
    private let log: Log

    /// - Parameter removeRecording: Removes a recording by its path.
    package init(
        in folder: DataFolder, timeline: Timeline = .live(), retention: JournalRetention = .standard,
        log: Log = Log(label: "notebook"), removeRecording: @escaping @Sendable (String) async -> Void = { _ in }
    ) throws(StoreError) {
        store = try NotebookStore(in: folder)
        reader = try NotebookReader(in: folder)
        self.timeline = timeline
        self.retention = Monitor(retention)
        self.log = log
        self.removeRecording = removeRecording
    }

    /// From now on so much of the past is kept.
    package func replace(retention new: JournalRetention) { retention.withLock { $0 = new } }

    package func take(_ note: SpokenNote) {
        desk.update { desk in
            guard desk.waiting.count < Self.capacity else {
                desk.lostCount += 1
                return
            }
            desk.waiting.append(note)
            desk.takenCount += 1
        }
    }

    // MARK: Questions

    package func drafts(_ query: NoteQuery) async throws(JournalError) -> DraftPage {
        try await asked { () async throws(StoreError) in try await reader.drafts(query) }
    }

    package func draft(_ id: DraftID) async throws(JournalError) -> NotedDraft? {
        try await asked { () async throws(StoreError) in try await reader.draft(id) }
    }

    package func said(_ query: NoteQuery) async throws(JournalError) -> [NotedUtterance] {
        try await asked { () async throws(StoreError) in try await reader.said(query) }
    }

    // MARK: Forgetting

    package func forget(_ draft: DraftID) async throws(JournalError) -> Forgetting {
        let forgotten = try await asked { () async throws(StoreError) in try await store.forget(draft) }
        switch forgotten {
        case .unknown: return .unknown
        case .growing: return .growing
        case .done(let recordings):
            for path in recordings { await removeRecording(path) }
            return .done
        }
    }

    package func forgetAll(of session: SessionID) async throws(JournalError) -> Int {
        let (count, recordings) = try await asked { () async throws(StoreError) in
            try await store.forgetAll(of: session)
        }
        for path in recordings { await removeRecording(path) }
        return count
    }

    /// Waits until what was taken before is written, then asks.
    private func asked<Answer: Sendable>(
        _ question: () async throws(StoreError) -> Answer
    ) async throws(JournalError) -> Answer {
        let count = desk.withLock { $0.takenCount }
        if desk.withLock({ $0.writtenCount < count }) {
            _ = await timeline.limit(Self.patience) { [desk] in
                await desk.wait { $0.writtenCount >= count ? true : nil }
            }
        }
        do throws(StoreError) {
            return try await question()
        } catch {
            throw JournalError(error)
        }
    }

    // MARK: Life

    /// Writes until cancelled; then writes what is left.
    package func run() async throws {
        await withTaskGroup(of: Void.self) { group in
            group.addTask { await self.writeAll() }
            group.addTask { await self.tidyOften() }
        }
        while await writeSome() == true { continue }
    }

    private func writeAll() async {
        await WritingLoop.run(timeline) {
            await desk.wait { $0.waiting.isEmpty ? nil : true } != nil
        } write: {
            await writeSome()
        }
    }

    /// - Returns: Whether some were written; nil if there were none.
    private func writeSome() async -> Bool? {
        let notes = desk.withLock { Array($0.waiting.prefix(Self.batchCount)) }
        guard !notes.isEmpty else { return nil }
        do throws(StoreError) {
            for orphan in try await store.write(notes) { await removeRecording(orphan.path) }
        } catch {
            let lost = desk.withLock { $0.lostCount }
            log.error("notebook.not_written", ["reason": "\(error)", "waiting": notes.count, "lost": lost])
            return false
        }
        desk.update { desk in
            desk.waiting.removeFirst(notes.count)
            desk.writtenCount += notes.count
        }
        return true
    }

    private func tidyOften() async {
        while !Task.isCancelled {
            do throws(StoreError) {
                var isMore = true
                while isMore, !Task.isCancelled {
                    let (recordings, more) = try await store.tidy(
                        retention.withLock { $0 }, at: .now())
                    for path in recordings { await removeRecording(path) }
                    isMore = more
                }
            } catch {
                log.warning("notebook.not_tidied", ["reason": "\(error)"])
            }
            await timeline.sleep(until: timeline.now + Self.tidyInterval)
        }
    }
}
