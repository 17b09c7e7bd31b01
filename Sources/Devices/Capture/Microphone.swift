private import Flow

/// This machine's microphone: captured on a thread of its own, opened again when the device comes back.
package final class Microphone: Sendable {
    /// What engines hear; a sound server or ALSA makes it of what the device gives.
    package static let sampleRate = 16_000

    /// What nobody has taken in 30 s goes, oldest first.
    private static let longest = 30 * sampleRate
    /// How often the thread looks whether it is to end.
    private static let lookInterval = Duration.milliseconds(100)
    private static let reopenInterval = Duration.seconds(1)

    private struct State: Sendable {
        var pieces: [[Int16]] = []
        var sampleCount = 0
        var isStopped = false
        /// Why the device cannot be opened, where it never could.
        var failure: DeviceError?
    }

    private let choice: MicrophoneChoice
    private let pulseServer: String?
    private let state = Monitor(State())

    /// - Parameter pulseServer: The address of the sound server; nil for the user's own.
    package init(_ choice: MicrophoneChoice, pulseServer: String? = nil) {
        self.choice = choice
        self.pulseServer = pulseServer
    }

    /// Begins to listen; `stop` ends it.
    package func start() {
        DedicatedThread.detach(label: "microphone") { self.capture() }
    }

    /// Lets go of the device.
    package func stop() {
        state.update { $0.isStopped = true }
    }

    /// The next samples; nil when it was stopped or the task was cancelled.
    ///
    /// - Throws: Why there is no microphone, if there was none from the beginning.
    package func next() async throws(DeviceError) -> [Int16]? {
        let next: Result<[Int16]?, DeviceError>? = await state.wait { state in
            if !state.pieces.isEmpty {
                let samples = Array(state.pieces.joined())
                (state.pieces, state.sampleCount) = ([], 0)
                return .success(samples)
            }
            if let failure = state.failure { return .failure(failure) }
            return state.isStopped ? .success(nil) : nil
        }
        return try next?.get() ?? nil
    }

    private var isStopped: Bool { state.withLock { $0.isStopped } }

    private func capture() {
        var hasOpened = false
        while !isStopped {
            do throws(DeviceError) {
                let stream = try choice.open(sampleRate: Self.sampleRate, pulseServer: pulseServer)
                hasOpened = true
                while !isStopped { add(try stream.read(upTo: Self.lookInterval)) }
            } catch {
                guard hasOpened else {
                    state.update { $0.failure = error }
                    return
                }
                Wakeup().wait(upTo: Self.reopenInterval)
            }
        }
    }

    private func add(_ samples: [Int16]) {
        guard !samples.isEmpty else { return }
        state.update { state in
            state.pieces.append(samples)
            state.sampleCount += samples.count
            while state.sampleCount > Self.longest, let oldest = state.pieces.first {
                state.pieces.removeFirst()
                state.sampleCount -= oldest.count
            }
        }
    }
}
