import Sound
import Testing

@testable import VoiceCore

@Suite(.timeLimit(.minutes(1))) struct TakeTests {
    private func chunk(_ range: Range<Int>) -> AudioChunk {
        AudioChunk(format: AudioFormat(sampleRate: 1_000), samples: range.map { Int16(truncatingIfNeeded: $0) })
    }

    @Test func `every reader gets every sample, at its own pace`() async {
        let take = Take()
        let slow = take.reader(from: .zero)
        take.append(chunk(0..<100))
        let fast = take.reader(from: .zero)
        #expect(await fast.next(atMost: 500) == .samples((0..<100).map(Int16.init)))
        take.append(chunk(100..<150))
        take.end(.complete)
        #expect(await fast.next(atMost: 500) == .samples((100..<150).map(Int16.init)))
        #expect(await fast.next(atMost: 500) == .end)
        #expect(await slow.next(atMost: 120) == .samples((0..<120).map(Int16.init)))
    }

    @Test func `what no reader has passed can be taken back, and its words`() async {
        let take = Take()
        take.append(chunk(0..<100))
        let quick = take.reader(from: .zero)
        let slow = take.reader(from: .zero)
        #expect(await quick.next(atMost: 40) == .samples((0..<40).map(Int16.init)))
        take.append(
            words: [0, 30].map {
                WordTime(characterOffset: $0, characterCount: 1, start: .milliseconds($0), end: .milliseconds($0 + 5))
            },
            areEstimated: false)
        take.withdraw(from: .milliseconds(20))
        #expect(take.duration == .milliseconds(40) && take.words.map(\.characterOffset) == [0])
        take.withdraw(from: .milliseconds(60))
        take.append(chunk(70..<75))
        #expect(await quick.next(atMost: 100) == .samples([70, 71, 72, 73, 74]))
        #expect(await slow.next(atMost: 100) == .samples(Array(0..<40) + Array(70..<75)))
    }

    @Test func `a reader may begin in the middle`() async {
        let take = Take()
        take.append(chunk(0..<100))
        let reader = take.reader(from: .milliseconds(40))
        #expect(reader.firstSample == 40)
        #expect(await reader.next(atMost: 2) == .samples([40, 41]))
    }

    @Test func `a reader waits for audio, and a closed one ends`() async {
        let take = Take()
        let reader = take.reader(from: .zero)
        async let piece = reader.next(atMost: 10)
        take.append(chunk(0..<3))
        #expect(await piece == .samples([0, 1, 2]))
        async let rest = reader.next(atMost: 10)
        reader.close()
        #expect(await rest == nil)
    }

    @Test func `more is wanted only while the slowest reader has little ahead`() async {
        let take = Take()
        take.append(chunk(0..<5_000))
        let reader = take.reader(from: .zero)
        async let isWanted = take.waitForDemand(.seconds(3))
        _ = await reader.next(atMost: 2_500)
        #expect(await isWanted)
    }

    @Test func `nothing more is wanted after the end`() async {
        let take = Take()
        take.end(.complete)
        #expect(await take.waitForDemand(.seconds(3)) == false)
    }

    @Test func `trimming keeps what a reader has not read`() async {
        let take = Take()
        take.append(chunk(0..<20_000))
        let reader = take.reader(from: .zero)
        _ = await reader.next(atMost: 4_000)
        take.trim(before: .seconds(15))
        #expect(await reader.next(atMost: 1) == .samples([4_000]))
        reader.close()
        take.trim(before: .seconds(15))
        let late = take.reader(from: .zero)
        #expect(late.firstSample == 15_000)
        #expect(take.duration == .seconds(20))
    }

    @Test func `a position inside a word goes back to its start, one between words stays`() {
        let take = Take()
        take.append(
            words: [
                WordTime(characterOffset: 0, characterCount: 3, start: .milliseconds(100), end: .milliseconds(400)),
                WordTime(characterOffset: 4, characterCount: 3, start: .milliseconds(500), end: .milliseconds(900)),
            ], areEstimated: false)
        #expect(take.startOfWord(at: .milliseconds(650)) == .milliseconds(500))
        #expect(take.startOfWord(at: .milliseconds(450)) == .milliseconds(450))
        #expect(take.startOfWord(at: .milliseconds(50)) == .milliseconds(50))
    }
}
