import Hearing
import Testing
import VoiceCore

@Suite struct BacklogTests {
    @Test func `what waits for its text holds at most five minutes of audio`() {
        let backlog = Backlog()
        let waiting = (0..<6).map { _ in Self.utterance(.seconds(50)) }
        for utterance in waiting { #expect(backlog.add(utterance)) }
        let late = Self.utterance(.zero)
        #expect(!backlog.add(late))
        backlog.remove(waiting[0])
        #expect(backlog.add(late))
    }

    private static func utterance(_ length: Duration) -> HeardUtterance {
        let count = Int(length / .seconds(1)) * UtteranceAudio.sampleRate
        return HeardUtterance(
            audio: UtteranceAudio(Array(repeating: 0, count: count)), start: .zero, startedAt: .zero)
    }
}
