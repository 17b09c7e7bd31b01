private import Synchronization

/// What an engine makes of a text, in order.
package enum SpeechOutput {
    /// Once, before the first samples.
    case words([SpokenWord])
    /// 16-bit samples, low byte first.
    case pcm([UInt8])
}

/// Why a worker did not speak; told to the server with this code.
package struct SpeechRefusal: Error, Hashable {
    package let text: String
    package let code: String

    package init(_ text: String, code: String) {
        self.text = text
        self.code = code
    }
}

/// An engine inside its own worker; one thread uses it at a time.
package protocol WorkerEngine: Sendable {
    /// What `describe` is answered with.
    var info: Info { get }
    /// Of everything the engine makes.
    var shape: AudioShape { get }

    /// Speaks a text; one that holds nothing to say makes no sound.
    ///
    /// - Parameter emit: Called as speech is made; returning false stops it.
    func speak(_ request: SynthesizeRequest, emit: (SpeechOutput) -> Bool) throws(SpeechRefusal)
}

/// Answers the events of a worker's connections: speech for one at a time, questions at once.
package final class SpeechWorker<Engine: WorkerEngine>: Sendable {
    private let engine: Engine
    private let turn = Mutex(())
    /// Requests that are spoken or wait for their turn.
    private let requestCount = Atomic<Int>(0)

    package init(_ engine: Engine) {
        self.engine = engine
    }

    /// The longest clause a server sends has 500 characters; other clients send paragraphs.
    private static var characterLimit: Int { 10_000 }

    /// - Returns: Whether the connection goes on.
    package func answer(
        _ event: WyomingEvent, _ connection: borrowing WyomingConnection
    ) throws(TransportError) -> Bool {
        switch event {
        case .describe: try connection.send(.info(engine.info))
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
        if request.text.unicodeScalars.count > Self.characterLimit {
            let text = "a text has at most \(Self.characterLimit) characters"
            return try connection.send(.error(text: text, code: "text_too_long"))
        }
        var reply = SpeechReply(shape: engine.shape)
        do throws(SpeechRefusal) {
            try turn.withLock { (_) throws(SpeechRefusal) in
                // Whoever waited for the engine may have lost interest meanwhile.
                if connection.isPeerGone { return }
                try engine.speak(request) { reply.send($0, to: connection) }
            }
        } catch {
            return try connection.send(.error(text: error.text, code: error.code))
        }
        try reply.finish(on: connection)
    }
}

/// The audio events of one answer.
private struct SpeechReply {
    let shape: AudioShape
    private var hasStarted = false
    private var failure: TransportError?

    init(shape: AudioShape) { self.shape = shape }

    /// - Returns: False when the peer is gone.
    mutating func send(_ output: SpeechOutput, to connection: borrowing WyomingConnection) -> Bool {
        do throws(TransportError) {
            switch output {
            case .words(let words):
                hasStarted = true
                try connection.send(.audioStart(AudioStart(shape: shape, words: words)))
            case .pcm(let pcm):
                try connection.send(.audioChunk(AudioPiece(shape: shape, pcm: pcm)))
            }
            return true
        } catch {
            failure = error
            return false
        }
    }

    mutating func finish(on connection: borrowing WyomingConnection) throws(TransportError) {
        if let failure { throw failure }
        if !hasStarted { try connection.send(.audioStart(AudioStart(shape: shape))) }
        try connection.send(.audioStop)
    }
}
