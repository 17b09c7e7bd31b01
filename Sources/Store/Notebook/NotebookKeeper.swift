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
    private let recordings: any RecordingArchive
    private let log: Log

    /// - Parameter recordings: Lie in the data folder's own folder for them.
    package init(
        in folder: DataFolder, timeline: Timeline = .live(), retention: JournalRetention = .standard,
        log: Log = Log(label: "notebook"), recordings: any RecordingArchive = NoRecordings()
    ) throws(StoreError) {
        store = try NotebookStore(in: folder)
        reader = try NotebookReader(in: folder)
        self.timeline = timeline
        self.retention = Monitor(retention)
        self.log = log
        self.recordings = recordings
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
        try await written()
        let found = try await asked { () async throws(StoreError) in try await store.recordings(of: draft) }
        switch found {
        case .unknown: return .unknown
        case .growing: return .growing
        case .ended(let paths):
            // As long as its sound lies there, the draft can be found and taken back once more.
            try await remove(paths)
            let forgotten = try await asked { () async throws(StoreError) in try await store.forget(draft) }
            await sweep()
            return .done(forgotten)
        }
    }

    package func forgetAll(of session: SessionID) async throws(JournalError) -> Int? {
        try await written()
        let found = try await asked { () async throws(StoreError) in try await store.recordings(of: session) }
        guard case .ended(let paths) = found else { return nil }
        try await remove(paths)
        let (count, later) = try await asked { () async throws(StoreError) in
            try await store.forgetAll(of: session)
        }
        await sweep()
        try await remove(later)
        return count
    }

    private func remove(_ paths: [String]) async throws(JournalError) {
        do throws(RecordingRemovalError) {
            for path in paths { try await recordings.remove(path) }
        } catch {
            throw .recordingStays
        }
    }

    /// Removes what nobody waits for; the archive tells what it cannot remove.
    private func discard(_ path: String) async { try? await recordings.remove(path) }

    /// Waits until what was taken before is written, then asks.
    private func asked<Answer: Sendable>(
        _ question: () async throws(StoreError) -> Answer
    ) async throws(JournalError) -> Answer {
        _ = await isWritten()
        do throws(StoreError) {
            return try await question()
        } catch {
            throw JournalError(error)
        }
    }

    /// Waits until what was taken before is written: what is written later cannot be forgotten now.
    private func written() async throws(JournalError) {
        guard await isWritten() else { throw .notWritten }
    }

    private func isWritten() async -> Bool {
        let count = desk.withLock { $0.takenCount }
        if desk.withLock({ $0.writtenCount >= count }) { return true }
        return await timeline.limit(Self.patience) { [desk] in
            await desk.wait { $0.writtenCount >= count ? true : nil }
        } == true
    }

    // MARK: Life

    /// Brings in order what an earlier server left when it died, before anything is noted: recordings that it had begun
    /// are ended, and those of no draft are removed.
    package func settle() async throws(StoreError) {
        for (draft, path) in try await store.openRecordings() {
            guard let noted = try await reader.draft(draft), let mended = await recordings.mend(noted.draft, at: path)
            else { continue }
            _ = try await store.write([
                .draft(mended.draft, from: mended.draft.parts.count), .recording(mended.recording),
            ])
        }
        if let known = try await store.allRecordings() { await recordings.removeAll(but: known) }
    }

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
            for orphan in try await store.write(notes) { await discard(orphan.path) }
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
                try await tidy()
            } catch {
                log.warning("notebook.not_tidied", ["reason": "\(error)"])
            }
            await sweep()
            await timeline.sleep(until: timeline.now + Self.tidyInterval)
        }
    }

    private func tidy() async throws(StoreError) {
        var isMore = true
        while isMore, !Task.isCancelled {
            let tidied = try await store.tidy(retention.withLock { $0 }, at: .now())
            for path in tidied.recordings { await discard(path) }
            isMore = tidied.isMore
        }
    }

    /// What cannot be swept now is the next time; it is forgotten all the same.
    private func sweep() async {
        do throws(StoreError) {
            try await store.sweep()
        } catch {
            log.warning("notebook.not_swept", ["reason": "\(error)"])
        }
    }
}
