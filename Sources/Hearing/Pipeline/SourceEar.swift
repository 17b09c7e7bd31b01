internal import Sound
package import VoiceCore

/// Finds the utterances in the audio of one source, as it comes: decoded, in its place, cut into windows, judged.
///
/// All times are from the source's first sample.
package struct SourceEar: ~Copyable {
    /// What was found, in its order.
    package enum Finding: Sendable {
        /// So much is missing.
        case gap(Duration)
        /// Somebody began to speak; `late` is how much later than usual the audio came.
        case speechStarted(at: Duration, late: Duration?)
        case speechStopped(at: Duration)
        /// An utterance began; it may go on after speech that was cut because it is long.
        case began(HeardUtterance)
        case ended(HeardUtterance)
    }

    /// Four levels a second are as many as a meter shows.
    private static let levelInterval = Int(Duration.milliseconds(250) / SpeechWindow.duration)

    private let format: SourceFormat
    private let stream: any SpeechDetectorStream
    /// Goes on while the detector has no answer.
    private var substitute: EnergyDetector?
    private var decoder: SourceDecoder
    /// Takes noise away; nil where the source does not ask for it.
    private var reducer: (any NoiseReducerStream)?
    private var arrival: Arrival
    private var lateness = Lateness()
    private var windows = WindowCutter()
    private var cutting: Cutting
    private var loudness: (level: Double, count: Int) = (Level.silence, 0)

    /// - Parameter position: From where on the source's audio is not known; nil for a new source.
    package init(
        _ format: SourceFormat, detector: any SpeechDetector, rules: SegmentRules, from position: Duration? = nil
    ) throws {
        self.format = format
        stream = detector.openStream()
        decoder = try SourceDecoder(format)
        let first = position.map { AudioFormat(sampleRate: format.sampleRate).sampleCount(in: $0) }
        arrival = Arrival(sampleRate: format.sampleRate, position: first)
        cutting = Cutting(rules, from: position?.sampleCount ?? 0)
    }

    /// Takes other rules, from the end of the utterance under way on.
    package mutating func change(_ rules: SegmentRules) {
        cutting.nextRules = rules
    }

    /// Takes noise away from now on, or no more.
    package mutating func use(_ reducer: (any NoiseReducerStream)?) async throws -> [Finding] {
        let rest = await self.reducer?.finish() ?? []
        self.reducer = reducer
        return await judge(rest, .zero)
    }

    /// Takes the next frame.
    package mutating func take(_ frame: SourceFrame) async throws -> [Finding] {
        switch arrival.take(timestamp: frame.timestamp, sampleCount: frame.sampleCount) {
        case .duplicate: return []
        case .following(let silence, let known):
            noteArrival(frame)
            var samples = silence > 0 ? try decoder.silence(silence) : []
            samples += try decode(frame, leavingOut: known)
            return try await hear(samples, frame.arrivedAt)
        case .apart(let missing):
            noteArrival(frame)
            var findings = try await end(frame.arrivedAt)
            let start = (arrival.position ?? 0) - frame.sampleCount
            cutting.skip(to: format.duration(of: start).sampleCount)
            if let missing { findings.append(.gap(format.duration(of: missing))) }
            return try await findings + hear(decode(frame, leavingOut: 0), frame.arrivedAt)
        }
    }

    /// Ends the utterance under way; what comes next may lie anywhere.
    package mutating func flush(at time: Duration) async throws -> [Finding] {
        arrival.allowGap()
        return try await end(time)
    }

    private mutating func end(_ time: Duration) async throws -> [Finding] {
        var findings = try await hear(decoder.finish(), time)
        if let reducer { findings += await judge(reducer.finish(), time) }
        let rest = windows.takeRest()
        if !rest.isEmpty {
            let padded = rest + Array(repeating: 0, count: SpeechWindow.sampleCount - rest.count)
            findings += cutting.take(rest, await probability(of: padded), lateness, time)
        }
        findings += cutting.interrupt(lateness, time)
        await stream.reset()
        substitute = nil
        return findings
    }

    private mutating func noteArrival(_ frame: SourceFrame) {
        lateness.take(position: format.duration(of: arrival.position ?? 0), arrivedAt: frame.arrivedAt)
    }

    /// A packet that its codec cannot read counts as silence.
    private mutating func decode(_ frame: SourceFrame, leavingOut known: Int) throws -> [Int16] {
        do {
            return try decoder.decode(frame.payload, leavingOut: known)
        } catch is OpusError {
            return try decoder.silence(frame.sampleCount - known)
        }
    }

    private mutating func hear(_ samples: [Int16], _ time: Duration) async throws -> [Finding] {
        if let reducer { return await judge(reducer.clean(samples), time) }
        return await judge(samples, time)
    }

    private mutating func judge(_ samples: [Int16], _ time: Duration) async -> [Finding] {
        var findings: [Finding] = []
        for window in windows.cut(samples) {
            loudness = (max(loudness.level, Level.decibels(of: window)), loudness.count + 1)
            findings += cutting.take(window, await probability(of: window), lateness, time)
        }
        return findings
    }

    /// How loud the loudest of the last windows was, as often as is worth telling.
    package mutating func takeLevel() -> Double? {
        guard loudness.count >= Self.levelInterval else { return nil }
        defer { loudness = (Level.silence, 0) }
        return loudness.level
    }

    /// A detector that died in the middle of a sentence ends nothing: what is loud and sounds like a voice counts as one
    /// until it is back.
    private mutating func probability(of window: [Int16]) async -> Double {
        do throws(DetectionError) {
            let probability = try await stream.probability(of: window)
            substitute = nil
            return probability
        } catch {
            var detector = substitute ?? EnergyDetector()
            defer { substitute = detector }
            return detector.probability(of: window)
        }
    }
}
