import Remote
import Testing
import VoiceCore
import Wire
import JSON

@Suite struct SourceLedgerTests {
    private static let here = "http://here", there = "http://there"

    /// One with so many frames of 60 ms.
    private static func ledger(_ count: Int) -> SourceLedger {
        var ledger = SourceLedger(SourceID("desk"), sampleRate: 16_000)
        for _ in 0..<count { ledger.add([], sampleCount: 960) }
        return ledger
    }

    private static func event(_ type: String, _ more: JSONObject = [:]) -> JSONValue {
        .object(more.merging(["type": .string(type), "source_id": "desk"]) { $1 })
    }

    /// The number of the frame that is sent next.
    private static func number(_ ledger: inout SourceLedger) -> Int? {
        guard case .frame(let frame, _)? = ledger.next() else { return nil }
        return frame.number
    }

    @Test func `it begins anew at each server that has not heard it`() {
        var ledger = Self.ledger(10)
        #expect(ledger.beginsAnew(at: Self.here))
        _ = ledger.open(at: Self.here, ["from_ms": 0])
        #expect(!ledger.beginsAnew(at: Self.here) && ledger.beginsAnew(at: Self.there))
    }

    @Test func `what is told of an earlier source of its name is passed over`() {
        var ledger = Self.ledger(10)
        _ = ledger.open(at: Self.here, ["from_ms": 0])
        #expect(ledger.take(Self.event("transcript.final", ["end_ms": 9_000]), from: Self.here) == false)
        #expect(ledger.take(Self.event("source.stopped", ["reason": "replaced"]), from: Self.here) == false)
        #expect(!ledger.isOver)
        #expect(ledger.take(Self.event("source.started"), from: Self.here) == true)
        #expect(ledger.take(Self.event("transcript.final", ["end_ms": 200]), from: Self.here) == true)
        #expect(ledger.take(Self.event("source.stopped", ["reason": "closed"]), from: Self.here) == true)
        #expect(ledger.isOver)
    }

    @Test func `of two that begin at the same time the later one does not end with the other`() {
        var ledger = Self.ledger(1)
        _ = ledger.open(at: Self.here, ["from_ms": 0])
        _ = ledger.take(Self.event("source.started"), from: Self.here)
        #expect(ledger.take(Self.event("source.stopped", ["reason": "replaced"]), from: Self.here) == false)
        #expect(!ledger.isOver)
        #expect(ledger.take(Self.event("source.started"), from: Self.here) == true)
    }

    @Test func `another server hears from the last text on`() {
        var ledger = Self.ledger(100)
        _ = ledger.open(at: Self.here, ["from_ms": 0])
        while Self.number(&ledger) != nil {}
        _ = ledger.take(Self.event("source.started"), from: Self.here)
        _ = ledger.take(Self.event("transcript.final", ["end_ms": 1_200]), from: Self.here)
        _ = ledger.open(at: Self.there, ["from_ms": 0])
        #expect(Self.number(&ledger) == 20)
    }

    @Test(arguments: [(true, true), (false, false), (true, false), (false, true)])
    func `a server that still has the source knows whether it pauses`(before: Bool, now: Bool) {
        var ledger = Self.ledger(1)
        if before { _ = ledger.take(.pause, reason: nil) }
        #expect(ledger.open(at: Self.here, ["next_sequence": 0, "paused": .bool(now)]) == false)
        #expect(ledger.isPaused == now)
    }

    @Test func `a server that has forgotten the source is told that it pauses`() {
        var ledger = Self.ledger(1)
        #expect(ledger.open(at: Self.here, ["from_ms": 0]) == false)
        _ = ledger.take(.pause, reason: nil)
        #expect(ledger.open(at: Self.here, ["from_ms": 0]) == true)
        #expect(ledger.isPaused)
    }

    @Test func `after it was ended elsewhere nothing is sent and the last text awaited`() {
        var ledger = Self.ledger(3)
        _ = ledger.open(at: Self.here, ["from_ms": 0])
        _ = ledger.take(Self.event("source.started"), from: Self.here)
        #expect(ledger.take(.stop, reason: "closed") == true)
        #expect(ledger.stopReason == "closed" && ledger.isClosed && !ledger.isOver)
        #expect(ledger.next() == .end)
        #expect(ledger.takes(.recording) == false)
        #expect(ledger.take(Self.event("transcript.final", ["end_ms": 100]), from: Self.here) == true)
        _ = ledger.take(Self.event("source.stopped", ["reason": "closed"]), from: Self.here)
        #expect(ledger.isOver)
    }

    @Test func `where nobody will tell of the end, nothing is awaited`() {
        var taken = Self.ledger(1)
        _ = taken.take(.stop, reason: "taken_up")
        #expect(taken.isOver)
        var blind = Self.ledger(1)
        blind.followsEvents = false
        _ = blind.take(.stop, reason: "closed")
        #expect(blind.isOver)
        var forgotten = Self.ledger(1)
        _ = forgotten.take(.stop, reason: "closed")
        forgotten.giveUpWaiting()
        #expect(forgotten.isOver)
    }

    @Test func `a server that stops or has waited too long is asked again`() {
        for reason in ["server_stopping", "lost"] {
            var ledger = Self.ledger(1)
            #expect(ledger.take(Self.event("source.stopped", ["reason": .string(reason)]), from: Self.here) == true)
            #expect(!ledger.isOver)
        }
    }

    @Test func `a recording is held up after 2 s and a pipe as late as can be`() {
        #expect(Self.ledger(33).takes(.recording) == true)
        #expect(Self.ledger(34).takes(.recording) == nil)
        #expect(Self.ledger(466).takes(.pipe) == true)
        #expect(Self.ledger(467).takes(.pipe) == nil)
        #expect(Self.ledger(1_000).takes(.live) == true)
    }

    @Test func `a pause holds a recording up, and what a pipe brings then is left out`() {
        var ledger = Self.ledger(0)
        #expect(ledger.take(.pause, reason: nil) == true)
        #expect(ledger.take(.pause, reason: nil) == false)
        #expect(ledger.takes(.recording) == nil && ledger.takes(.pipe) == true)
        ledger.add([], sampleCount: 16_000)
        #expect(ledger.take(.resume, reason: nil) == true)
        ledger.add([], sampleCount: 960)
        guard case .frame(let frame, _)? = ledger.next() else {
            Issue.record("nothing is sent")
            return
        }
        #expect(frame.position == 16_000)
    }

    @Test func `a slow server gets no more of a recording`() {
        var ledger = Self.ledger(1)
        _ = ledger.take(.slowDown, reason: nil)
        #expect(ledger.takes(.recording) == nil && ledger.takes(.pipe) == true)
        guard case .frame(_, true)? = ledger.next() else {
            Issue.record("it is sent fast")
            return
        }
    }
}
