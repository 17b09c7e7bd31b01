package import Flow
package import Net
package import VoiceCore

/// A recogniser that others run with OpenAI's interface, asked over HTTP: one request for each utterance, once it is over.
package final class RemoteRecogniser: TranscriberEngine {
    package let name: String
    package let readings: ReadingKinds = []
    private let server: TranscriptionServer
    private let limits: RemoteLimits
    private let log: Log
    private let circuit = Monitor(Circuit())
    /// When to look at the server next.
    private let alarm: Alarm

    /// - Parameters:
    ///   - base: Of the interface, such as `https://api.openai.com/v1`.
    ///   - model: Nil for `whisper-1`.
    package init(name: String, base: URLParts, model: String?, key: EngineKey?, limits: RemoteLimits, log: Log) {
        self.name = name
        self.limits = limits
        self.log = log
        server = TranscriptionServer(base, model: model, key: key, limits: limits)
        alarm = Alarm(timeline: limits.timeline)
    }

    package func models() async -> [TranscriberModel] { [TranscriberModel(name: server.model, languages: [])] }

    // MARK: Its state

    package var state: EngineState { Self.state(name, circuit.withLock { $0.phase }) }

    package func state(after known: EngineState?) async -> EngineState? {
        await circuit.wait { [name] circuit in
            let state = Self.state(name, circuit.phase)
            return state == known ? nil : state
        }
    }

    /// One that nobody has asked yet is as good as ready: nobody waits for its start.
    private static func state(_ name: String, _ phase: Circuit.Phase) -> EngineState {
        guard case .failed(_, let reason) = phase else {
            return EngineState(engine: name, phase: .ready, isRemote: true)
        }
        return EngineState(engine: name, phase: .failed, reason: reason, isRemote: true)
    }

    /// Looks at the server at the start, now and then, and to see whether it is well again.
    package func run() async throws {
        while !Task.isCancelled {
            do throws(RemoteFault) {
                try await server.look()
                circuit.update { $0.answered() }
                setAlarm()
            } catch {
                if error != .cancelled { failed(error) }
            }
            await alarm.wait()
        }
    }

    private func failed(_ fault: RemoteFault) {
        let reason = fault.sentence(engine: name)
        var pause: Duration?
        if case .tooMany(let wish) = fault { pause = wish }
        circuit.update { $0.failed(reason, isLasting: fault.isLasting, pause: pause, at: limits.timeline.now) }
        log.limited("failed").warning("remote.failed", ["engine": name, "reason": reason])
        setAlarm()
    }

    private func setAlarm() {
        if case .failed(let time, _) = circuit.withLock({ $0.phase }) {
            alarm.set(time)
        } else {
            alarm.set(limits.timeline.now + limits.refresh)
        }
    }
}

// Reading
extension RemoteRecogniser {
    package func transcribe(
        _ audio: UtteranceAudio, as request: TranscriptionRequest,
        emit: @Sendable (PartialTranscript) async -> Void
    ) async throws(TranscriptionError) -> Transcript? {
        guard case .live = request.reading else { throw .unsupported(engine: name) }
        if let reason = circuit.withLock({ $0.refusal }) { throw .failed(engine: name, message: reason) }
        var samples: [Int16] = []
        while let piece = await audio.samples(from: samples.count, atMost: UtteranceAudio.sampleLimit) {
            samples += piece
        }
        if Task.isCancelled { return nil }
        if samples.isEmpty { return Transcript(text: "") }
        do throws(RemoteFault) {
            let transcript = try await ask(samples, request.language)
            circuit.update { $0.spoke() }
            return transcript
        } catch {
            if error == .cancelled || Task.isCancelled { return nil }
            failed(error)
            if case .silent = error { throw .timedOut(engine: name) }
            throw .failed(engine: name, message: error.sentence(engine: name))
        }
    }

    /// Asks again after a short pause that the server wished for.
    private func ask(_ samples: [Int16], _ language: String?) async throws(RemoteFault) -> Transcript {
        var repeats = limits.repeatCount
        while true {
            do throws(RemoteFault) {
                return try await server.read(samples, language: language)
            } catch {
                guard case .tooMany(let wish) = error, repeats > 0 else { throw error }
                let pause = wish ?? .seconds(1)
                guard pause <= limits.shortPause else { throw error }
                repeats -= 1
                await limits.timeline.sleep(until: limits.timeline.now + pause)
                if Task.isCancelled { throw .cancelled }
            }
        }
    }
}
