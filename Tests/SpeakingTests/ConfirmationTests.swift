import Testing
import VoiceCore

@testable import Speaking

/// What becomes of a job that a listener did not confirm in time.
@Suite struct ConfirmationTests {
    private static let page = ListenerDescription(
        id: ListenerID("lis_page"), kind: "test", scope: .everyone, output: OutputID("out_page"))
    private static let speaker = ListenerDescription(
        id: ListenerID("lis_local"), kind: "speaker", scope: .everyone, output: .local)
    private static let job = JobID("job_1")

    /// A world with a page that stalls, after one job was said in it.
    private func world(
        stalling times: Int, for away: Duration = .milliseconds(200),
        on route: RoutePlan = .firstOf([.session, .any, .local]), and other: ListenerDescription? = nil,
        _ manner: FloorWorld.Manner = .honest
    ) -> FloorWorld {
        var world = FloorWorld()
        world.addListener(Self.page, .stalls(times: times, away: away))
        if let other { world.addListener(other, manner) }
        let job = WaitingJob(id: Self.job, session: .default, route: route)
        world.schedule(.add(job, length: .seconds(2), audioAfter: .milliseconds(20)), at: .zero)
        world.run(until: .seconds(600))
        return world
    }

    @Test(arguments: [RoutePlan.firstOf([.session, .any, .local]), .firstOf([.any]), .allOf([.any])])
    func `a listener that stalled and is ready again hears the job from its start`(route: RoutePlan) {
        let world = world(stalling: 1, on: route)
        #expect(world.ends[Self.job] == [.finished(.confirmed, on: [Self.page.id])])
        #expect(world.sounded.map(\.from) == [.zero])
        #expect(world.endedAt[Self.job] ?? .zero < .seconds(5))
    }

    @Test func `a listener that never confirms gets the job three times`() {
        let world = world(stalling: .max)
        #expect(world.claims.count == 3)
        guard case .failed(.notHeard, _) = world.ends[Self.job]?.first else {
            Issue.record("it ended \(world.ends[Self.job] ?? [])")
            return
        }
    }

    @Test func `a job whose only step had all its tries fails at once`() {
        let world = world(stalling: .max, on: .firstOf([.any]))
        #expect(world.ends[Self.job] == [.failed(.notHeard, at: .zero)])
        #expect(world.endedAt[Self.job] ?? .zero < .seconds(10))
    }

    @Test func `a pause between its tries costs a job none of its time`() {
        var world = FloorWorld()
        world.addListener(Self.page, .stalls(times: 2, away: .milliseconds(200)))
        let job = WaitingJob(id: Self.job, session: .default, route: .firstOf([.any]))
        world.schedule(.add(job, length: .seconds(2), audioAfter: .milliseconds(20)), at: .zero)
        world.schedule(.brake(.paused, .everything, until: nil), at: .milliseconds(500))
        world.schedule(.brake(nil, .everything, until: nil), at: .seconds(60))
        world.run(until: .seconds(600))
        #expect(world.ends[Self.job] == [.finished(.confirmed, on: [Self.page.id])])
    }

    @Test func `where somebody else is ready, the job does not wait for a listener that stalled`() {
        let world = world(stalling: 1, and: Self.speaker)
        #expect(world.ends[Self.job] == [.finished(.confirmed, on: [Self.speaker.id])])
        #expect(world.sounded.map(\.listener) == [Self.speaker.id])
    }

    @Test func `a step waits for whoever has tries left`() {
        let slow = FloorWorld.Manner.stalls(times: 1, away: .seconds(8))
        let world = world(stalling: .max, on: .firstOf([.local, .any]), and: Self.speaker, slow)
        #expect(world.ends[Self.job] == [.finished(.confirmed, on: [Self.speaker.id])])
    }

    @Test func `all tries together last no longer than a job may be without a listener`() {
        let world = world(stalling: 2, for: .seconds(20))
        guard case .failed(.notHeard, _) = world.ends[Self.job]?.first else {
            Issue.record("it ended \(world.ends[Self.job] ?? [])")
            return
        }
        #expect((.seconds(30)...(.seconds(33))).contains(world.endedAt[Self.job] ?? .zero))
    }
}
