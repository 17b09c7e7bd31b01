import JSON
import Net
import VoiceCore
import Wire

/// What a microphone of Palaver sends.
enum PalaverAudioMessage: Sendable {
    case start(PalaverStream)
    /// A piece of a stream, as little-endian floats, its channels interleaved.
    case chunk(source: String, PalaverChunk)
    case stop(source: String)
    /// From now on a stream is heard otherwise; what is left out stays as it is.
    case configure(source: String, PalaverDetection, RecognitionSettings)
    /// A stream pauses or goes on.
    case pause(source: String, Bool)
}

/// How a microphone of Palaver describes itself.
struct PalaverStream: Sendable {
    /// Its own name, such as `ase://…`.
    var source: String
    /// In seconds since 1970, by the clock of whoever sends it; what its events count from.
    var startTime: Double
    var sampleRate: Int
    var channelCount: Int
    var blockSize: Int
    var dataType: String
    /// How its speech is to be found; Palaver's own leave that open.
    var detection = PalaverDetection()
    /// Whether the audio of its drafts is to be kept, as Palaver's server does with `--output-dir`; nil leaves it to the
    /// door.
    var records: Bool?
}

/// Samples as they came.
struct PalaverChunk: Sendable {
    var floats: [UInt8]
    /// Of each channel.
    var sampleCount: Int
    var channelCount: Int
    var sampleRate: Int?
    /// What its sender thinks.
    var isInSpeech: Bool
}

extension PalaverAudioMessage {
    /// A name longer than this would cost more than what it names.
    private static let nameLimit = 512
    /// A piece may be so long; Palaver's have 30 ms.
    private static let longestChunk = 10

    /// - Parameters:
    ///   - now: What a stream counts from that does not say.
    ///   - stream: The stream of a name, which says what its chunks leave out; nil where none has begun.
    init(_ text: [UInt8], now: Double, stream: (String) -> PalaverStream?) throws(WireError) {
        let value: JSONValue = try JSONText.value(of: text)
        guard case .object(let members) = value else { throw .wrongType(field: "", wanted: "an object") }
        let source = try Self.text(members, "source_id")
        guard !source.isEmpty, source.utf8.count <= Self.nameLimit else {
            throw .outOfRange(field: "source_id", allowed: "1 to \(Self.nameLimit) bytes")
        }
        switch members["type"]?.text {
        case "audio_config":
            self = .configure(source: source, try PalaverDetection(members), try Self.recognition(members))
        case "audio_control": self = .pause(source: source, try Self.isPaused(members))
        default: self = try Self.message(members, source, now, stream(source))
        }
    }

    private static func message(
        _ members: JSONObject, _ source: String, _ now: Double, _ stream: PalaverStream?
    ) throws(WireError) -> PalaverAudioMessage {
        switch try kind(of: members) {
        case .audioStart: return .start(try start(members, source, now))
        case .audioChunk: return .chunk(source: source, try chunk(members, of: stream))
        case .audioStop: return .stop(source: source)
        default: throw .unknownCommand(members["type"]?.text ?? members["event_class"]?.text ?? "")
        }
    }

    /// The design names the kind in `type`, the later version in `event_class`, its file sender in `event_type`.
    private static func kind(of members: JSONObject) throws(WireError) -> PalaverKind {
        let name = members["type"]?.text ?? members["event_class"]?.text ?? members["event_type"]?.text
        guard let name else { throw .missingField("type") }
        let kind = PalaverKind.allCases.first { kind in
            kind.rawValue == name.lowercased() || kind.classText == name || kind.className == name
        }
        guard let kind else { throw .unknownCommand(name) }
        return kind
    }

    private static func recognition(_ members: JSONObject) throws(WireError) -> RecognitionSettings {
        RecognitionSettings(
            engine: try PalaverFields(members).text("model"), language: try PalaverFields(members).text("language"))
    }

    private static func isPaused(_ members: JSONObject) throws(WireError) -> Bool {
        switch try text(members, "state") {
        case "pause": return true
        case "resume": return false
        default: throw .outOfRange(field: "state", allowed: "pause or resume")
        }
    }

