import Flow
package import VoiceCore

/// A recogniser that understands how long an utterance is: `1200 ms`.
package final class FakeTranscriber: TranscriberEngine {
    /// What becomes of utterances.
    package enum Mode: Hashable, Sendable {
        case hears
        /// Waits before each text until it is in another mode.
        case waits
        case fails(TranscriptionError)
    }

    private struct Contents: Sendable {
        var mode: Mode
        var requests: [TranscriptionRequest] = []
        var phase = EngineState.Phase.ready
    }

    package let name: String
    package let readings: ReadingKinds
    package let languages: [String]
    private let contents: Monitor<Contents>
    /// What every sound is as an order.
    private let order: Transcript
    /// What every sound is when it is read for the first time and for the second, instead of how long it is.
    private let first: Transcript?
    private let second: Transcript?
    private let isRemote: Bool

    package init(
        _ mode: Mode = .hears, name: String = "fake", readings: ReadingKinds = [.partials],
        order: Transcript = Transcript(text: ""), first: Transcript? = nil, second: Transcript? = nil,
        isRemote: Bool = false, languages: [String] = []
    ) {
        (self.first, self.second) = (first, second)
        self.languages = languages
        self.isRemote = isRemote
        self.name = name
        self.order = order
        self.readings = readings
        contents = Monitor(Contents(mode: mode))
    }

    /// The requests so far.
    package var requests: [TranscriptionRequest] { contents.withLock { $0.requests } }

    /// Waits until so many requests were made.
    package func waitForRequests(_ count: Int) async {
        _ = await contents.wait { $0.requests.count >= count ? true : nil }
    }

    package var mode: Mode { contents.withLock { $0.mode } }

    package func set(_ mode: Mode) {
        contents.update { $0.mode = mode }
    }

    /// Says what it is doing.
    package func set(_ phase: EngineState.Phase) {
        contents.update { $0.phase = phase }
    }

    package var state: EngineState { contents.withLock { Self.state(name, $0.phase, isRemote) } }

    package func state(after known: EngineState?) async -> EngineState? {
        let phase = await contents.wait { $0.phase == known?.phase ? nil : $0.phase }
        return phase.map { Self.state(name, $0, isRemote) }
    }

    private static func state(_ name: String, _ phase: EngineState.Phase, _ isRemote: Bool) -> EngineState {
        EngineState(engine: name, phase: phase, isRemote: isRemote, kind: .recogniser)
    }

    /// Has nothing to do until cancelled.
    package func run() async throws { await Latch().wait() }

    package func models() async -> [TranscriberModel] { [] }

    package func transcribe(
        _ audio: UtteranceAudio, as request: TranscriptionRequest,
        emit: @Sendable (PartialTranscript) async -> Void
    ) async throws(TranscriptionError) -> Transcript? {
        let mode = contents.update { contents in
            contents.requests.append(request)
            return contents.mode
        }
        if case .fails(let error) = mode { throw error }
        if request.reading == .live(partials: true) { await emit(PartialTranscript(tentative: "hm")) }
        var position = 0
        while let samples = await audio.samples(from: position, atMost: .max / 2) { position += samples.count }
        let isAllowed = await contents.wait { $0.mode == .waits ? nil : true }
        guard isAllowed == true, !Task.isCancelled else { return nil }
        if case .orders = request.reading { return order }
        if let given = request.reading == .second ? second : first { return given }
        let milliseconds = audio.sampleCount * 1_000 / UtteranceAudio.sampleRate
        let text = request.reading == .second ? "\(milliseconds) ms exactly" : "\(milliseconds) ms"
        return Transcript(text: text, adaptation: Adaptation(engine: name, values: [Double(requests.count)]))
    }
}
