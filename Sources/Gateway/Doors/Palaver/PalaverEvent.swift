import Flow
import JSON
import VoiceCore
import Wire

/// Something that happened, as both dialects of Palaver tell it.
struct PalaverEvent: Sendable {
    let kind: PalaverKind
    /// The members of Palaver's event but its kind; times are seconds since 1970 by the sender's clock.
    let members: JSONObject
    /// Told by the design alone.
    var designMembers: JSONObject = [:]
    /// Told by the later version alone, whose readers accept no member that they do not know.
    var classMembers: JSONObject = [:]

    func json(in dialect: PalaverDialect) -> [UInt8] {
        switch dialect {
        case .design:
            let event = members.merging(designMembers) { $1 }
            return JSONText.bytes(JSONValue.object(["type": .string(kind.designType), "event": .object(event)]))
        case .classes:
            var event = members.merging(classMembers) { $1 }
            event["event_class"] = .string(kind.classText)
            if kind != .text { event["event_type"] = .string(kind.enumName) }
            return JSONText.bytes(JSONValue.object(event))
        }
    }
}

extension PalaverEvent {
    /// - Parameter at: By the server's clock.
    private init(
        audio kind: PalaverKind, _ stream: PalaverStream, at: WallTime, _ more: JSONObject = [:],
        position: Duration? = nil
    ) {
        self.kind = kind
        // What happened at a place of the stream is told by the clock of whoever sends it.
        let time = position.map { stream.startTime + $0 / .seconds(1) } ?? at.palaverSeconds
        members = more.merging([
            "source_id": .string(stream.source), "timestamp": .double(time),
            "event_id": .string(PalaverEvent.newID()), "stream_start_time": .double(stream.startTime),
        ]) { $1 }
        classMembers = ["speech_start_time": .null, "author_uri": .null]
    }

    static func started(_ stream: PalaverStream, at: WallTime) -> PalaverEvent {
        PalaverEvent(audio: .audioStart, stream, at: at, stream.members)
    }

    static func stopped(_ stream: PalaverStream, at: WallTime) -> PalaverEvent {
        PalaverEvent(audio: .audioStop, stream, at: at)
    }

    static func failed(_ stream: PalaverStream, _ message: String, at: WallTime) -> PalaverEvent {
        PalaverEvent(audio: .audioError, stream, at: at, ["message": .string(message)])
    }

    static func speechStarted(_ stream: PalaverStream, at position: Duration, _ at: WallTime) -> PalaverEvent {
        PalaverEvent(
            audio: .speechStart, stream, at: at,
            [
                // PROTOCOL.md, section 4: what is usual here, in the words of Silero's settings.
                "silence_period_ms": 800, "vad_threshold": .double(0.5), "sampling_rate": 16_000, "speech_pad_ms": 300,
            ], position: position)
    }

    static func speechStopped(_ stream: PalaverStream, at position: Duration, _ at: WallTime) -> PalaverEvent {
        PalaverEvent(
            audio: .speechStop, stream, at: at,
            ["last_in_speech_chunk_time": .double(stream.startTime + position / .seconds(1))], position: position)
    }

    /// - Parameter position: Of its first sample.
    static func chunk(_ chunk: PalaverChunk, of stream: PalaverStream, at position: Duration, _ at: WallTime)
        -> PalaverEvent
    {
        var more = stream.members
        more["blocksize"] = .integer(chunk.sampleCount)
        more["datatype"] = "float32"
        more["duration"] = .double(Double(chunk.sampleCount) / Double(stream.sampleRate))
        more["in_speech"] = .bool(chunk.isInSpeech)
        more["meta_data"] = .null
        var event = PalaverEvent(audio: .audioChunk, stream, at: at, more, position: position)
        event.classMembers["data"] = PalaverSamples.rows(of: chunk.floats, channelCount: chunk.channelCount)
        return event
    }

    /// What was said in one utterance.
    static func said(_ said: UtteranceTranscript, of stream: PalaverStream, at: WallTime) -> PalaverEvent {
        func time(_ position: Duration) -> JSONValue { .double(stream.startTime + position / .seconds(1)) }
        let segment: JSONValue = .object([
            "start_ms": .milliseconds(said.start), "end_ms": .milliseconds(said.end),
            "text": .string(said.transcript.text),
        ])
        return PalaverEvent(
            kind: .text,
            members: [
                "text": .string(said.transcript.text), "timestamp": .double(at.palaverSeconds),
                "event_id": .string(newID()), "audio_source_id": .string(stream.source),
                "audio_start_time": time(said.start), "audio_end_time": time(said.end),
            ],
            designMembers: ["segments": .array([segment])], classMembers: ["author_uri": .null])
    }

    /// A random UUID (RFC 9562, section 5.4), as Palaver names its events.
    private static func newID() -> String {
        let high = UInt64.random(in: 0...UInt64.max) & ~0xF000 | 0x4000
        let low = UInt64.random(in: 0...UInt64.max) >> 2 | 1 << 63
        let digits = Array(hex(high) + hex(low))
        let parts = [0..<8, 8..<12, 12..<16, 16..<20, 20..<32].map { String(digits[$0]) }
        return parts.joined(separator: "-")
    }

    private static func hex(_ number: UInt64) -> String {
        let digits = String(number, radix: 16)
        return String(repeating: "0", count: 16 - digits.count) + digits
    }
}

extension PalaverStream {
    fileprivate var members: JSONObject {
        [
            "sample_rate": .integer(sampleRate), "channels": .integer(channelCount), "blocksize": .integer(blockSize),
            "datatype": .string(dataType),
        ]
    }
}

extension WallTime {
    /// Seconds since 1970, as Python counts them.
    var palaverSeconds: Double { Double(milliseconds) / 1_000 }
}
