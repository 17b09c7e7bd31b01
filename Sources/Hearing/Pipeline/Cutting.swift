internal import VoiceCore

/// Makes findings of what a cutter finds, in the time of the source.
struct Cutting: Sendable {
    /// Taken once nobody speaks.
    var nextRules: SegmentRules?
    /// The utterance under way.
    private(set) var current: HeardUtterance?
    private var rules: SegmentRules
    private var cutter: UtteranceCutter
    /// Where the cutter's first sample lies in the source, in samples at 16 kHz.
    private var origin: Int
    /// Samples that the cutter knows of.
    private var count = 0
    private var goesOn = false

    init(_ rules: SegmentRules, from position: Int) {
        self.rules = rules
        cutter = UtteranceCutter(rules)
        origin = position
    }

    /// Takes the next window.
    mutating func take(
        _ samples: [Int16], _ probability: Double, _ lateness: Lateness, _ time: Duration
    ) -> [SourceEar.Finding] {
        count += samples.count
        let findings = cutter.take(samples, probability: probability).flatMap { finding($0, lateness, time) }
        takeRules()
        return findings
    }

    /// Ends what is under way.
    mutating func interrupt(_ lateness: Lateness, _ time: Duration) -> [SourceEar.Finding] {
        let findings = cutter.interrupt().flatMap { finding($0, lateness, time) }
        takeRules()
        return findings
    }

    /// What comes next lies at `position` of the source, in samples at 16 kHz; nothing is under way.
    mutating func skip(to position: Int) {
        cutter = UtteranceCutter(rules)
        origin = position
        count = 0
    }

    private mutating func takeRules() {
        guard current == nil, let next = nextRules else { return }
        nextRules = nil
        rules = next
        skip(to: origin + count)
    }

    private mutating func finding(
        _ event: UtteranceCutter.Event, _ lateness: Lateness, _ time: Duration
    ) -> [SourceEar.Finding] {
        switch event {
        case .tooShort: return []
        case .began(let utterance):
            let start = place(utterance.start)
            let heard = HeardUtterance(
                audio: utterance.audio, start: start, startedAt: lateness.time(of: start) ?? time)
            current = heard
            if goesOn { return [.began(heard)] }
            return [.speechStarted(at: place(utterance.speechStart), late: lateness.last), .began(heard)]
        case .ended(let utterance, let speechEnd, let isCut):
            guard let heard = current else { return [] }
            current = nil
            goesOn = isCut
            let silence = place(count) - place(speechEnd)
            heard.end(
                HeardUtterance.Ending(
                    end: heard.start + utterance.audio.duration, evidence: utterance.evidence,
                    speechEndedAt: time - silence, knownAt: time))
            return isCut ? [.ended(heard)] : [.speechStopped(at: place(speechEnd)), .ended(heard)]
        }
    }

    /// The time of a sample of the cutter's.
    private func place(_ sample: Int) -> Duration {
        .microseconds((origin + sample) * 1_000_000 / UtteranceAudio.sampleRate)
    }
}
