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
                .notSupported, "AAC is not packed here; ask for mp3, opus, flac, wav or pcm", field: "response_format")
        }
        guard let format = SoundFileFormat(rawValue: name) else {
            throw ErrorReply(WireError.outOfRange(field: "response_format", allowed: "mp3, opus, flac, wav or pcm"))
        }
        return format
    }

    /// Samples taken at a time: 100 ms at 24 kHz.
    private static let pieceLength = 2_400

    let format: SoundFileFormat
    let isEventStream: Bool
    /// Counted for the `usage` that clients insist on.
    let wordCount: Int

    var head: HTTPResponse {
        HTTPResponse(
            status: 200,
            fields: [
                "Content-Type": isEventStream ? "text/event-stream; charset=utf-8" : format.contentType,
                "Cache-Control": "no-store", "X-Content-Type-Options": "nosniff", "X-Accel-Buffering": "no",
            ])
    }

    /// Packs and sends until the end of the sound; a caller that went away ends it by an error.
    func send(_ sound: CallerSound, from audio: AudioFormat?, by opener: BodyOpener) async throws {
        let encoder = try SoundFile.stream(format, sampleRate: audio?.sampleRate ?? 24_000)
        let writer = opener.open(head)
        var byteCount = 0
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
