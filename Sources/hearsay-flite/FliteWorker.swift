private import Synchronization
internal import Wyoming

/// Answers the events of one connection at a time with speech, and questions at once.
final class FliteWorker: Sendable {
    private let speaker = Mutex(FliteSpeaker())
    /// Requests that are spoken or wait for their turn.
    private let requestCount = Atomic<Int>(0)

    /// The longest clause a server sends has 500 characters; other clients send paragraphs.
    static let characterLimit = 10_000

    func answer(_ event: WyomingEvent, _ connection: borrowing WyomingConnection) throws(TransportError) -> Bool {
        switch event {
        case .describe: try connection.send(.info(FliteVoice.program))
        case .ping(let text):
            let isBusy = requestCount.load(ordering: .acquiring) > 0
            try connection.send(.pong(Pong(text: text, isBusy: isBusy)))
        case .synthesize(let request):
            requestCount.add(1, ordering: .acquiringAndReleasing)
            defer { requestCount.subtract(1, ordering: .acquiringAndReleasing) }
            try speak(request, to: connection)
        default: break
        }
        return true
    }

    private func speak(
        _ request: SynthesizeRequest, to connection: borrowing WyomingConnection
    ) throws(TransportError) {
        guard let voice = request.voice.map(FliteVoice.init(name:)) ?? .standard else {
            return try connection.send(.error(text: "there is no such voice", code: "unknown_voice"))
        }
        if request.text.unicodeScalars.count > Self.characterLimit {
            return try connection.send(
                .error(text: "a text has at most \(Self.characterLimit) characters", code: "text_too_long"))
        }
        var reply = Reply()
        let text = SpokenText(request.text)
        if text.isSpeakable {
            let isSpoken = speaker.withLock { speaker in
                // Whoever waited for the speaker may have lost interest meanwhile.
                if connection.isPeerGone { return true }
                return speaker.speak(text, voice: voice, speed: Self.speed(request)) { reply.send($0, to: connection) }
            }
            if !isSpoken { return try connection.send(.error(text: "flite made nothing", code: "engine_failed")) }
        }
        try reply.finish(on: connection)
    }

    private static func speed(_ request: SynthesizeRequest) -> Double {
        min(max(request.speed ?? 1, 0.25), 4)
    }
}

/// The audio events of one answer.
private struct Reply {
    private static let shape = AudioShape(rate: FliteVoice.sampleRate)

    private var hasStarted = false
    private var failure: TransportError?

    /// - Returns: False when the peer is gone.
    mutating func send(_ output: FliteOutput, to connection: borrowing WyomingConnection) -> Bool {
        do throws(TransportError) {
            switch output {
            case .words(let words):
                hasStarted = true
                try connection.send(.audioStart(AudioStart(shape: Self.shape, words: words)))
            case .pcm(let pcm):
                try connection.send(.audioChunk(AudioPiece(shape: Self.shape, pcm: pcm)))
            }
            return true
        } catch {
            failure = error
            return false
        }
    }

    mutating func finish(on connection: borrowing WyomingConnection) throws(TransportError) {
        if let failure { throw failure }
        if !hasStarted { try connection.send(.audioStart(AudioStart(shape: Self.shape))) }
        try connection.send(.audioStop)
    }
}
