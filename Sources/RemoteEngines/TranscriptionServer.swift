import Flow
import Net
import Sound
import VoiceCore

/// What a server with OpenAI's interface for recordings is asked, and how its answers are read.
struct TranscriptionServer: Sendable {
    /// What is to become of a recording.
    enum Purpose: Hashable, Sendable {
        /// - Parameter language: BCP 47; nil for whatever the server finds.
        case transcription(language: String?)
        /// English, whatever was spoken.
        case translation

        fileprivate var path: String {
            switch self {
            case .transcription: "/audio/transcriptions"
            case .translation: "/audio/translations"
            }
        }
    }

    let model: String
    private let client: HTTPClient
    private let key: EngineKey?
    private let limits: RemoteLimits
    /// Some models refuse the format that tells times.
    private let tellsTimes = Monitor(true)

    /// More than an hour of talk has.
    private static let answerBytes = 4 << 20

    init(_ base: URLParts, model: String?, key: EngineKey?, limits: RemoteLimits) {
        self.model = model ?? "whisper-1"
        self.key = key
        self.limits = limits
        client = HTTPClient(base: base, bearer: key?.revealed())
    }

    /// Whether it is there and takes the key.
    func look() async throws(RemoteFault) {
        let answer = try await asking { () async throws(ClientError) in
            try await client.send(
                "GET", "/models", timeout: limits.silence, connectTimeout: limits.connect, bodyLimit: Self.answerBytes)
        }
        // Some servers have no such list.
        if ![200, 404, 405, 501].contains(answer.status) { throw fault(answer) }
    }

    /// - Parameter samples: Mono at 16 kHz.
    func read(_ samples: [Int16], for purpose: Purpose) async throws(RemoteFault) -> Transcript {
        let wantsTimes = tellsTimes.withLock { $0 }
        var answer = try await send(samples, purpose, wantsTimes)
        if answer.status == 400, wantsTimes {
            // A model that does not translate says the same.
            if purpose != .translation { tellsTimes.withLock { $0 = false } }
            answer = try await send(samples, purpose, false)
        }
        guard answer.status == 200 else { throw fault(answer) }
        var transcript = try TranscriptionAnswer(answer.body).transcript
        // Servers tell the language that was spoken, and times of words that were not.
        if purpose == .translation { (transcript.language, transcript.words) = ("en", []) }
        return transcript
    }

    private func send(
        _ samples: [Int16], _ purpose: Purpose, _ wantsTimes: Bool
    ) async throws(RemoteFault) -> HTTPResponse {
        let chunk = AudioChunk(format: AudioFormat(sampleRate: UtteranceAudio.sampleRate), samples: samples)
        var form = FormWriter(boundary: "utterance\(UInt64.random(in: 0...(.max)))\(UInt64.random(in: 0...(.max)))")
        form.add("model", model)
        if case .transcription(let language?) = purpose {
            form.add("language", String(language.lowercased().prefix { $0 != "-" }))
        }
        form.add("response_format", wantsTimes ? "verbose_json" : "json")
        if wantsTimes, purpose != .translation {
            form.add("timestamp_granularities[]", "word")
            form.add("timestamp_granularities[]", "segment")
        }
        form.add("file", fileName: "utterance.wav", type: "audio/wav", WAV.encode(chunk))
        let (body, type) = (form.finished(), form.contentType)
        // Nothing comes before the text does, which takes the slower ones as long as the speech did.
        let timeout = limits.silence + chunk.duration
        return try await asking { () async throws(ClientError) in
            try await client.send(
                "POST", purpose.path, fields: ["Content-Type": type], body: body, timeout: timeout,
                connectTimeout: limits.connect, bodyLimit: Self.answerBytes)
        }
    }

    private func asking(
        _ ask: () async throws(ClientError) -> HTTPResponse
    ) async throws(RemoteFault) -> HTTPResponse {
        do throws(ClientError) {
            return try await ask()
        } catch {
            throw RemoteFault(error, limit: limits.silence)
        }
    }

    private func fault(_ answer: HTTPResponse) -> RemoteFault {
        switch answer.status {
        case 401, 403: return .keyRefused(status: answer.status, hasKey: key != nil)
        case 429: return .tooMany(pause: RemoteFault.pause(answer.fields))
        default:
            let words = ErrorWords.read(answer.body).map { key?.removed(from: $0) ?? $0 }
            return .status(answer.status, words)
        }
    }
}

/// Writes a body of `multipart/form-data` (RFC 7578).
struct FormWriter {
    private let boundary: String
    private var bytes: [UInt8] = []

    /// - Parameter boundary: Letters and digits that no value has in it.
    init(boundary: String) {
        self.boundary = boundary
    }

    var contentType: String { "multipart/form-data; boundary=\(boundary)" }

    mutating func add(_ name: String, _ value: String) {
        bytes += Array("--\(boundary)\r\nContent-Disposition: form-data; name=\"\(name)\"\r\n\r\n\(value)\r\n".utf8)
    }

    mutating func add(_ name: String, fileName: String, type: String, _ content: [UInt8]) {
        let head =
            "--\(boundary)\r\nContent-Disposition: form-data; name=\"\(name)\"; filename=\"\(fileName)\"\r\n"
            + "Content-Type: \(type)\r\n\r\n"
        bytes += Array(head.utf8) + content + Array("\r\n".utf8)
    }

    func finished() -> [UInt8] { bytes + Array("--\(boundary)--\r\n".utf8) }
}
