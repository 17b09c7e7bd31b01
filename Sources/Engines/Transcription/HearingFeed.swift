internal import Flow
private import Sound
internal import VoiceCore
private import Wyoming

/// Carries an utterance to a worker as it grows.
final class HearingFeed: Sendable {
    private let audio: UtteranceAudio
    private let mouth: HearingMouth
    private let timeline: Timeline
    /// When everything was said; nil before.
    private let end = Monitor<Duration?>(nil)

    /// 100 ms: what one event holds at most, as in the measurements of notes on the engine.
    private static let pieceSampleCount = 1_600

    init(_ audio: UtteranceAudio, to mouth: HearingMouth, timeline: Timeline) {
        self.audio = audio
        self.mouth = mouth
        self.timeline = timeline
    }

    /// Of what was said so far.
    var length: Duration { audio.duration }

    /// Whether the worker has had everything for so long.
    func hasEnded(longerThan limit: Duration) -> Bool {
        guard let end = end.withLock({ $0 }) else { return false }
        return timeline.now - end > limit
    }

    /// Returns when everything is sent, the connection broke, or the task was cancelled.
    func run() async {
        // A connection that breaks is seen by whoever reads from it, who knows what to make of it.
        try? await send()
        let now = timeline.now
        end.update { $0 = now }
    }

    private func send() async throws {
        try await mouth.begin()
        var position = 0
        while let samples = await audio.samples(from: position, atMost: Self.pieceSampleCount) {
            try await mouth.say(PCM16.bytes(of: samples))
            position += samples.count
        }
        if !Task.isCancelled { try await mouth.end() }
    }
}
