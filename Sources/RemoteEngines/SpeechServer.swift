import Net
import Sound
import VoiceCore

/// What one kind of speech server is asked, and how its answers are to be read.
protocol SpeechServer: Sendable {
    /// What is sent to `client`.
    func speech(_ clause: Clause, voice: String) -> SpeechQuestion

    /// Of samples without a header.
    var format: AudioFormat { get }

    /// What it does itself of what a clause wants.
    var skills: SpeechSkills { get }

    var client: HTTPClient { get }

    var key: EngineKey? { get }

    /// The header fields that show the key, besides what `client` sends.
    var keyFields: HTTPFields { get }

    /// Where the list of voices is.
    var voicesTarget: String { get }

    /// The voices of a list; nil where it is no such list.
    func voices(_ body: [UInt8], engine: String) -> [Voice]?
}

/// One request for speech.
struct SpeechQuestion: Sendable {
    var target: String
    var body: [UInt8]
    var fields: HTTPFields = ["Content-Type": "application/json", "Accept": "audio/pcm, audio/wav, */*;q=0.1"]
}

extension SpeechServer {
    /// - Returns: Nil where the server has no list.
    func list(engine: String, _ limits: RemoteLimits) async throws(RemoteFault) -> [Voice]? {
        let answer: HTTPResponse
        do throws(ClientError) {
            answer = try await client.send(
                "GET", voicesTarget, fields: keyFields, timeout: limits.silence, connectTimeout: limits.connect,
                bodyLimit: 4 << 20)
        } catch {
            throw RemoteFault(error, limit: limits.silence)
        }
        switch answer.status {
        case 200: return voices(answer.body, engine: engine)
        case 404, 405, 501: return nil
        default: throw fault(answer.status, answer.fields, answer.body)
        }
    }

    /// What an answer means that is no success.
    func fault(_ status: Int, _ fields: HTTPFields, _ body: [UInt8]) -> RemoteFault {
        switch status {
        case 401, 403: return .keyRefused(status: status, hasKey: key != nil)
        case 429:
            return .tooMany(pause: RemoteFault.pause(fields))
        default:
            let words = ErrorWords.read(body).map { key?.removed(from: $0) ?? $0 }
            return .status(status, words)
        }
    }
}
