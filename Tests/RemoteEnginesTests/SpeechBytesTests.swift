import Sound
import Testing

@testable import RemoteEngines

@Suite struct SpeechBytesTests {
    private let raw = AudioFormat(sampleRate: 24_000)

    /// All samples of an answer that comes in pieces of `size` bytes.
    private func read(_ bytes: [UInt8], type: String?, size: Int = 7) throws -> (rate: Int, samples: [Int16]) {
        var reader = try SpeechBytes(contentType: type, format: raw)
        var chunks: [AudioChunk] = []
        for start in stride(from: 0, to: bytes.count, by: size) {
            if let chunk = try reader.add(Array(bytes[start..<min(start + size, bytes.count)])) { chunks.append(chunk) }
        }
        if let chunk = try reader.finish() { chunks.append(chunk) }
        return (chunks.first?.format.sampleRate ?? 0, chunks.flatMap(\.samples))
    }

    private let samples = (0..<500).map { Int16($0 * 13 - 3_000) }

    @Test(arguments: [1, 2, 3, 7, 1_000]) func `raw samples come out however they are cut`(size: Int) throws {
        let bytes = PCM16.bytes(of: samples)
        for type in ["audio/pcm", nil, "application/octet-stream"] {
            let answer = try read(bytes, type: type, size: size)
            #expect(answer.samples == samples && answer.rate == 24_000)
        }
    }

    @Test func `the rate may stand in the type`() throws {
        #expect(try read(PCM16.bytes(of: samples), type: "audio/pcm;rate=22050").rate == 22_050)
    }

    @Test(arguments: ["audio/pcm", "audio/wav", "audio/mpeg"]) func `a WAV file is known by its first bytes`(
        type: String
    ) throws {
        let format = AudioFormat(sampleRate: 22_050)
        let file = WAV.encode(AudioChunk(format: format, samples: samples))
        let stream = WAV.streamingHeader(format) + PCM16.bytes(of: samples)
        for bytes in [file, stream, file + Array("LIST".utf8)] {
            let answer = try read(bytes, type: type)
            #expect(answer.samples == samples && answer.rate == 22_050)
        }
    }

    @Test func `two channels become one`() throws {
        let file = WAV.encode(
            AudioChunk(format: AudioFormat(sampleRate: 16_000, channelCount: 2), samples: [100, 300, -2, -4]))
        #expect(try read(file, type: "audio/wav").samples == [200, -3])
    }

    @Test func `a file that ends too early is cut`() {
        let file = WAV.encode(AudioChunk(format: raw, samples: samples))
        #expect(throws: RemoteFault.cut) { try read(Array(file.dropLast(10)), type: "audio/wav") }
        #expect(throws: RemoteFault.cut) { try read(Array(file.prefix(20)), type: "audio/wav") }
    }

    @Test(arguments: [
        ("text/html", "<html><body>Log in"), ("application/json", "{\"error\":{}}    "),
        ("audio/mpeg", "\u{3}\u{4}abcdefghijklm"),
        ("audio/pcm", "<!DOCTYPE html><p>"), ("audio/pcm", "OggS000000000000"), ("text/plain", "hello hello hello"),
    ]) func `what is no audio of ours is refused`(type: String, text: String) {
        #expect(throws: RemoteFault.self) { try read(Array(text.utf8), type: type) }
    }
}
