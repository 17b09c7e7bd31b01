package import Sound
package import VoiceCore

/// Reads everything that was said in a recording, several utterances at a time.
package struct RecordingTranscription: Sendable {
    /// Why a recording was not read.
    package enum Failure: Error, Hashable, Sendable {
        case audio(ResamplerError)
        case detector(DetectionError)
        case transcriber(TranscriptionError)
    }

    private let transcriber: any Transcriber
    private let detector: any SpeechDetector
    private let rules: SegmentRules
    private let language: String?
    private let translates: Bool
    private let concurrency: Int

    /// - Parameters:
    ///   - language: BCP 47; nil for whatever the engine knows best.
    ///   - translates: Whether English is wanted, whatever was spoken; only of an engine that has such a reading.
    ///   - concurrency: How many utterances are read at the same time.
    package init(
        _ transcriber: any Transcriber, detector: any SpeechDetector, rules: SegmentRules = SegmentRules(),
        language: String? = nil, translates: Bool = false, concurrency: Int
    ) {
        self.translates = translates
        self.transcriber = transcriber
        self.detector = detector
        self.rules = rules.bounded
        self.language = language
        self.concurrency = max(1, concurrency)
    }

    /// Reads a recording.
    ///
    /// - Parameters:
    ///   - next: Gives the recording's audio piece by piece, and nil at its end; what it throws ends the reading.
    ///   - tell: Called in the order in which it was said, as soon as each is known.
    package func read(_ next: () async throws -> AudioChunk?, tell: (SaidText) async -> Void) async throws {
        try await withThrowingTaskGroup(of: (Int, SaidText).self) { group in
            var order = Order()
            let stream = detector.openStream()
            var windows = WindowCutter()
            var cutter = UtteranceCutter(rules)
            var samples = try Self.hearable { () throws(ResamplerError) in try HearableSamples() }
            var isAtEnd = false
            while !isAtEnd {
                try Task.checkCancellation()
                let chunk = try await next()
                isAtEnd = chunk == nil
                let piece = try Self.hearable { () throws(ResamplerError) in
                    if let chunk { try samples.take(chunk) } else { try samples.finish() }
                }
                for window in windows.cut(piece) {
                    let events = cutter.take(window, probability: try await Self.ask(stream, window))
                    for case .ended(let utterance, _, _) in events {
                        if order.runningCount == concurrency { try await order.take(group.next(), tell) }
                        let place = order.begin()
                        group.addTask { (place, try await read(utterance)) }
                    }
                }
            }
            for case .ended(let utterance, _, _) in cutter.interrupt() {
                let place = order.begin()
                group.addTask { (place, try await read(utterance)) }
            }
            while order.runningCount > 0 { try await order.take(group.next(), tell) }
        }
    }

    /// Names the failure of a resampler as ours.
    private static func hearable<Result: ~Copyable>(_ work: () throws(ResamplerError) -> Result) throws(Failure)
        -> Result
    {
        do throws(ResamplerError) {
            return try work()
        } catch {
            throw .audio(error)
        }
    }

    private static func ask(_ stream: any SpeechDetectorStream, _ window: [Int16]) async throws -> Double {
        do throws(DetectionError) {
            return try await stream.probability(of: window)
        } catch {
            throw Failure.detector(error)
        }
    }

    private func read(_ utterance: UtteranceCutter.Utterance) async throws -> SaidText {
        let reading: Reading =
            if translates {
                .translation
            } else if transcriber.readings.contains(.second) {
                // There is time: the better reading is the only one, where the engine has it.
                .second
            } else {
                .live(partials: false)
            }
        let transcript: Transcript?
        do throws(TranscriptionError) {
            transcript = try await read(utterance, reading)
        } catch {
            throw Failure.transcriber(error)
        }
        guard let transcript else { throw CancellationError() }
        let format = AudioFormat(sampleRate: UtteranceAudio.sampleRate)
        let start = format.duration(of: utterance.start)
        return SaidText(
            start: start, end: start + format.duration(of: utterance.audio.sampleCount), transcript: transcript,
            doubt: InventionRule().reason(against: transcript.text, utterance.evidence))
    }
}

extension RecordingTranscription {
    /// Reads with less effort what the engine has no time for otherwise.
    private func read(
        _ utterance: UtteranceCutter.Utterance, _ reading: Reading
    ) async throws(TranscriptionError) -> Transcript? {
        do throws(TranscriptionError) {
            let request = TranscriptionRequest(reading: reading, language: language)
            return try await transcriber.transcribe(utterance.audio, as: request) { _ in }
        } catch {
            guard case .shed = error, reading == .second else { throw error }
            return try await read(utterance, .live(partials: false))
        }
    }
}

/// Brings texts that become known in any order back into that in which they were said.
private struct Order {
    private var begunCount = 0
    private var toldCount = 0
    private var waiting: [Int: SaidText] = [:]

    /// Texts that are being read.
    var runningCount: Int { begunCount - toldCount - waiting.count }

    /// - Returns: The place of the next text.
    mutating func begin() -> Int {
        defer { begunCount += 1 }
        return begunCount
    }

    mutating func take(_ read: (place: Int, text: SaidText)?, _ tell: (SaidText) async -> Void) async {
        guard let read else { return }
        waiting[read.place] = read.text
        while let text = waiting.removeValue(forKey: toldCount) {
            toldCount += 1
            await tell(text)
        }
    }
}
