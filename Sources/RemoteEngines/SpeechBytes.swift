import Sound

/// Turns the bytes of an answer into mono samples: raw 16-bit PCM, or WAV where the server sends that unasked.
struct SpeechBytes {
    /// More than any header that a sound file begins with.
    private static let headLimit = 64 * 1_024

    private var format: AudioFormat
    /// Until it is known what the bytes are.
    private var head: [UInt8]? = []
    /// Bytes of a frame that is not complete.
    private var rest: [UInt8] = []
    /// Bytes of samples that are still to come; nil where only the end of the answer tells.
    private var remaining: Int?
    /// What the content type says, where that is not audio as we read it.
    private let refusal: String?

    /// - Parameters:
    ///   - contentType: As the server sent it.
    ///   - format: Of raw samples.
    init(contentType: String?, format: AudioFormat) throws(RemoteFault) {
        self.format = format
        let type = (contentType ?? "application/octet-stream").prefix { $0 != ";" && $0 != " " }.lowercased()
        let isRaw = ["application/octet-stream", "audio/pcm", "audio/raw", "audio/l16", "audio/x-pcm"].contains(type)
        refusal = isRaw ? nil : type
        if isRaw, let rate = Self.rate(in: contentType ?? "") { self.format.sampleRate = rate }
        guard type.hasPrefix("audio/") || isRaw else { throw .notAudio(String(type.prefix(60))) }
    }

    /// - Returns: Nil while nothing is complete.
    mutating func add(_ bytes: [UInt8]) throws(RemoteFault) -> AudioChunk? {
        guard var head else { return samples(bytes[...]) }
        head += bytes
        self.head = head
        guard head.count >= 12 else { return nil }
        if head.starts(with: Array("RIFF".utf8)) {
            guard let file = try wave(head) else { return nil }
            format = file.format
            remaining = file.byteCount
            self.head = nil
            return samples(head[file.dataStart...])
        }
        if let known = Self.kind(of: head) ?? refusal { throw .notAudio(known) }
        self.head = nil
        return samples(head[...])
    }

    /// The answer is complete.
    mutating func finish() throws(RemoteFault) -> AudioChunk? {
        if let head, !head.isEmpty {
            guard refusal == nil, Self.kind(of: head) == nil, !head.starts(with: Array("RIFF".utf8)) else {
                throw .cut
            }
            self.head = nil
            return samples(head[...])
        }
        if let remaining, remaining > 0 { throw .cut }
        return nil
    }

    private mutating func samples(_ bytes: ArraySlice<UInt8>) -> AudioChunk? {
        var all = rest + bytes.prefix(remaining.map { max(0, $0) } ?? .max)
        remaining = remaining.map { $0 - min($0, bytes.count) }
        let width = format.channelCount * 2
        rest = Array(all.suffix(all.count % width))
        all.removeLast(rest.count)
        guard !all.isEmpty, let samples = PCM16.samples(of: all) else { return nil }
        return AudioChunk(
            format: AudioFormat(sampleRate: format.sampleRate),
            samples: format.channelCount == 1 ? samples : mono(samples))
    }

    private func mono(_ samples: [Int16]) -> [Int16] {
        stride(from: 0, to: samples.count, by: format.channelCount).map { frame in
            let sum = samples[frame..<frame + format.channelCount].reduce(0) { $0 + Int($1) }
            return Int16(sum / format.channelCount)
        }
    }

    /// Nil while more bytes are needed.
    private func wave(_ head: [UInt8]) throws(RemoteFault) -> WAVHead? {
        do throws(WAVError) {
            return try WAV.head(of: head)
        } catch .truncated where head.count < Self.headLimit {
            return nil
        } catch .missingData where head.count < Self.headLimit {
            return nil
        } catch {
            throw .notAudio("a WAV file that is not 16-bit PCM")
        }
    }

    /// What bytes are that are no samples, by how they begin.
    private static func kind(of bytes: [UInt8]) -> String? {
        let marks = [
            ("OggS", "Ogg"), ("fLaC", "FLAC"), ("ID3", "MP3"), ("<!DOC", "a web page"), ("<!doc", "a web page"),
            ("<html", "a web page"), ("{\"error", "an error in JSON"), ("{\"detail", "an error in JSON"),
        ]
        return marks.first { bytes.starts(with: Array($0.0.utf8)) }?.1
    }

    /// RFC 2586: `audio/L16;rate=22050`.
    private static func rate(in type: String) -> Int? {
        guard let mark = type.lowercased().firstRange(of: "rate=") else { return nil }
        let rate = Int(type[mark.upperBound...].prefix { $0.isNumber })
        return rate.flatMap { (8_000...192_000).contains($0) ? $0 : nil }
    }
}
