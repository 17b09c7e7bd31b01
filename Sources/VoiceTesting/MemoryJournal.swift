import Flow
package import VoiceCore

/// A journal that keeps its notes for a test, and writes them when the test says so.
package final class MemoryJournal: JobJournal {
    /// When notes count as written.
    package enum Mode: Hashable, Sendable {
        case atOnce
        /// Waits until `write` is called.
        case byHand
        /// Refuses keys, as on a full disk.
        case full
    }

    private struct Contents: Sendable {
        var notes: [JobNote] = []
        var isWritten: Bool
        var waiterCount = 0
        var keys: [String: (digest: [UInt8], entry: JobEntry)] = [:]
    }

    private let mode: Mode
    private let contents: Monitor<Contents>

    package init(_ mode: Mode = .atOnce) {
        self.mode = mode
        contents = Monitor(Contents(isWritten: mode != .byHand))
    }

    package func find(_ key: RequestKey, of token: TokenID) async throws(JournalError) -> KeyClaim {
        guard mode != .full else { throw JournalError(code: "disk_full", reason: "the disk is full") }
        return contents.withLock { contents in
            guard let known = contents.keys["\(token) \(key.name)"] else { return .new }
            return known.digest == key.digest ? .known(known.entry.status) : .conflict
        }
    }

    package func claim(_ key: RequestKey, for entry: JobEntry) async throws(JournalError) -> KeyClaim {
        let claim = try await find(key, of: entry.token)
        if claim == .new { contents.update { $0.keys["\(entry.token) \(key.name)"] = (key.digest, entry) } }
        return claim
    }

    @discardableResult
    package func take(_ note: JobNote) -> JournalTicket {
        contents.update { contents in
            contents.notes.append(note)
            if note.body == .withdrawn { contents.keys = contents.keys.filter { $0.value.entry.id != note.job } }
            return JournalTicket(contents.notes.count)
        }
    }

    package func wait(for ticket: JournalTicket, atMost limit: Duration) async {
        contents.update { $0.waiterCount += 1 }
        _ = await contents.wait { $0.isWritten ? true : nil }
    }

    /// What was noted of a job, in order.
    package func notes(of job: JobID) -> [JobNote.Body] {
        contents.withLock { $0.notes.filter { $0.job == job }.map(\.body) }
    }

    /// Returns when so many have begun to wait for their notes.
    package func waitForWaiters(_ count: Int) async {
        _ = await contents.wait { $0.waiterCount >= count ? true : nil }
    }

    /// Counts everything as written from now on.
    package func write() { contents.update { $0.isWritten = true } }
}
