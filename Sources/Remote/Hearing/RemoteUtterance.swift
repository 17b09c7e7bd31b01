import Flow
import Sound
import VoiceCore
import Wire
import JSON

/// One utterance on its way through another Hearsay.
struct RemoteUtterance: Sendable {
    /// Why a reading is worth nothing though the other server makes one.
    enum Fault: Error, Hashable, Sendable {
        /// Some of the audio was lost on the way.
        case gap
    }

    /// 60 ms at 16 kHz.
    private static let frameLength = 960
    /// How much goes at once: PROTOCOL.md, section 4, lets 30 s wait there, and a busy server needs some of them.
    private static let headStart = 20 * UtteranceAudio.sampleRate

    private let audio: UtteranceAudio
    private let connection: ServerConnection
    private let partials: Channel<PartialTranscript>
    private let timeline: Timeline
    private let source = SourceID.random()
    /// Whether the other server wants it no faster than it was spoken.
    private let isSlow = Monitor(false)

    init(
        _ audio: UtteranceAudio, over connection: ServerConnection, _ partials: Channel<PartialTranscript>,
        timeline: Timeline = .live()
    ) {
        self.audio = audio
        self.connection = connection
        self.partials = partials
        self.timeline = timeline
    }

    /// Sends it while it grows.
    ///
    /// - Returns: What the other server understood of it.
    /// - Throws: `RemoteError`, or `Fault` where it understood only a part.
    func read(_ settings: RecognitionSettings, _ detection: VoiceDetectionSettings) async throws -> Transcript {
        let filter = try EventFilter(names: ["transcript.*", "source.gap", "source.stopped"], sources: [source])
        _ = try await connection.request(.subscribe(SubscribeCommand(filter: filter, lastSequence: nil)))
        var command = SourceOpenCommand(SourceFormat(codec: .pcmS16, sampleRate: UtteranceAudio.sampleRate))
        (command.source, command.role) = (source, .relay)
        (command.recognition, command.detection) = (settings, detection)
        let reply = try await connection.request(.sourceOpen(command))
        guard let channel = reply["channel"]?.whole.flatMap(UInt32.init(exactly:)) else { throw RemoteError.lost }
        return try await withThrowingTaskGroup(of: Transcript?.self) { group in
            group.addTask {
                try await send(on: channel)
                return nil
            }
            group.addTask { try await collect() }
            defer { group.cancelAll() }
            while let transcript = try await group.next() { if let transcript { return transcript } }
            throw RemoteError.lost
        }
    }

    private func send(on channel: UInt32) async throws {
        var position = 0
        var sequence: UInt32 = 0
        while !Task.isCancelled, let samples = await audio.samples(from: position, atMost: Self.frameLength) {
            let header = AudioFrameHeader(
                kind: .audioIn, flags: position == 0 ? .first : [], channel: channel, sequence: sequence,
                timestamp: UInt32(truncatingIfNeeded: position))
            guard await connection.send(audio: header.bytes() + PCM16.bytes(of: Array(samples))) else {
                throw RemoteError.lost
            }
            position += samples.count
            sequence += 1
            await pause(behind: position, samples.count)
        }
        try Task.checkCancellation()
        _ = try await connection.request(.sourceOrder(SourceOrderCommand(.close, source)))
    }

    /// Waits behind a frame where what follows would come too fast.
    private func pause(behind position: Int, _ sampleCount: Int) async {
        let length = Duration.seconds(1) * sampleCount / UtteranceAudio.sampleRate
        let isSlow = isSlow.withLock { $0 }
        guard isSlow || position > Self.headStart else { return }
        await timeline.sleep(until: timeline.now + (isSlow ? length : length / RemoteSource.speed))
    }

    private func collect() async throws -> Transcript {
        var said = Transcript(text: "")
        while let incoming = await connection.incoming.next() {
            guard case .message(let message) = incoming, message["source_id"]?.text == source.rawValue else { continue }
            switch message["type"]?.text {
            case "transcript.partial":
                let open = (message["confirmed"]?.text ?? "") + (message["tentative"]?.text ?? "")
                _ = partials.offer(PartialTranscript(tentative: Self.joined(said.text, open)))
            case "transcript.final": said = Self.together(said, message)
            case "transcript.failed" where message["code"]?.text != "no_speech":
                throw RemoteError.refused(code: message["code"]?.text ?? "", message: "it did not understand in time")
            case "source.control": take(message)
            case "source.gap":
                // So that nobody there waits for the rest.
                connection.send(.sourceOrder(SourceOrderCommand(.close, source)))
                throw Fault.gap
            case "source.stopped" where message["reason"]?.text == "closed": return said
            case "source.stopped": throw RemoteError.lost
            default: break
            }
        }
        throw RemoteError.lost
    }

    private func take(_ message: JSONValue) {
        guard case .control(_, let control, _)? = SourceNotice(message) else { return }
        switch control {
        case .slowDown: isSlow.withLock { $0 = true }
        case .resume: isSlow.withLock { $0 = false }
        case .pause, .stop: break
        }
    }

    private static func joined(_ first: String, _ second: String) -> String {
        first.isEmpty || second.isEmpty ? first + second : first + " " + second
    }

    /// What was said before, and a final text; its times are from the source's first sample, which is the utterance's.
    private static func together(_ said: Transcript, _ message: JSONValue) -> Transcript {
        let words = (message["words"]?.elements ?? []).compactMap { word -> TranscriptWord? in
            guard let text = word["text"]?.text, let start = word["start_ms"]?.whole, let end = word["end_ms"]?.whole
            else { return nil }
            return TranscriptWord(
                text: text, start: .milliseconds(start), end: .milliseconds(end), confidence: word["confidence"]?.number
            )
        }
        return Transcript(
            text: joined(said.text, message["text"]?.text ?? ""), words: said.words + words,
            confidence: message["confidence"]?.number, language: message["language"]?.text)
    }
}
