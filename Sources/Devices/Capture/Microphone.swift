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

    /// A part of what it gives.
    package enum Piece: Hashable, Sendable {
        case samples([Int16])
        /// The device is gone; it is awaited.
        case lost
        /// So much was not heard: the device was gone, or nobody took in time what it heard.
        case missing(Duration)
    }

    fileprivate struct State: Sendable {
        var pieces: [Piece] = []
        /// Of all pieces.
        var sampleCount = 0
        /// What nobody asked for in time, before all pieces.
        var forgottenCount = 0
        var isStopped = false
        /// Why the device cannot be opened, where it never could.
        var failure: DeviceError?
    }

    private let open: @Sendable () throws(DeviceError) -> any CaptureStream
    private let state = Monitor(State())

    /// - Parameter pulseServer: The address of the sound server; nil for the user's own.
    package convenience init(_ choice: MicrophoneChoice, pulseServer: String? = nil) {
        self.init { () throws(DeviceError) -> any CaptureStream in
            try choice.open(sampleRate: Microphone.sampleRate, pulseServer: pulseServer)
        }
    }

    /// - Parameter open: Opens the device that is meant at that moment.
    init(opening open: @escaping @Sendable () throws(DeviceError) -> any CaptureStream) {
        self.open = open
    }

    /// Begins to listen; `stop` ends it.
    package func start() {
        DedicatedThread.detach(label: "microphone") { self.capture() }
    }

    /// Lets go of the device.
    package func stop() {
        state.update { $0.isStopped = true }
    }

    /// The next part, with all samples that are there; nil when it was stopped or the task was cancelled.
    ///
    /// - Throws: Why there is no microphone, if there was none from the beginning.
    package func next() async throws(DeviceError) -> Piece? {
        let next: Result<Piece?, DeviceError>? = await state.wait { state in
            if let piece = state.take() { return .success(piece) }
            if let failure = state.failure { return .failure(failure) }
            return state.isStopped ? .success(nil) : nil
        }
        return try next?.get() ?? nil
    }

    private var isStopped: Bool { state.withLock { $0.isStopped } }

    private func capture() {
        let timeline = Timeline.live()
        var hasOpened = false
        var lostAt: Duration?
        while !isStopped {
            do throws(DeviceError) {
                let stream = try open()
                hasOpened = true
                while !isStopped {
                    let audio = try stream.read(upTo: Self.lookInterval)
                    if lostAt == nil, audio.missing > .zero { add(.missing(audio.missing)) }
                    guard !audio.samples.isEmpty else { continue }
                    if let since = lostAt {
                        add(.missing(max(.zero, timeline.now - since - Self.length(audio.samples.count))))
                        lostAt = nil
                    }
                    add(.samples(audio.samples))
                }
            } catch {
                guard hasOpened else {
                    state.update { $0.failure = error }
                    return
                }
                if lostAt == nil {
                    lostAt = timeline.now
                    add(.lost)
                }
                Wakeup().wait(upTo: Self.reopenInterval)
            }
        }
    }

    private func add(_ piece: Piece) {
        state.update { state in
            state.pieces.append(piece)
            state.sampleCount += piece.sampleCount
            while state.sampleCount > Self.longest, let first = state.pieces.firstIndex(where: { $0.sampleCount > 0 }) {
                let count = state.pieces.remove(at: first).sampleCount
                state.sampleCount -= count
                state.forgottenCount += count
            }
        }
    }

    fileprivate static func length(_ sampleCount: Int) -> Duration { .seconds(1) * sampleCount / sampleRate }
}

extension Microphone.State {
    /// What comes next, with all samples that follow each other.
    fileprivate mutating func take() -> Microphone.Piece? {
        if forgottenCount > 0 {
            defer { forgottenCount = 0 }
            return .missing(Microphone.length(forgottenCount))
        }
        guard let first = pieces.first else { return nil }
        var samples: [Int16] = []
        while case .samples(let more)? = pieces.first {
            samples += more
            pieces.removeFirst()
        }
        sampleCount -= samples.count
        if !samples.isEmpty { return .samples(samples) }
        pieces.removeFirst()
        return first
    }
}

extension Microphone.Piece {
    fileprivate var sampleCount: Int {
        if case .samples(let samples) = self { samples.count } else { 0 }
    }
}
