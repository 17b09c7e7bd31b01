import Flow
import JSON
import Net
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
    /// The audio of a chunk, which is written for those alone who ask for it.
    private var samples: PalaverChunk?

    init(
        kind: PalaverKind, members: JSONObject, designMembers: JSONObject = [:], classMembers: JSONObject = [:]
    ) {
        self.kind = kind
        self.members = members
        self.designMembers = designMembers
        self.classMembers = classMembers
    }

    func json(in dialect: PalaverDialect) -> [UInt8] {
        switch dialect {
        case .design:
            return JSONText.bytes(
                JSONValue.object(["type": .string(kind.designType), "event": .object(content(in: dialect))]))
        case .classes:
            var event = content(in: dialect)
            event["event_class"] = .string(kind.classText)
            if kind.isAudio { event["event_type"] = .string(kind.rawValue) }
            return JSONText.bytes(JSONValue.object(event))
        }
    }

    /// What one dialect tells of it, without its kind.
    func content(in dialect: PalaverDialect) -> JSONObject {
        let content = members.merging(dialect == .design ? designMembers : classMembers) { $1 }
        return samples.map { content.merging($0.members(in: dialect)) { $1 } } ?? content
    }
}

/// When and under which name something is told.
struct PalaverStamp: Sendable {
    /// By the server's clock.
    var at: WallTime
    var id: PalaverEventID = .random()
}

extension PalaverEvent {
    private init(
        audio kind: PalaverKind, _ stream: PalaverStream, _ stamp: PalaverStamp, _ more: JSONObject = [:],
        position: Duration? = nil
    ) {
        self.kind = kind
        members = more.merging([
            "source_id": .string(stream.source),
            // What happened at a place of the stream is told by the clock of whoever sends it.
            "timestamp": .double(position.map(stream.time) ?? stamp.at.palaverSeconds),
            "event_id": .string(stamp.id.text), "stream_start_time": .double(stream.startTime),
        ]) { $1 }
        classMembers = ["speech_start_time": .null, "author_uri": .null]
    }

    static func started(_ stream: PalaverStream, _ stamp: PalaverStamp) -> PalaverEvent {
        PalaverEvent(audio: .audioStart, stream, stamp, stream.members)
    }

    static func stopped(_ stream: PalaverStream, _ stamp: PalaverStamp) -> PalaverEvent {
        PalaverEvent(audio: .audioStop, stream, stamp)
    }

    static func failed(_ stream: PalaverStream, _ message: String, _ stamp: PalaverStamp) -> PalaverEvent {
        PalaverEvent(audio: .audioError, stream, stamp, ["message": .string(message)])
    }

    static func speechStarted(
        _ stream: PalaverStream, at position: Duration, _ settings: PalaverDetection, _ stamp: PalaverStamp
    ) -> PalaverEvent {
        PalaverEvent(audio: .speechStart, stream, stamp, settings.members, position: position)
    }

    static func speechStopped(_ stream: PalaverStream, at position: Duration, _ stamp: PalaverStamp) -> PalaverEvent {
        PalaverEvent(
            audio: .speechStop, stream, stamp, ["last_in_speech_chunk_time": .double(stream.time(position))],
            position: position)
    }

    /// - Parameter position: Of its first sample.
    static func chunk(
        _ chunk: PalaverChunk, of stream: PalaverStream, at position: Duration, _ stamp: PalaverStamp
    ) -> PalaverEvent {
        var more = stream.members
        more["blocksize"] = .integer(chunk.sampleCount)
        more["datatype"] = "float32"
        more["duration"] = .double(Double(chunk.sampleCount) / Double(stream.sampleRate))
        more["in_speech"] = .bool(chunk.isInSpeech)
        more["meta_data"] = .null
        var event = PalaverEvent(audio: .audioChunk, stream, stamp, more, position: position)
        event.samples = chunk
        return event
    }

    /// What was said in one utterance.
    static func said(
        _ said: UtteranceTranscript, of stream: PalaverStream, _ stamp: PalaverStamp
    ) -> PalaverEvent {
        let segment: JSONValue = .object([
            "start_ms": .milliseconds(said.start), "end_ms": .milliseconds(said.end),
            "text": .string(said.transcript.text),
        ])
        return PalaverEvent(
            kind: .text,
            members: [
                "text": .string(said.transcript.text), "timestamp": .double(stamp.at.palaverSeconds),
                "event_id": .string(stamp.id.text), "audio_source_id": .string(stream.source),
                "audio_start_time": .double(stream.time(said.start)), "audio_end_time": .double(stream.time(said.end)),
            ],
            designMembers: ["segments": .array([segment])], classMembers: ["author_uri": .null])
    }
}

extension PalaverChunk {
    /// As `/audio` takes it: base64 of the design, or lists.
    fileprivate func members(in dialect: PalaverDialect) -> JSONObject {
        switch dialect {
        case .design:
            [
                "data": .string(Base64.encode(floats)), "dtype": "float32",
                "shape": .array([.integer(sampleCount), .integer(channelCount)]),
            ]
        case .classes: ["data": PalaverSamples.rows(of: floats, channelCount: channelCount)]
        }
    }
}

extension PalaverStream {
    fileprivate var members: JSONObject {
        [
            "sample_rate": .integer(sampleRate), "channels": .integer(channelCount), "blocksize": .integer(blockSize),
            "datatype": .string(dataType),
        ]
    }

    /// The sender's time at a place of its stream, in seconds since 1970.
    func time(_ position: Duration) -> Double { startTime + position / .seconds(1) }
}

extension WallTime {
    /// Seconds since 1970, as Python counts them.
    var palaverSeconds: Double { Double(milliseconds) / 1_000 }
}