    private static func start(
        _ members: JSONObject, _ source: String, _ now: Double
    ) throws(WireError) -> PalaverStream {
        let fields = PalaverFields(members)
        guard let rate = try fields.rate("sample_rate") else { throw .missingField("sample_rate") }
        guard SourceFormat.sampleRates.contains(rate) else { throw PalaverFields.badRate("sample_rate") }
        let channelCount = try fields.count("channels") ?? 1
        guard SourceFormat.channelCounts.contains(channelCount) else {
            throw .outOfRange(field: "channels", allowed: "1 to 32")
        }
        let (begun, sent) = (try fields.number("stream_start_time"), try fields.number("timestamp"))
        let start = begun ?? sent ?? now
        guard start.isFinite, abs(start) < 1e12 else {
            throw .outOfRange(field: "stream_start_time", allowed: "seconds since 1970")
        }
        return PalaverStream(
            source: source, startTime: start, sampleRate: rate, channelCount: channelCount,
            blockSize: try fields.count("blocksize") ?? 0, dataType: try fields.sampleType("datatype") ?? "float32",
            detection: try PalaverDetection(members), records: try fields.flag("record"))
    }

    private static func chunk(
        _ members: JSONObject, of stream: PalaverStream?
    ) throws(WireError) -> PalaverChunk {
        let fields = PalaverFields(members)
        guard let data = members["data"], data != .null else { throw .missingField("data") }
        let (floats, shape): ([UInt8], [Int])
        if let text = data.text {
            let (own, usual) = (try fields.sampleType("dtype"), try fields.sampleType("datatype"))
            let type = own ?? usual ?? stream?.dataType ?? "float32"
            guard let bytes = Base64.decode(text) else { throw .wrongType(field: "data", wanted: "base64") }
            guard let converted = PalaverSamples.floats(of: bytes, type) else {
                throw .outOfRange(field: "data", allowed: "whole samples of \(type)")
            }
            let channelCount = try fields.count("channels") ?? stream?.channelCount ?? 1
            (floats, shape) = (converted, try Self.shape(members, channelCount, sampleCount: converted.count / 4))
        } else {
            guard let rows = data.elements else { throw .wrongType(field: "data", wanted: "base64 or a list") }
            guard let (list, width) = PalaverSamples.floats(ofRows: rows) else {
                throw .wrongType(field: "data", wanted: "a list of numbers, or of lists of equal length")
            }
            (floats, shape) = (list, [rows.count, width])
        }
        let rate = try fields.rate("sample_rate")
        guard rate.map(SourceFormat.sampleRates.contains) ?? true else { throw PalaverFields.badRate("sample_rate") }
        try check(sampleCount: shape[0], rate ?? SourceFormat.sampleRates.upperBound)
        return PalaverChunk(
            floats: floats, sampleCount: shape[0], channelCount: shape[1], sampleRate: rate,
            isInSpeech: try fields.flag("in_speech") ?? false)
    }

    /// A frame that is nothing but samples of a stream, in its own type, the channels interleaved.
    static func chunk(_ bytes: [UInt8], of stream: PalaverStream) throws(WireError) -> PalaverChunk {
        let floats = PalaverSamples.floats(of: bytes, stream.dataType)
        guard let floats, (floats.count / 4).isMultiple(of: stream.channelCount) else {
            throw .outOfRange(field: "data", allowed: "whole samples of \(stream.dataType) for each channel")
        }
        let sampleCount = floats.count / 4 / stream.channelCount
        try check(sampleCount: sampleCount, stream.sampleRate)
        return PalaverChunk(
            floats: floats, sampleCount: sampleCount, channelCount: stream.channelCount, sampleRate: nil,
            isInSpeech: false)
    }

    private static func check(sampleCount: Int, _ sampleRate: Int) throws(WireError) {
        guard sampleCount > 0, sampleCount <= longestChunk * sampleRate else {
            throw .outOfRange(field: "data", allowed: "up to \(longestChunk) s of samples")
        }
    }

    /// Samples of each channel, and channels.
    private static func shape(
        _ members: JSONObject, _ channelCount: Int, sampleCount: Int
    ) throws(WireError) -> [Int] {
        guard let shape = members["shape"], shape != .null else {
            guard channelCount > 0, sampleCount.isMultiple(of: channelCount) else {
                throw .outOfRange(field: "channels", allowed: "what the data can be shared among")
            }
            return [sampleCount / channelCount, channelCount]
        }
        let counts = shape.elements?.compactMap(\.whole) ?? []
        let channelCount = counts.count == 2 ? counts[1] : 1
        guard (1...2).contains(counts.count), counts.count == shape.elements?.count, channelCount > 0,
            sampleCount.isMultiple(of: channelCount), counts[0] == sampleCount / channelCount
        else { throw .outOfRange(field: "shape", allowed: "[samples, channels] of the data") }
        return [counts[0], channelCount]
    }

    private static func text(_ members: JSONObject, _ name: String) throws(WireError) -> String {
        guard let text = try PalaverFields(members).text(name) else { throw .missingField(name) }
        return text
    }
}
