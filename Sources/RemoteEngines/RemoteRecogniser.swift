package import Flow
package import Net
package import VoiceCore

/// A recogniser that others run with OpenAI's interface, asked over HTTP: one request for each utterance, once it is over.
package final class RemoteRecogniser: TranscriberEngine {
    package let name: String
    /// Many servers only write down what was said; they say so when they are asked.
    package let readings: ReadingKinds = [.translation]
    private let server: TranscriptionServer
    private let health: ServerHealth

    /// - Parameters:
    ///   - base: Of the interface, such as `https://api.openai.com/v1`.
    ///   - model: Nil for `whisper-1`.
    package init(name: String, base: URLParts, model: String?, key: EngineKey?, limits: RemoteLimits, log: Log) {
        self.name = name
        // One that nobody has asked yet is as good as ready: nobody waits for its start.
        health = ServerHealth(of: name, .recogniser, untried: .ready, limits: limits, log: log)
        server = TranscriptionServer(base, model: model, key: key, limits: limits)
    }

    package func models() async -> [TranscriberModel] { [TranscriberModel(name: server.model, languages: [])] }

    // MARK: Its state

    package var state: EngineState { health.state }

    package func state(after known: EngineState?) async -> EngineState? { await health.state(after: known) }

    package func run() async throws {
        await health.run { [server] () throws(RemoteFault) in try await server.look() }
    }
}

// Reading
extension RemoteRecogniser {
    package func transcribe(
        _ audio: UtteranceAudio, as request: TranscriptionRequest,
        emit: @Sendable (PartialTranscript) async -> Void
    ) async throws(TranscriptionError) -> Transcript? {
        let purpose: TranscriptionServer.Purpose
        switch request.reading {
        case .live: purpose = .transcription(language: request.language)
        case .translation: purpose = .translation
        case .second, .orders, .keywords: throw .unsupported(engine: name)
        }
        if let reason = health.refusal { throw .failed(engine: name, message: reason) }
        var samples: [Int16] = []
        while let piece = await audio.samples(from: samples.count, atMost: UtteranceAudio.sampleLimit) {
            samples += piece
        }
        if Task.isCancelled { return nil }
        if samples.isEmpty { return Transcript(text: "") }
        do throws(RemoteFault) {
            let transcript = try await health.ask { [server] () throws(RemoteFault) in
                try await server.read(samples, for: purpose)
            }
            health.didWork()
            return transcript
        } catch {
            if error == .cancelled || Task.isCancelled { return nil }
            // That says nothing about how it writes down what was said.
            if purpose == .translation, error.isRefusal { throw .unsupported(engine: name) }
            health.failed(error)
            if case .silent = error { throw .timedOut(engine: name) }
            throw .failed(engine: name, message: error.sentence(engine: name))
        }
    }
}
