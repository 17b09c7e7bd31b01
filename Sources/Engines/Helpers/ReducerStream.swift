internal import Flow
private import Sound
internal import VoiceCore
internal import Wyoming

/// One source's sound on its way through a noise reducer, on a thread of its own, where it may block.
///
/// What a worker that died had not answered comes as it was; the next worker begins with what follows.
actor ReducerStream: NoiseReducerStream {
    private let place: Monitor<ReducerPlace>
    private let timeline: Timeline
    private let thread = DedicatedThread(label: "denoiser")
    private var connection: WyomingConnection?
    /// Of the worker that the connection leads to.
    private var number: UInt64 = 0
    /// What went in and has not come out.
    private var pending: [Int16] = []
    private var isNew = true

    nonisolated var unownedExecutor: UnownedSerialExecutor { unsafe thread.asUnownedSerialExecutor() }

    private static let shape = AudioShape(rate: 16_000)
    /// The first sound waits for a model that loads; what waits too long goes on as it is.
    private static let startLimit = Duration.seconds(10)
    /// A piece takes a millisecond.
    private static let answerLimit = Duration.seconds(5)

    init(_ place: Monitor<ReducerPlace>, _ timeline: Timeline) {
        self.place = place
        self.timeline = timeline
        place.update { $0.streamCount += 1 }
    }

    deinit {
        place.update { $0.streamCount -= 1 }
    }

    func clean(_ samples: [Int16]) async -> [Int16] {
        pending += samples
        if samples.isEmpty { return [] }
        await connect()
        do {
            return take(try ask(samples))
        } catch {
            return giveUp()
        }
    }

    func finish() async -> [Int16] {
        defer { pending = [] }
        do {
            return take(try askForRest()) + pending
        } catch {
            return giveUp()
        }
    }

    /// Reaches the worker if there is one.
    private func connect() async {
        if connection != nil { return }
        if isNew {
            isNew = false
            let place = place
            _ = await timeline.limit(Self.startLimit) {
                await place.wait { $0.worker != nil || $0.isMissing ? true : nil }
            }
        }
        let (worker, number) = place.withLock { ($0.worker, $0.number) }
        guard let worker else { return }
        guard let fresh = try? WyomingConnection.connect(to: worker.address),
            (try? fresh.send(.other(RawEvent(type: "denoise")))) != nil
        else { return place.update { $0.lose(number) } }
        self.number = number
        connection = consume fresh
    }

    private func ask(_ samples: [Int16]) throws(TransportError) -> [Int16] {
        guard connection != nil else { throw .closed }
        try connection?.send(.audioChunk(AudioPiece(shape: Self.shape, pcm: PCM16.bytes(of: samples))))
        while let event = try connection?.receive(timeout: Self.answerLimit) ?? nil {
            if case .audioChunk(let piece) = event { return piece.monoSamples }
            if case .error = event { break }
        }
        throw .closed
    }

    private func askForRest() throws(TransportError) -> [Int16] {
        guard connection != nil else { throw .closed }
        try connection?.send(.audioStop)
        var rest: [Int16] = []
        while let event = try connection?.receive(timeout: Self.answerLimit) ?? nil {
            switch event {
            case .audioChunk(let piece): rest += piece.monoSamples
            case .audioStop: return rest
            default: break
            }
        }
        throw .closed
    }

    /// As much as went in comes out, and no more.
    private func take(_ cleaned: [Int16]) -> [Int16] {
        let count = min(cleaned.count, pending.count)
        pending.removeFirst(count)
        return Array(cleaned.prefix(count))
    }

    /// Lets what waits go on as it was.
    private func giveUp() -> [Int16] {
        if connection != nil {
            connection = nil
            let number = number
            place.update { $0.lose(number) }
        }
        defer { pending = [] }
        return pending
    }
}
