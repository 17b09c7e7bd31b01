import Flow
import Testing
import VoiceCore
import Wire

@testable import Remote

@Suite(.timeLimit(.minutes(1))) struct SourceFeedTests {
    /// Gives pieces that a test has written down.
    private actor Tape: AudioInput {
        nonisolated let sampleRate = 16_000
        nonisolated let supply: AudioSupply
        private var pieces: [AudioPiece]

        init(_ supply: AudioSupply, _ pieces: [AudioPiece]) {
            self.supply = supply
            self.pieces = pieces
        }

        func next() async -> AudioPiece? { pieces.isEmpty ? nil : pieces.removeFirst() }
    }

    private static let format = SourceEncoder.format(.pcmS16)

    private static func source() -> RemoteSource {
        RemoteSource(
            [ServerAddress(url: "http://127.0.0.1:1", token: nil)], SourceOpenCommand(format), clientName: "test"
        ) { _ in }
    }

    /// What is to be sent next; nil at the end.
    private static func frame(_ source: RemoteSource) async -> ResendWindow.Frame? {
        guard case .frame(let frame, _)? = await source.nextStep() else { return nil }
        return frame
    }

    private static func seconds(_ count: Int) -> [AudioPiece] {
        Array(repeating: .samples(Array(repeating: 0, count: 16_000)), count: count)
    }

    @Test func `one server with room is enough to go on`() async throws {
        let (dead, living) = (Self.source(), Self.source())
        let feed = SourceFeed(Tape(.recording, Self.seconds(20)), codec: .pcmS16, pace: .fast)
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { try await feed.run(to: [dead, living], until: Latch()) }
            // Nobody takes what goes to the dead one.
            group.addTask { while await Self.frame(living) != nil {} }
            try await group.waitForAll()
        }
        var sampleCount = 0
        while let frame = await Self.frame(dead) { sampleCount += frame.sampleCount }
        #expect(sampleCount == 20 * 16_000)
    }

    @Test func `what a microphone missed is told and left out`() async throws {
        let told = Monitor<[SourceFeed.Update]>([])
        let source = Self.source()
        let pieces = Self.seconds(3) + [.lost, .missing(.seconds(5))] + Self.seconds(3)
        let feed = SourceFeed(Tape(.live, pieces), codec: .pcmS16, pace: .natural) { update in
            told.update { $0.append(update) }
        }
        try await feed.run(to: [source], until: Latch())
        var places: [Int] = []
        while let frame = await Self.frame(source) { places.append(frame.position) }
        #expect(told.withLock { $0 } == [.lost, .back(after: .seconds(5))])
        #expect(places.first == 0 && places.last == 16_000 * 11 - 960)
        #expect(zip(places, places.dropFirst()).map { $1 - $0 }.max() == 80_960)
    }

    @Test func `what happened to the audio is told as what it was`() async throws {
        let told = Monitor<[SourceFeed.Update]>([])
        let pieces: [AudioPiece] = [
            .missing(.seconds(1)), .lost, .missing(.seconds(5)), .missing(.seconds(2)), .short(by: .seconds(60)),
        ]
        let feed = SourceFeed(Tape(.live, pieces), codec: .pcmS16, pace: .natural) { update in
            told.update { $0.append(update) }
        }
        try await feed.run(to: [Self.source()], until: Latch())
        let expected: [SourceFeed.Update] = [
            .missed(.seconds(1)), .lost, .back(after: .seconds(5)), .missed(.seconds(2)), .short(by: .seconds(60)),
        ]
        #expect(told.withLock { $0 } == expected)
    }

    @Test func `it ends when no source takes anything`() async throws {
        let source = Self.source()
        source.dispense()
        try await source.run()
        let feed = SourceFeed(Tape(.recording, Self.seconds(60)), codec: .pcmS16, pace: .fast)
        try await feed.run(to: [source], until: Latch())
    }
}
