import Flow
import Net
import Sound
import VoiceCore

/// One request for one clause: the question, the answer piece by piece, and its end.
struct SpeechExchange: Sendable {
    /// Enough to tell what went wrong.
    private static let errorBytes = 16 * 1_024

    let server: any SpeechServer
    let limits: RemoteLimits

    /// Letting go of the answer, by cancellation too, ends the connection.
    func speak(
        _ clause: Clause, voice: String, emit: @Sendable (AudioChunk) async -> Void
    ) async throws(RemoteFault) {
        let question = server.speech(clause, voice: voice)
        let answer: HTTPBodyStream
        do throws(ClientError) {
            answer = try await server.client.stream(
                "POST", question.target, fields: question.fields, body: question.body, timeout: limits.silence,
                connectTimeout: limits.connect)
        } catch {
            throw RemoteFault(error, limit: limits.silence)
        }
        guard answer.status == 200 else {
            throw server.fault(answer.status, answer.fields, await errorBody(answer))
        }
        var bytes = try SpeechBytes(contentType: answer.fields["Content-Type"], format: server.format)
        let longest = Self.longest(clause)
        var length = Duration.zero
        while let piece = try await next(answer) {
            guard let chunk = try bytes.add(piece) else { continue }
            length += chunk.duration
            guard length <= longest else { throw .tooLong }
            await emit(chunk)
        }
        if let chunk = try bytes.finish() {
            length += chunk.duration
            await emit(chunk)
        }
        if length == .zero { throw .notAudio("nothing") }
    }

    /// Nobody needs a second for each character, digits read out one by one included.
    private static func longest(_ clause: Clause) -> Duration {
        .seconds(5) + .seconds(1) * (Double(clause.text.unicodeScalars.count) / clause.speed)
    }

    private func next(_ answer: HTTPBodyStream) async throws(RemoteFault) -> [UInt8]? {
        let result: Result<[UInt8]?, ClientError>? = await limits.timeline.limit(limits.silence) {
            do throws(ClientError) {
                return .success(try await answer.next())
            } catch {
                return .failure(error)
            }
        }
        if Task.isCancelled { throw .cancelled }
        guard let result else { throw .silent(limits.silence) }
        do throws(ClientError) {
            return try result.get()
        } catch {
            throw RemoteFault(error, limit: limits.silence)
        }
    }

    private func errorBody(_ answer: HTTPBodyStream) async -> [UInt8] {
        var body: [UInt8] = []
        while body.count < Self.errorBytes, let piece = try? await next(answer) { body += piece }
        return body
    }
}
