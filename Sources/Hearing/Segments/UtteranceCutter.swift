package import VoiceCore

/// Makes utterances of a source's windows, each with its audio from the first moment on.
package struct UtteranceCutter: Sendable {
    /// An utterance as it is begun and ended; positions are samples since the source's beginning.
    package struct Utterance: Sendable {
        package let audio: UtteranceAudio
        /// Of its first sample.
        package let start: Int
        /// Where somebody was first heard; for the rest of a cut utterance, its start.
        package let speechStart: Int
        /// What spoke for it so far.
        package fileprivate(set) var evidence = SpeechEvidence()
    }

    /// What a window brought about, in its order.
    package enum Event: Sendable {
        /// An utterance began; its audio grows from now on.
        case began(Utterance)
        /// It is complete; nobody has spoken since `speechEnd`. After a cut the next one begins in the same moment.
        case ended(Utterance, speechEnd: Int, isCut: Bool)
        /// Something was too short to be speech.
        case tooShort(start: Int)
    }

    private let rules: SegmentRules
    private var segmenter: Segmenter
    /// Samples that an utterance may still want, from `keptStart` on.
    private var kept: [Int16] = []
    private var keptStart = 0
    private var current: Utterance?
    /// The number of the next sample.
    private var position = 0

    package init(_ rules: SegmentRules = SegmentRules()) {
        self.rules = rules.bounded
        segmenter = Segmenter(rules)
    }

    /// Takes the next window.
    ///
    /// - Parameter probability: How likely it holds speech.
    package mutating func take(_ samples: [Int16], probability: Double) -> [Event] {
        let window = Segmenter.Window(
            sampleCount: samples.count, probability: probability, level: Level.decibels(of: samples))
        kept.append(contentsOf: samples)
        position += samples.count
        current?.evidence.take(window, threshold: rules.threshold)
        let events = segmenter.take(window).flatMap { apply($0, window) }
        if let settled = segmenter.settled { feed(until: settled) }
        forget()
        return events
    }

    /// Ends what is under way, because nothing follows or a gap does.
    ///
    /// - Parameter gap: How many samples are missing until the next window.
    package mutating func interrupt(gap: Int = 0) -> [Event] {
        let events = segmenter.interrupt(gap: gap).flatMap { apply($0, nil) }
        position += gap
        kept = []
        keptStart = position
        return events
    }

    private mutating func apply(_ action: Segmenter.Action, _ window: Segmenter.Window?) -> [Event] {
        switch action {
        case .begin(let audio, let speech): return [begin(audio, speech, window)]
        case .tooShort(let start): return [.tooShort(start: start)]
        case .end(let audio, let speech): return end(audio, speech, isCut: false)
        case .cut(let audio): return end(audio, audio, isCut: true) + [begin(audio, audio, nil)]
        }
    }

    private mutating func begin(_ start: Int, _ speech: Int, _ window: Segmenter.Window?) -> Event {
        var utterance = Utterance(audio: UtteranceAudio(), start: start, speechStart: speech)
        if let window {
            // The windows that made the segmenter sure were speech; only the last one is at hand as such.
            let count = max(1, (position - speech) / SpeechWindow.sampleCount)
            for _ in 0..<count { utterance.evidence.take(window, threshold: rules.threshold) }
        }
        current = utterance
        return .began(utterance)
    }

    private mutating func end(_ audio: Int, _ speech: Int, isCut: Bool) -> [Event] {
        guard let utterance = current else { return [] }
        feed(until: audio)
        utterance.audio.finish()
        current = nil
        return [.ended(utterance, speechEnd: speech, isCut: isCut)]
    }

    /// Gives the utterance its samples up to `end`, as far as it has not got them.
    private func feed(until end: Int) {
        guard let current else { return }
        let next = current.start + current.audio.sampleCount
        guard next < end else { return }
        let isTaken = current.audio.append(Array(kept[(next - keptStart)..<(end - keptStart)]))
        precondition(isTaken, "the rules cut an utterance before its audio is full")
    }

    private mutating func forget() {
        let oldest = current.map { $0.start + $0.audio.sampleCount } ?? segmenter.oldestWanted
        let count = min(max(0, oldest - keptStart), kept.count)
        kept.removeFirst(count)
        keptStart += count
    }
}
