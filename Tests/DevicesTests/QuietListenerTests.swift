import Flow
import Testing
import VoiceCore
import VoiceTesting

@testable import Devices

@Suite(.timeLimit(.minutes(1))) struct QuietListenerTests {
    private let log = DirectoryLog()
    private let clock = ManualTimeline()
    private let minute = Monitor(12 * 60)
    private let speaker = FakeListener("lis_speaker")

    /// Runs a test with a speaker that is not to sound between 22:00 and 07:00.
    private func run(_ test: @Sendable (QuietListener) async throws -> Void) async throws {
        let hours = try #require(QuietHours("22:00-07:00"))
        let quiet = QuietListener(hours, directory: log, timeline: clock.timeline) { [minute] in
            minute.withLock { $0 }
        }
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { try await quiet.run() }
            try await test(quiet)
            group.cancelAll()
        }
    }

    /// Lets the clock be looked at until the directory is told.
    private func waitFor(_ entry: DirectoryLog.Entry) async -> Bool {
        await withTaskGroup(of: Bool.self) { group in
            group.addTask { await log.reaches(entry) }
            group.addTask {
                while !Task.isCancelled {
                    clock.advance(by: .seconds(5))
                    await Task.yield()
                }
                return false
            }
            defer { group.cancelAll() }
            return await group.next() ?? false
        }
    }

    @Test func `the clock makes a ready speaker quiet, and ready again`() async throws {
        try await run { quiet in
            _ = await quiet.attach(speaker, .ready, resuming: nil)
            #expect(await log.next() == .attached(speaker.description.id, .ready))
            minute.update { $0 = 22 * 60 }
            #expect(await waitFor(.readiness(speaker.description.id, .quiet)))
            minute.update { $0 = 7 * 60 }
            #expect(await waitFor(.readiness(speaker.description.id, .ready)))
        }
    }

    @Test func `a speaker that is attached at night is quiet, and one without a device says that instead`() async throws
    {
        minute.update { $0 = 23 * 60 }
        try await run { quiet in
            _ = await quiet.attach(speaker, .ready, resuming: nil)
            #expect(await log.next() == .attached(speaker.description.id, .quiet))
            await quiet.setReadiness(.notReady(reason: "no_device"), of: speaker.description.id)
            #expect(await log.next() == .readiness(speaker.description.id, .notReady(reason: "no_device")))
            await quiet.setReadiness(.ready, of: speaker.description.id)
            #expect(await log.next() == .readiness(speaker.description.id, .quiet))
            await quiet.detach(speaker)
            #expect(await log.next() == .detached(speaker.description.id))
        }
    }
}
