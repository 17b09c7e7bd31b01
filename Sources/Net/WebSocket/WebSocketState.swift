import Flow

/// What a WebSocket's handle and its connection share: what came and was not read, and how it ended.
final class WebSocketState: Sendable {
    private struct Contents: Sendable {
        var messages: [WebSocketMessage] = []
        var queuedBytes = 0
        var isPaused = false
        var ending: WebSocketClose?
        /// What is waited for, with the answer once it is there.
        var questions: [UInt64: Answer?] = [:]
        var lastQuestion: UInt64 = 0

        /// Whether the connection should stop reading.
        var isFull: Bool { messages.count >= 64 || queuedBytes >= 1 << 20 }
        /// Whether it may go on; lower than `isFull`, so that it does not stop at each message.
        var isHalfEmpty: Bool { messages.count <= 32 && queuedBytes <= 1 << 19 }
    }

    /// What the connection answers its handle.
    enum Answer: Sendable {
        case pong(Duration?)
        case pressure(SendPressure)
        case room
    }

    private let contents = Monitor(Contents())

    /// Queues what came.
    ///
    /// - Returns: Whether there is room for more; if not, reading resumes by `next`.
    func push(_ message: WebSocketMessage) -> Bool {
        contents.update { contents in
            contents.messages.append(message)
            contents.queuedBytes += message.byteCount
            contents.isPaused = contents.isFull
            return !contents.isPaused
        }
    }

    /// Waits for the next message; nil at the end, or when the task is cancelled.
    ///
    /// - Returns: The message, and whether the connection should read again.
    func next() async -> (message: WebSocketMessage, resumesReading: Bool)? {
        let taken: (WebSocketMessage, Bool)?? = await contents.wait { contents in
            guard !contents.messages.isEmpty else { return contents.ending == nil ? nil : .some(nil) }
            let message = contents.messages.removeFirst()
            contents.queuedBytes -= message.byteCount
            let resumes = contents.isPaused && contents.isHalfEmpty
            if resumes { contents.isPaused = false }
            return (message, resumes)
        }
        guard let taken, let taken else { return nil }
        return taken
    }

    /// The connection is over; what was queued can still be read.
    func end(_ ending: WebSocketClose) {
        contents.update { $0.ending = $0.ending ?? ending }
    }

    /// How it ended; nil while it lives.
    var ending: WebSocketClose? { contents.withLock { $0.ending } }

    /// A number to ask the connection something by.
    func question() -> UInt64 {
        contents.withLock { contents in
            contents.lastQuestion += 1
            contents.questions.updateValue(nil, forKey: contents.lastQuestion)
            return contents.lastQuestion
        }
    }

    func answer(_ question: UInt64, _ answer: Answer) {
        contents.update { contents in
            // Nobody waits any more when the task was cancelled.
            guard contents.questions.keys.contains(question) else { return }
            contents.questions.updateValue(answer, forKey: question)
        }
    }

    /// Waits for the answer; nil when the connection ended, or the task was cancelled.
    func answer(to question: UInt64) async -> Answer? {
        let answer: Answer?? = await contents.wait { contents in
            if let answer = contents.questions[question] ?? nil { return answer }
            return contents.ending == nil ? nil : .some(nil)
        }
        contents.withLock { _ = $0.questions.removeValue(forKey: question) }
        return answer ?? nil
    }
}
