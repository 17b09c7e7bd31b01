internal import Flow
internal import Wyoming

/// Where the windows of all streams meet the one connection to the detector.
final class DetectionSwitchboard: Sendable {
    /// What a stream waits for.
    struct Reply: Sendable {
        /// Of the last window that was judged.
        var answer: DetectionAnswer?
        /// Counts the connections that were lost while the stream was open.
        var lossCount = 0
    }

    /// The connection as a stream sees it.
    enum Connection: Sendable {
        /// There will be one soon.
        case coming
        /// The worker that answers now; each has another number.
        case open(number: UInt64)
        /// The worker cannot be started.
        case none
    }

    private struct Directory: Sendable {
        var replies: [UInt32: Monitor<Reply>] = [:]
        var nextStream: UInt32 = 0
    }

    /// A stream asks for its next window only when it has the answer to the last, and no server has so many sources.
    private static let questionLimit = 8_192

    let connection = Monitor(Connection.coming)
    private let directory = Monitor(Directory())
    private let questions = Channel<DetectionQuestion>(capacity: questionLimit)

    /// - Returns: The stream's number and where its replies come.
    func open() -> (stream: UInt32, reply: Monitor<Reply>) {
        directory.withLock { directory in
            repeat { directory.nextStream &+= 1 } while directory.replies[directory.nextStream] != nil
            let reply = Monitor(Reply())
            directory.replies[directory.nextStream] = reply
            return (directory.nextStream, reply)
        }
    }

    func close(_ stream: UInt32) {
        directory.withLock { _ = $0.replies.removeValue(forKey: stream) }
        // A question that finds no room costs the worker 3 KB until it ends.
        _ = questions.offer(DetectionQuestion(stream: stream, sequence: 0, purpose: .ends, samples: []))
    }

    /// - Returns: False where there is no room, or no connection any more.
    func ask(_ question: DetectionQuestion) -> Bool { questions.offer(question) }

    /// All questions that wait; nil when the task was cancelled.
    func nextQuestions() async -> [DetectionQuestion]? {
        guard let first = await questions.next() else { return nil }
        return [first] + questions.drain()
    }

    func take(_ answers: [DetectionAnswer]) {
        for answer in answers {
            let reply = directory.withLock { $0.replies[answer.stream] }
            reply?.update { $0.answer = answer }
        }
    }

    /// A new worker answers, which knows of nothing.
    func connected(as number: UInt64) {
        _ = questions.drain()
        connection.update { $0 = .open(number: number) }
    }

    /// - Parameter next: What is to be expected.
    func disconnected(_ next: Connection) {
        connection.update { $0 = next }
        let replies = directory.withLock { Array($0.replies.values) }
        for reply in replies { reply.update { $0.lossCount += 1 } }
    }

    /// Waits for a connection.
    ///
    /// - Returns: Its number; nil when there is none to be had, or the task was cancelled.
    func number() async -> UInt64? {
        let number: UInt64?? = await connection.wait { connection in
            switch connection {
            case .coming: nil
            case .open(let number): .some(number)
            case .none: .some(nil)
            }
        }
        return number ?? nil
    }
}
