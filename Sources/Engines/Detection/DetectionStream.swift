internal import Flow
internal import VoiceCore
internal import Wyoming

/// One source's windows on their way through the detector.
///
/// A worker that was replaced is given the last of what was heard, so that it judges like the one that died.
final class DetectionStream: SpeechDetectorStream {
    private struct Memory: Sendable {
        /// Of the connection that knows this stream; 0 for none.
        var number: UInt64 = 0
        var sequence: UInt32 = 0
        /// The last windows that were judged.
        var recent: [[Int16]] = []
    }

    /// The connection that a window is sent over.
    private struct Judge {
        let number: UInt64
        /// How many were lost before it.
        let lossCount: Int
    }

    /// ARCHITECTURE.md: 300 ms are heard again.
    private static let recentLimit = 9
    /// Workers that die over the same window are not its fault more often than this.
    private static let tryLimit = 3

    private let switchboard: DetectionSwitchboard
    private let detector: String
    private let stream: UInt32
    private let reply: Monitor<DetectionSwitchboard.Reply>
    private let memory = Monitor(Memory())

    init(_ switchboard: DetectionSwitchboard, detector: String) {
        self.switchboard = switchboard
        self.detector = detector
        (stream, reply) = switchboard.open()
    }

    deinit {
        switchboard.close(stream)
    }

    func probability(of window: [Int16]) async throws(DetectionError) -> Double {
        for _ in 0..<Self.tryLimit {
            // Before the look at the connection, so that its loss is noticed whenever it comes.
            let lossCount = reply.withLock { $0.lossCount }
            guard let number = await switchboard.number() else { break }
            guard let probability = await judge(window, by: Judge(number: number, lossCount: lossCount)) else {
                continue
            }
            memory.withLock { memory in
                memory.number = number
                memory.recent = Array((memory.recent + [window]).suffix(Self.recentLimit))
            }
            return probability
        }
        throw .notReady(detector: detector)
    }

    func reset() async {
        memory.withLock { memory in
            memory.number = 0
            memory.recent = []
        }
    }

    /// - Returns: Nil when the connection broke, or the task was cancelled.
    private func judge(_ window: [Int16], by judge: Judge) async -> Double? {
        let known = memory.withLock { $0 }
        if known.number == judge.number { return await ask(window, .follows, judge) }
        // One after the other, so that a stream never has more than one question on the line.
        var purpose = DetectionQuestion.Purpose.begins
        for earlier in known.recent {
            if await ask(earlier, purpose, judge) == nil { return nil }
            purpose = .follows
        }
        return await ask(window, purpose, judge)
    }

    private func ask(_ window: [Int16], _ purpose: DetectionQuestion.Purpose, _ judge: Judge) async -> Double? {
        let sequence = memory.withLock { memory in
            memory.sequence &+= 1
            return memory.sequence
        }
        let question = DetectionQuestion(stream: stream, sequence: sequence, purpose: purpose, samples: window)
        guard switchboard.ask(question) else { return nil }
        let probability: Double?? = await reply.wait { reply in
            if let answer = reply.answer, answer.sequence == sequence { return .some(Double(answer.probability)) }
            return reply.lossCount == judge.lossCount ? nil : .some(nil)
        }
        return probability ?? nil
    }
}
