internal import Flow
package import Sound
package import VoiceCore

/// Why a recording was not read for a caller.
package enum RecordingRefusal: Error, Hashable, Sendable {
    /// So many are read already.
    case tooMany(limit: Int)
    /// It lasts longer than that.
    case tooLong(Duration)
    /// There is none of that name; nil where there is none at all.
    case unknownEngine(String?)
    case recording(RecordingError)
    case conversion(ConversionError)
    case transcription(RecordingTranscription.Failure)
}

/// How much is read for callers.
package struct RecordingLimits: Hashable, Sendable {
    /// Recordings at the same time.
    package var count: Int
    /// How long one may last.
    package var length: Duration

    package init(count: Int, length: Duration) {
        self.count = count
        self.length = length
    }
}

/// Reads recordings for callers who want the text themselves: no source, no event.
///
/// They share only the engines, where those who are speaking go first: for all callers together a few utterances are read
/// at a time.
package final class RecordingDesk: Sendable {
    private let transcribers: TranscriberRoster
    private let detector: any SpeechDetector
    private let converter: (any RecordingConverter)?
    private let limits: RecordingLimits
    private let callers = Monitor(0)
    private let gate: UtteranceGate

    /// - Parameters:
    ///   - converter: Reads what is not read here.
    ///   - readers: Utterances that are read at the same time, for all callers together.
    package init(
        _ transcribers: TranscriberRoster, detector: any SpeechDetector, converter: (any RecordingConverter)?,
        limits: RecordingLimits, readers: Int
    ) {
        self.transcribers = transcribers
        self.detector = detector
        self.converter = converter
        self.limits = limits
        gate = UtteranceGate(places: max(1, readers))
    }

    /// The engines that can be asked.
    package var engines: [String] { transcribers.names }

    /// Those of them that can write down in English what was said in another language, as far as is known; those of
    /// this machine first.
    package var translators: [String] {
        let able = engines.compactMap { transcribers.transcriber(named: $0) }
            .filter { $0.readings.contains(.translation) }
        return able.filter { !TranscriberRoster.isElsewhere($0) }.map(\.name)
            + able.filter { TranscriberRoster.isElsewhere($0) }.map(\.name)
    }

    /// The languages that an engine says it understands, each once; none where it cannot say.
    package func languages(of engine: String) async -> [String] {
        await Set(transcribers.transcriber(named: engine)?.models().flatMap(\.languages) ?? []).sorted()
    }

    /// Reads a recording; cancelling the task ends the work.
    ///
    /// - Parameters:
    ///   - engine: Nil for the usual one.
    ///   - translates: Whether English is wanted, whatever was spoken; only of `translators`.
    ///   - tell: Called in the order in which it was said, as soon as each is known.
    /// - Returns: How long the recording lasts.
    package func read(
        _ bytes: ArraySlice<UInt8>, language: String?, engine: String? = nil, translates: Bool = false,
        tell: (SaidText) async -> Void
    ) async throws -> Duration {
        guard let transcriber = transcribers.transcriber(named: engine) else {
            throw RecordingRefusal.unknownEngine(engine)
        }
        try enter()
        defer { leave() }
        let reader = try await open(bytes)
        let transcription = RecordingTranscription(
            PatientTranscriber(transcriber: transcriber, gate: gate), detector: detector, language: language,
            translates: translates, concurrency: gate.places)
        var length = Duration.zero
        do {
            try await transcription.read {
                guard let chunk = try self.chunk(of: reader) else { return nil }
                length += chunk.duration
                guard length <= self.limits.length else { throw RecordingRefusal.tooLong(self.limits.length) }
                return chunk
            } tell: {
                await tell($0)
            }
        } catch let failure as RecordingTranscription.Failure {
            throw RecordingRefusal.transcription(failure)
        }
        return length
    }

    /// Finds where somebody speaks in a recording, without reading what; cancelling the task ends the work.
    package func detect(_ bytes: ArraySlice<UInt8>) async throws -> SpeechInRecording {
        try enter()
        defer { leave() }
        let reader = try await open(bytes)
        let stream = detector.openStream()
        var windows = WindowCutter()
        var speech = SpeechInRecording.Reader(SegmentRules().bounded)
        var length = Duration.zero
        do {
            var samples = try HearableSamples()
            var isAtEnd = false
            while !isAtEnd {
                try Task.checkCancellation()
                let chunk = try chunk(of: reader)
                isAtEnd = chunk == nil
                length += chunk?.duration ?? .zero
                guard length <= limits.length else { throw RecordingRefusal.tooLong(limits.length) }
                let piece = if let chunk { try samples.take(chunk) } else { try samples.finish() }
                for window in windows.cut(piece) { speech.take(window, try await stream.probability(of: window)) }
            }
        } catch let error as ResamplerError {
            throw RecordingRefusal.transcription(.audio(error))
        } catch let error as DetectionError {
            throw RecordingRefusal.transcription(.detector(error))
        }
        speech.finish()
        var found = speech.found
        found.length = length
        return found
    }

    /// The name of what tells speech from other sounds.
    package var detectorName: String { detector.name }

    private func enter() throws(RecordingRefusal) {
        let isWelcome = callers.update { [limits] count in
            guard count < limits.count else { return false }
            count += 1
            return true
        }
        guard isWelcome else { throw .tooMany(limit: limits.count) }
    }

    private func leave() { callers.update { $0 -= 1 } }

    private func chunk(of reader: any RecordingReader) throws(RecordingRefusal) -> AudioChunk? {
        do throws(RecordingError) {
            return try reader.next()
        } catch {
            throw .recording(error)
        }
    }

    private func open(_ bytes: ArraySlice<UInt8>) async throws(RecordingRefusal) -> any RecordingReader {
        let kind: RecordingKind
        do throws(RecordingError) {
            kind = try RecordingKind(bytes)
            return try kind.reader(of: bytes)
        } catch {
            guard case .unsupported(.foreign(let container)) = error else { throw .recording(error) }
            return try await convert(bytes, from: container)
        }
    }

    private func convert(
        _ bytes: ArraySlice<UInt8>, from container: ForeignContainer
    ) async throws(RecordingRefusal) -> any RecordingReader {
        guard let converter else { throw .conversion(.notInstalled) }
        do throws(ConversionError) {
            // One second more than may be, so that what is too long is seen.
            return try await converter.convert(bytes, from: container, limit: limits.length + .seconds(1))
        } catch {
            throw .conversion(error)
        }
    }
}

/// Lets a few utterances at a time in.
private final class UtteranceGate: Sendable {
    let places: Int
    private let taken = Monitor(0)

    init(places: Int) {
        self.places = places
    }

    /// - Returns: False when the task was cancelled first.
    func enter() async -> Bool {
        await taken.wait { [places] taken in
            guard taken < places else { return nil }
            taken += 1
            return true
        } ?? false
    }

    func leave() { taken.update { $0 -= 1 } }
}

/// An engine that waits for its turn before each utterance.
private struct PatientTranscriber: Transcriber {
    let transcriber: any Transcriber
    let gate: UtteranceGate

    var name: String { transcriber.name }
    var readings: ReadingKinds { transcriber.readings }
    var languages: [String] { transcriber.languages }

    func models() async -> [TranscriberModel] { await transcriber.models() }

    func transcribe(
        _ audio: UtteranceAudio, as request: TranscriptionRequest,
        emit: @Sendable (PartialTranscript) async -> Void
    ) async throws(TranscriptionError) -> Transcript? {
        guard await gate.enter() else { return nil }
        defer { gate.leave() }
        return try await transcriber.transcribe(audio, as: request, emit: emit)
    }
}
