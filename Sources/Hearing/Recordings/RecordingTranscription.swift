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
    private let concurrency: Int

    /// - Parameters:
    ///   - language: BCP 47; nil for whatever the engine knows best.
    ///   - concurrency: How many utterances are read at the same time.
    package init(
        _ transcriber: any Transcriber, detector: any SpeechDetector, rules: SegmentRules = SegmentRules(),
        language: String? = nil, concurrency: Int
    ) {
        self.transcriber = transcriber
        self.detector = detector
        self.rules = rules.bounded
        self.language = language
        self.concurrency = max(1, concurrency)
    }

    /// Reads a recording.
    ///
    /// - Parameter tell: Called in the order in which it was said, as soon as each is known.
    package func read(_ recording: AudioChunk, tell: (SaidText) async -> Void) async throws {
        let samples = try Self.hearable(recording)
        try await withThrowingTaskGroup(of: (Int, SaidText).self) { group in
            var order = Order()
            let stream = detector.openStream()
            var windows = WindowCutter()
            var cutter = UtteranceCutter(rules)
            for window in windows.cut(samples) {
                let events = cutter.take(window, probability: try await Self.ask(stream, window))
                for case .ended(let utterance, _, _) in events {
                    if order.runningCount == concurrency { try await order.take(group.next(), tell) }
                    let place = order.begin()
                    group.addTask { (place, try await read(utterance)) }
                }
            }
            for case .ended(let utterance, _, _) in cutter.interrupt() {
                let place = order.begin()
                group.addTask { (place, try await read(utterance)) }
            }
            while order.runningCount > 0 { try await order.take(group.next(), tell) }
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
        // There is time: the better reading is the only one, where the engine has it.
        let reading: Reading = transcriber.readings.contains(.second) ? .second : .live(partials: false)
        let request = TranscriptionRequest(reading: reading, language: language)
        let transcript: Transcript?
        do throws(TranscriptionError) {
            transcript = try await transcriber.transcribe(utterance.audio, as: request) { _ in }
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

    /// The recording as engines want it: one channel at 16 kHz.
    private static func hearable(_ recording: AudioChunk) throws -> [Int16] {
        let count = recording.format.channelCount
        let mono =
            count == 1
            ? recording.samples
            : (0..<recording.sampleCount).map { index in
                Int16((0..<count).reduce(0) { $0 + Int(recording.samples[index * count + $1]) } / count)
            }
        do throws(ResamplerError) {
            var resampler = try Resampler(from: recording.format.sampleRate, to: UtteranceAudio.sampleRate)
            return try resampler.resample(mono) + resampler.finish()
        } catch {
            throw Failure.audio(error)
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
