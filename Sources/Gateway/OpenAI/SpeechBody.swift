import JSON
import Net
import Sound
import Speaking
import Wire

/// Writes speech into the body of an answer, packed as the caller wants it.
struct SpeechBody: Sendable {
    /// The formats by OpenAI's names; `aac` is known there and not here.
    static func format(_ name: String) throws(ErrorReply) -> SoundFileFormat {
        if name == "aac" {
            throw ErrorReply(
                .outOfRange, "AAC is not packed here; there are mp3, opus, flac, wav and pcm", field: "response_format")
        }
        guard let format = SoundFileFormat(rawValue: name) else {
            throw ErrorReply(WireError.outOfRange(field: "response_format", allowed: "mp3, opus, flac, wav or pcm"))
        }
        return format
    }

    /// Samples taken at a time: 100 ms at 24 kHz.
    private static let pieceLength = 2_400
    /// A longer answer is streamed in any case, in seconds: 5 minutes at 24 kHz are 14 MB.
    private static let longest = 300

    let format: SoundFileFormat
    var isEventStream = false
    /// Counted for the `usage` that clients insist on.
    var wordCount = 0
    /// Whether the answer waits for the end, so that all sizes in it are right; a long one does not.
    var isWhole = false

    var head: HTTPResponse {
        HTTPResponse(
            status: 200,
            fields: [
                "Content-Type": isEventStream ? "text/event-stream; charset=utf-8" : format.contentType,
                "Cache-Control": "no-store", "X-Content-Type-Options": "nosniff", "X-Accel-Buffering": "no",
            ])
    }

    /// Sends until the end of the sound; a caller that went away ends it by an error.
    ///
    /// - Returns: The answer, if it was not begun yet.
    func send(_ sound: CallerSound, from audio: AudioFormat?, by opener: BodyOpener) async throws -> HTTPResponse? {
        let rate = audio?.sampleRate ?? 24_000
        var samples: [Int16] = []
        if isWhole, audio == nil { return try whole(samples, rate) }
        while isWhole, samples.count < Self.longest * rate {
            guard let more = try await sound.next(atMost: Self.pieceLength) else { return try whole(samples, rate) }
            samples += more
        }
        try await stream(sound, behind: samples, from: audio, by: opener)
        return nil
    }

    private func whole(_ samples: [Int16], _ rate: Int) throws -> HTTPResponse {
        var response = head
        response.body = try SoundFile.whole(format, AudioChunk(format: AudioFormat(sampleRate: rate), samples: samples))
        return response
    }

    /// Packs and sends what there is, and the rest as it is made.
    private func stream(
        _ sound: CallerSound, behind first: [Int16], from audio: AudioFormat?, by opener: BodyOpener
    ) async throws {
        let encoder = try SoundFile.stream(format, sampleRate: audio?.sampleRate ?? 24_000)
        let writer = opener.open(head)
        var byteCount = try await write(encoder.encode(first), writer)
        while audio != nil, let samples = try await sound.next(atMost: Self.pieceLength) {
            byteCount += try await write(encoder.encode(samples), writer)
        }
        byteCount += try await write(encoder.finish(), writer)
        if isEventStream { try await writer.write(event(done(byteCount))) }
    }

    private func write(_ bytes: [UInt8], _ writer: BodyWriter) async throws -> Int {
        guard !bytes.isEmpty else { return 0 }
        try await writer.write(isEventStream ? event(delta(bytes)) : bytes)
        return bytes.count
    }

    private func delta(_ bytes: [UInt8]) -> JSONValue {
        .object(["type": "speech.audio.delta", "audio": .string(Base64.encode(bytes))])
    }

    /// No model counts tokens here: words in, and one for each 20 ms of 24 kHz samples out.
    private func done(_ byteCount: Int) -> JSONValue {
        let output = byteCount / 960
        return .object([
            "type": "speech.audio.done",
            "usage": .object([
                "input_tokens": .integer(wordCount), "output_tokens": .integer(output),
                "total_tokens": .integer(wordCount + output),
            ]),
        ])
    }

    private func event(_ value: JSONValue) -> [UInt8] {
        Array("data: ".utf8) + JSONText.bytes(value) + [0x0A, 0x0A]
    }
}
