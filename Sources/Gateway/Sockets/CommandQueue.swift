import Flow

/// What a connection has asked and waits to be done, in order: bounded by number and by the bytes it came in.
///
/// The socket is read no further while the line is full.
final class CommandQueue<Work: Sendable>: Sendable {
    private struct Contents: Sendable {
        var waiting: [(work: Work, byteCount: Int)] = []
        /// Of everything that waits, and of what is being done.
        var byteCount = 0
        /// Of what is being done.
        var current = 0
        var isFinished = false
    }

    private static var lengthLimit: Int { 64 }
    /// One message may be larger; it waits until it is alone.
    private static var byteLimit: Int { 1 << 20 }

    private let contents = Monitor(Contents())

    /// Waits for room.
    ///
    /// - Returns: False when the task was cancelled.
    func add(_ work: Work, byteCount: Int) async -> Bool {
        let isAdded: Void? = await contents.wait(wakesOthers: true) { contents in
            let fits = contents.byteCount == 0 || contents.byteCount + byteCount <= Self.byteLimit
            guard contents.waiting.count < Self.lengthLimit, fits else { return nil }
            contents.waiting.append((work, byteCount))
            contents.byteCount += byteCount
            return ()
        }
        return isAdded != nil
    }

    /// The next thing to do; what was taken before it is done now.
    ///
    /// - Returns: Nil at the end, or when the task is cancelled.
    func next() async -> Work? {
        contents.update { contents in
            contents.byteCount -= contents.current
            contents.current = 0
        }
        let next: Work?? = await contents.wait(wakesOthers: true) { contents in
            guard !contents.waiting.isEmpty else { return contents.isFinished ? .some(nil) : nil }
            let (work, byteCount) = contents.waiting.removeFirst()
            contents.current = byteCount
            return work
        }
        return next ?? nil
    }

    /// No more will be added.
    func finish() { contents.update { $0.isFinished = true } }
}
