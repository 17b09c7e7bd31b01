internal import Flow

/// The audio of one utterance: it grows while somebody speaks, and any number of readers begin at its first sample.
///
/// That is why nothing is lost when an engine dies over it, and why a second reading needs no copy.
package final class UtteranceAudio: Sendable {
    /// Of every utterance, mono.
    package static let sampleRate = 16_000

    /// 60 s: twice what a source may lag, and as many bytes as one second reading is ever worth.
    package static let sampleLimit = 60 * sampleRate

    private struct State: Sendable {
        var samples: [Int16] = []
        var isFinished = false
    }

    private let state = Monitor(State())

    package init() {}

    /// An utterance that is complete.
    ///
    /// - Parameter samples: At most `sampleLimit` of them.
    package convenience init(_ samples: [Int16]) {
        precondition(samples.count <= Self.sampleLimit, "an utterance is cut before it reaches its limit")
        self.init()
        _ = append(samples)
        finish()
    }

    /// What was said so far.
    package var samples: [Int16] { state.withLock { $0.samples } }

    package var sampleCount: Int { state.withLock { $0.samples.count } }

    package var duration: Duration { .microseconds(sampleCount * 1_000_000 / Self.sampleRate) }

    package var isFinished: Bool { state.withLock { $0.isFinished } }

    /// Adds what was said next.
    ///
    /// - Returns: False when the utterance is finished or full; nothing was taken then, and another one has to begin.
    package func append(_ samples: [Int16]) -> Bool {
        state.update { state in
            guard !state.isFinished, state.samples.count + samples.count <= Self.sampleLimit else { return false }
            state.samples.append(contentsOf: samples)
            return true
        }
    }

    /// Says that nothing comes any more.
    package func finish() {
        state.update { $0.isFinished = true }
    }

    /// Waits for samples from `position` on.
    ///
    /// - Parameter limit: How many of them at most.
    /// - Returns: nil after the last one, or when the task was cancelled.
    package func samples(from position: Int, atMost limit: Int) async -> ArraySlice<Int16>? {
        let found: ArraySlice<Int16>?? = await state.wait { state in
            if position < state.samples.count { return .some(state.samples[position...].prefix(limit)) }
            return state.isFinished ? .some(nil) : nil
        }
        return found ?? nil
    }
}
