import Flow

/// The client of a streamed response went away.
package enum BodyWriterError: Error, Hashable {
    case closed
}

/// Writes the body of a response while it is being sent.
package final class BodyWriter: Sendable {
    private struct Contents: Sendable {
        var written = 0
        var sent = 0
        var isClosed = false
    }

    private let contents = Monitor(Contents())
    private let thread: LoopThread
    private let member: MemberID
    private let isChunked: Bool

    /// Bytes that may be on their way before a writer has to wait.
    private static let window = 64 * 1024

    init(thread: LoopThread, member: MemberID, isChunked: Bool) {
        self.thread = thread
        self.member = member
        self.isChunked = isChunked
    }

    /// Sends a piece; waits first while more than 64 KiB are unsent.
    ///
    /// - Throws: `BodyWriterError.closed` when the client is gone, `CancellationError` when the task is cancelled.
    package func write(_ piece: [UInt8]) async throws {
        guard !piece.isEmpty else { return }
        let bytes = isChunked ? MessageEncoder.chunk(piece) : piece
        let isOpen: Bool? = await contents.wait { contents in
            if contents.isClosed { return false }
            guard contents.written - contents.sent <= Self.window else { return nil }
            contents.written += bytes.count
            return true
        }
        guard let isOpen else { throw CancellationError() }
        guard isOpen else { throw BodyWriterError.closed }
        thread.run { [self] loop in (loop.member(member) as? HTTPConnection)?.write(bytes, by: self) }
    }

    /// How much of what was written has left; told by the connection.
    func sent(_ total: Int) { contents.update { $0.sent = max($0.sent, total) } }

    /// The connection is over; told by the connection.
    func close() { contents.update { $0.isClosed = true } }
}
