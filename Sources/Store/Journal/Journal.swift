package import Flow
package import VoiceCore

/// The journal of a server: takes notes at once, writes them in order and soon, reads them by request.
///
/// Notes wait in memory, 20,000 at most; while the disk takes nothing they stay there, and what comes when that is full
/// is lost and counted, since speaking goes on. Several notes that wait are written in one step.
package final class Journal: JobJournal, JobArchive, Service {
    /// About six notes come of a job: the jobs of half an hour at two a second.
    private static let capacity = 20_000
    /// So many are written in one step.
    private static let batchCount = 1_000
    /// How often what is too old or too much is forgotten.
    private static let tidyInterval = Duration.seconds(600)

    private struct Desk: Sendable {
        var waiting: [JobNote] = []
        var takenCount: JournalTicket = 0
        var writtenCount: JournalTicket = 0
        var state = JournalState()
    }

    private let desk = Monitor(Desk())
    private let store: JournalStore
    private let reader: JournalReader
    private let events: Broadcast<Event>
    private let timeline: Timeline
    private let retention: Monitor<JournalRetention>
    private let log: Log

    package init(
        store: JournalStore, reader: JournalReader, events: Broadcast<Event>, timeline: Timeline = .live(),
        retention: JournalRetention = .standard, log: Log = Log(label: "journal")
    ) {
        self.store = store
        self.reader = reader
        self.events = events
        self.timeline = timeline
        self.retention = Monitor(retention)
        self.log = log
    }

    /// Keeps so much from the next tidying on, which comes within ten minutes.
    package func replace(retention new: JournalRetention) { retention.withLock { $0 = new } }

    package var state: JournalState { desk.withLock { $0.state } }

    // MARK: Notes

    @discardableResult
    package func take(_ note: JobNote) -> JournalTicket {
        desk.update { desk in
            guard desk.waiting.count < Self.capacity else {
                desk.state.lostCount += 1
                return desk.takenCount
            }
            desk.waiting.append(note)
            desk.takenCount += 1
            return desk.takenCount
        }
    }

    package func wait(for ticket: JournalTicket, atMost limit: Duration) async {
        guard desk.withLock({ !Self.isSettled($0, ticket) }) else { return }
        _ = await timeline.limit(limit) { [desk] in
            await desk.wait { Self.isSettled($0, ticket) ? true : nil }
        }
    }

    private static func isSettled(_ desk: Desk, _ ticket: JournalTicket) -> Bool {
        desk.writtenCount >= ticket || desk.state.trouble != nil
    }

    // MARK: Keys and questions

    package func find(_ key: RequestKey, of token: TokenID) async throws(JournalError) -> KeyClaim {
        do throws(StoreError) {
            return try await store.find(key, of: token, at: .now())
        } catch {
            throw JournalError(error)
        }
    }

    package func claim(_ key: RequestKey, for entry: JobEntry) async throws(JournalError) -> KeyClaim {
        do throws(StoreError) {
            return try await store.claim(key, for: entry, at: .now())
        } catch {
            throw JournalError(error)
        }
    }

    package func jobs(_ query: JobQuery) async throws(JournalError) -> [ArchivedJob] {
        do throws(StoreError) {
            return try await reader.jobs(query)
        } catch {
            throw JournalError(error)
        }
    }

    package func job(_ id: JobID) async throws(JournalError) -> ArchivedJob? {
        do throws(StoreError) {
            return try await reader.job(id)
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
        // A note may have come while the last ones were being written.
        await flush()
    }

    /// Writes what waits, for a server that does not run yet.
    package func flush() async {
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
            try await store.write(notes)
        } catch {
            tell(JournalError(error))
            return false
        }
        desk.update { desk in
            desk.waiting.removeFirst(notes.count)
            desk.writtenCount += JournalTicket(notes.count)
        }
        tell(nil)
        return true
    }

    /// Tells once that writing fails, and once that it works again.
    private func tell(_ error: JournalError?) {
        let changed = desk.update { desk -> JournalState? in
            guard desk.state.trouble != error?.reason else { return nil }
            desk.state.trouble = error?.reason
            return desk.state
        }
        guard let changed else { return }
        if let error {
            log.error("journal.not_written", ["code": error.code, "reason": error.reason])
        } else {
            log.info("journal.written", ["lost": String(changed.lostCount)])
        }
        events.publish(event: Event(.journalChanged(changed)))
    }

    private func tidyOften() async {
        while !Task.isCancelled {
            do throws(StoreError) {
                while try await store.tidy(retention.withLock { $0 }, at: .now()), !Task.isCancelled { continue }
            } catch {
                log.warning("journal.not_tidied", ["reason": "\(error)"])
            }
            await timeline.sleep(until: timeline.now + Self.tidyInterval)
        }
    }
}

extension JournalError {
    /// What a failure of the store means to those who use the journal.
    init(_ error: StoreError) {
        self.init(code: error.code, reason: error.description)
    }

    /// The sound of what was to be forgotten could not be removed; the log says why.
    static let recordingStays = JournalError(code: "recording_stays", reason: "a recording cannot be removed")

    /// What was to be forgotten waits for the disk; the log says why.
    static let notWritten = JournalError(code: "not_written", reason: "what was said last is not written yet")
}
