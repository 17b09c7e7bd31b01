import Sound
import Testing
import VoiceCore
import Wire

@testable import Remote

@Suite struct ReceivedAudioTests {
    private func begin(_ channel: UInt32, at start: Duration = .zero, job: String = "job_1") -> ReceivedAudio {
        ReceivedAudio(
            AudioBegin(
                listener: ListenerID("lis_1"), job: JobID(job), channel: channel, sampleRate: 1_000, start: start))
    }

    @Test func `what was received ends where the samples end, in job time`() {
        var audio = begin(1, at: .seconds(2))
        audio.append(Array(repeating: 1, count: 500))
        #expect(audio.received == .milliseconds(2_500))
    }

    @Test func `a continuation drops what is there already`() async {
        var audio = begin(1)
        audio.append([1, 2, 3, 4])
        let isContinued = audio.continue(with: begin(3, at: .milliseconds(2)))
        #expect(isContinued)
        #expect(audio.channel == 3)
        audio.append([3])
        audio.append([4, 5, 6])
        audio.end()
        #expect(await audio.take.reader(from: .zero).next(atMost: 100) == .samples([1, 2, 3, 4, 5, 6]))
    }

    @Test(arguments: [(Duration.milliseconds(5), "job_1"), (.zero, "job_2")])
    func `a gap or another job needs a new take`(start: Duration, job: String) {
        var audio = begin(1)
        audio.append([1, 2, 3, 4])
        let isContinued = audio.continue(with: begin(3, at: start, job: job))
        #expect(!isContinued)
    }

    @Test func `nothing is added behind the end`() {
        var audio = begin(1)
        audio.append([1])
        audio.end()
        audio.append([2])
        #expect(audio.received == .milliseconds(1))
        let isContinued = audio.continue(with: begin(3, at: .milliseconds(1)))
        #expect(!isContinued)
    }
}
