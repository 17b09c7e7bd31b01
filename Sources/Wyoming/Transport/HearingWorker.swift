private import Flow
private import Synchronization

/// A recogniser inside its own worker; one thread uses it at a time, for one utterance after the other.
package protocol HearingEngine: ~Copyable {
    /// Begins an utterance.
    mutating func begin(_ request: TranscribeRequest) throws(SpeechRefusal)

    /// Takes what was said next: mono samples at 16 kHz.
    mutating func hear(_ samples: [Int16]) throws(SpeechRefusal)

    /// What is understood so far; nil where that cannot be told yet.
    mutating func partialText() -> HeardText?

    /// Ends the utterance.
    mutating func finish() throws(SpeechRefusal) -> HeardText

    /// Forgets the utterance.
    mutating func cancel()
}

/// Answers the events of a recogniser's connections: one utterance at a time, questions at once.
package final class HearingWorker<Engine: HearingEngine & ~Copyable>: Sendable {
    private let info: Info
    private let engine: Mutex<Engine>
    /// Utterances that are heard or wait for their turn.
    private let requestCount = Atomic<Int>(0)

    /// - Parameter info: What `describe` is answered with.
    package init(_ engine: consuming sending Engine, info: Info) {
        self.engine = Mutex(engine)
        self.info = info
    }

    /// - Returns: Whether the connection goes on.
    package func answer(
        _ event: WyomingEvent, _ connection: inout WyomingConnection
    ) throws(TransportError) -> Bool {
        switch event {
        case .transcribe(let request):
            requestCount.add(1, ordering: .acquiringAndReleasing)
            defer { requestCount.subtract(1, ordering: .acquiringAndReleasing) }
            // The connection's thread stays behind others, so what comes next needs another one.
            if request.isSpare { DedicatedThread.stepBack() }
            return try transcribe(request, &connection) && !request.isSpare
        default: return try reply(event, connection)
        }
    }

    private func reply(_ event: WyomingEvent, _ connection: borrowing WyomingConnection) throws(TransportError) -> Bool
    {
        switch event {
        case .describe: try connection.send(.info(info))
        case .ping(let text):
            let isBusy = requestCount.load(ordering: .acquiring) > 0
            try connection.send(.pong(Pong(text: text, isBusy: isBusy)))
        default: break
        }
        return true
    }

    private func transcribe(
        _ request: TranscribeRequest, _ connection: inout WyomingConnection
    ) throws(TransportError) -> Bool {
        try engine.withLock { (engine) throws(TransportError) in
            // Whoever waited for the engine may have lost interest meanwhile.
            if connection.isPeerGone { return false }
            do throws(HearingStop) {
                try hear(request, with: &engine, on: &connection)
                return true
            } catch {
                engine.cancel()
                switch error {
                case .gone: return false
                case .lost(let error): throw error
                case .refused(let refusal):
                    try connection.send(.error(text: refusal.text, code: refusal.code))
                    return false
                }
            }
        }
    }

    private func hear(
        _ request: TranscribeRequest, with engine: inout Engine, on connection: inout WyomingConnection
    ) throws(HearingStop) {
        try HearingStop.refusing { () throws(SpeechRefusal) in try engine.begin(request) }
        var lastPartial: HeardText?
        while true {
            switch try nextEvent(&connection) {
            case .audioChunk(let piece):
                try HearingStop.refusing { () throws(SpeechRefusal) in try engine.hear(try piece.hearable) }
                // Nobody wants to know what was understood while there is more to hear already: that is what is given
                // up when the machine has too much to do.
                guard request.wantsPartials, !connection.hasMore, let partial = engine.partialText(),
                    partial != lastPartial
                else { continue }
                lastPartial = partial
                try HearingStop.losing { () throws(TransportError) in
                    try connection.send(.partialTranscript(partial))
                }
            case .audioStop:
                let text = try HearingStop.refusing { () throws(SpeechRefusal) in try engine.finish() }
                return try HearingStop.losing { () throws(TransportError) in try connection.send(.transcript(text)) }
            case let event:
                try HearingStop.losing { () throws(TransportError) in _ = try reply(event, connection) }
            }
        }
    }

    private func nextEvent(_ connection: inout WyomingConnection) throws(HearingStop) -> WyomingEvent {
        do throws(TransportError) {
            if let event = try connection.receive(timeout: .seconds(60)) { return event }
        } catch {
            throw .lost(error)
        }
        throw .gone
    }
}

/// Why an utterance was not heard to its end.
private enum HearingStop: Error {
    /// The engine has said so.
    case refused(SpeechRefusal)
    /// The connection broke, or nothing came for a minute.
    case lost(TransportError)
    /// The peer wants no answer any more.
    case gone

    static func refusing<Value>(_ body: () throws(SpeechRefusal) -> Value) throws(HearingStop) -> Value {
        do {
            return try body()
        } catch {
            throw .refused(error)
        }
    }

    static func losing(_ body: () throws(TransportError) -> Void) throws(HearingStop) {
        do {
            try body()
        } catch {
            throw .lost(error)
        }
    }
}

extension AudioPiece {
    /// The samples of 16-bit audio, all channels mixed into one.
    package var monoSamples: [Int16] {
        let count = pcm.count / 2 / shape.channels
        return (0..<count).map { index in
            var sum = 0
            for channel in 0..<shape.channels {
                let place = (index * shape.channels + channel) * 2
                sum += Int(Int16(truncatingIfNeeded: UInt16(pcm[place]) | UInt16(pcm[place + 1]) << 8))
            }
            return Int16(sum / shape.channels)
        }
    }

    /// The samples, if a recogniser can take them.
    fileprivate var hearable: [Int16] {
        get throws(SpeechRefusal) {
            guard shape.rate == 16_000, shape.width == 2 else {
                throw SpeechRefusal("audio has 16-bit samples at 16,000 Hz", code: "unsupported_audio")
            }
            return monoSamples
        }
    }
}
