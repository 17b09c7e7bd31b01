import Testing
import VoiceCore

@testable import Speaking

/// What a listener mutes, and when it is to be quiet.
@Suite struct ListenerTrimTests {
    private let session = SessionID("ses_1")

    private func description(_ id: String, output: String? = nil, _ scope: ListenerScope? = nil) -> ListenerDescription
    {
        ListenerDescription(
            id: ListenerID(id), kind: "test", scope: scope ?? .session(session), output: OutputID(output ?? "out_\(id)")
        )
    }

    private func job(_ id: String, voice: String = "slt") -> WaitingJob {
        WaitingJob(id: JobID(id), session: session, voice: voice, route: .firstOf([.session, .any]))
    }

    private var muting: ListenerTrim {
        var trim = ListenerTrim()
        trim.mutedVoices = ["slt"]
        return trim
    }

    @Test func `a muted voice goes to the other listeners, or to the next step`() {
        var floor = Floor()
        var quiet = description("lis_quiet")
        quiet.trim = muting
        _ = floor.attach(FloorListener(quiet), at: .zero)
        _ = floor.attach(FloorListener(description("lis_all", .everyone)), at: .zero)
        for id in floor.listeners.keys { _ = floor.setReady(true, id, at: .zero) }
        _ = floor.add(job("job_1"), at: .zero)
        #expect(
            floor.audioReady(JobID("job_1"), at: .zero)
                .contains(.play(JobID("job_1"), on: [ListenerID("lis_all")], from: .zero)))
    }

    @Test func `another page of the same loudspeakers does not sound what one of them mutes`() {
        var floor = Floor()
        var quiet = description("lis_1", output: "out_profile")
        quiet.trim = muting
        for each in [quiet, description("lis_2", output: "out_profile")] {
            _ = floor.attach(FloorListener(each), at: .zero)
            _ = floor.setReady(true, each.id, at: .zero)
        }
        let actions = floor.add(job("job_1"), at: .zero)
        #expect(actions.contains(.held(JobID("job_1"), .noListener)))
        // A page that is not ready decides nothing.
        #expect(floor.setReady(false, ListenerID("lis_1"), at: .zero).contains(.prepare(JobID("job_1"))))
    }

    @Test func `a voice that is muted while it sounds falls silent there, and is heard again when it is not`() {
        var floor = Floor()
        let listener = description("lis_1")
        _ = floor.attach(FloorListener(listener), at: .zero)
        _ = floor.setReady(true, listener.id, at: .zero)
        _ = floor.add(job("job_1"), at: .zero)
        _ = floor.audioReady(JobID("job_1"), at: .zero)
        _ = floor.report(.started(at: .zero), of: JobID("job_1"), from: listener.id, at: .zero)
        let muted = floor.setTrim(muting, of: listener.id, at: .milliseconds(300))
        #expect(muted.contains(.flush(JobID("job_1"), on: listener.id)))
        #expect(muted.contains(.held(JobID("job_1"), .noListener)))
        let back = floor.setTrim(ListenerTrim(), of: listener.id, at: .milliseconds(600))
        #expect(back.contains { if case .play(JobID("job_1"), [listener.id], _) = $0 { true } else { false } })
    }

    @Test func `other voices sound on where one is muted`() {
        var floor = Floor()
        let listener = description("lis_1")
        _ = floor.attach(FloorListener(listener), at: .zero)
        _ = floor.setReady(true, listener.id, at: .zero)
        _ = floor.add(job("job_1", voice: "rms"), at: .zero)
        _ = floor.audioReady(JobID("job_1"), at: .zero)
        #expect(floor.setTrim(muting, of: listener.id, at: .zero).isEmpty)
    }

    @Test func `quiet hours let a sentence end and take no other one`() {
        var floor = Floor()
        let listener = description("lis_1")
        _ = floor.attach(FloorListener(listener), at: .zero)
        _ = floor.setReady(true, listener.id, at: .zero)
        for id in ["job_1", "job_2"] {
            _ = floor.add(job(id), at: .zero)
            _ = floor.audioReady(JobID(id), at: .zero)
        }
        _ = floor.report(.started(at: .zero), of: JobID("job_1"), from: listener.id, at: .zero)
        let quiet = floor.setReady(false, listener.id, lettingEnd: Readiness.quiet.letsSoundEnd, at: .zero)
        #expect(quiet == [.held(JobID("job_2"), .noListener)])
        let end = floor.report(.finished(at: .seconds(1)), of: JobID("job_1"), from: listener.id, at: .seconds(1))
        #expect(end.contains(.end(JobID("job_1"), .finished(.confirmed, on: [listener.id]))))
        let later = floor.tick(at: SpeakRequest.defaultExpiry + .seconds(2))
        #expect(later.contains(.end(JobID("job_2"), .failed(.noListener, at: .zero))))
    }
}
