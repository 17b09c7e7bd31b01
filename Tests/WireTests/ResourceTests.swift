import Flow
import Testing
import VoiceCore
import Wire
import JSON

@Suite struct ResourceTests {
    private func text(_ value: JSONValue) -> String {
        String(decoding: JSONText.bytes(value), as: UTF8.self)
    }

    @Test func `a waiting job shows where it stands`() {
        let status = JobStatus(
            id: JobID("job_1"), session: .default, text: "Hi", voice: "slt",
            acceptedAt: WallTime(milliseconds: 0), phase: .queued, position: 1, estimatedWait: .milliseconds(1_500))
        #expect(
            text(WireJob(status).json)
                == #"{"accepted_at":"1970-01-01T00:00:00.000Z","estimated_wait_ms":1500,"job_id":"job_1","listeners":[],"position":1,"session_id":"default","status":"queued","text_preview":"Hi","voice":"slt"}"#
        )
    }

    @Test func `a long text is shown by its beginning`() {
        let text = String(repeating: "a", count: 200)
        #expect(TextPreview.of(text) == String(repeating: "a", count: 80) + "…")
    }

    @Test func `a listener shows whether it can be heard and no token`() {
        var description = ListenerDescription(
            id: ListenerID("lis_1"), kind: "browser", scope: .everyone, output: OutputID("out_1"),
            token: TokenID("tok_1"))
        description.device = "Desk"
        let listener = WireListener(
            description: description, readiness: .notReady(reason: "muted"), roundTrip: .microseconds(1_250))
        #expect(
            text(listener.json)
                == #"{"delay_ms":0,"device":"Desk","kind":"browser","listener_id":"lis_1","mute":{"sessions":[],"voices":[]},"output":"out_1","ready":false,"reason":"muted","reports_playback":true,"round_trip_ms":1.2,"scope":"*","start_latency_ms":0,"volume":1}"#
        )
    }

    @Test func `a voice shows what it is`() {
        let voice = Voice(
            id: "slt", engine: "flite", name: "SLT", language: "en-US", gender: .female, sampleRate: 16_000)
        #expect(
            text(WireVoice(voice).json)
                == #"{"engine":"flite","gender":"female","id":"slt","installed":true,"language":"en-US","name":"SLT","sample_rate":16000}"#
        )
    }
}
