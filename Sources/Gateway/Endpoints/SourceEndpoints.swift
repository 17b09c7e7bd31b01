import Hearing
import JSON
import Net
import VoiceCore
import Wire

/// What is heard now: listed, made to pause and to go on, ended.
struct SourceEndpoints: Sendable {
    let parts: GatewayParts

    /// Sources of one's own session, and those that one's token opened, need `capture`, others `control`.
    private static let operators: Scopes = [.capture, .control]

    var routes: [Route] {
        [
            .waiting("GET", "/v1/sources", anyOf: nil, list),
            .waiting("POST", "/v1/sources/{id}/pause", anyOf: Self.operators, pause),
            .waiting("POST", "/v1/sources/{id}/resume", anyOf: Self.operators, resume),
            .waiting("DELETE", "/v1/sources/{id}", anyOf: Self.operators, close),
        ]
    }

    private func list(_ call: Call) async -> HTTPResponse {
        let sources = await parts.hearing?.list(visibleTo: call.grant) ?? []
        return .object(["sources": .array(sources.map { WireSource($0).json })])
    }

    private func pause(_ call: Call) async throws(ErrorReply) -> HTTPResponse { try await setPaused(true, call) }

    private func resume(_ call: Call) async throws(ErrorReply) -> HTTPResponse { try await setPaused(false, call) }

    private func setPaused(_ isPaused: Bool, _ call: Call) async throws(ErrorReply) -> HTTPResponse {
        let (hearing, id) = try await subject(of: call)
        do throws(SourceRefusal) {
            try await hearing.setPaused(isPaused, id, by: RequestHand())
            return .value(WireSource(try await hearing.source(id, visibleTo: call.grant)).json)
        } catch {
            throw ErrorReply(error)
        }
    }

    private func close(_ call: Call) async throws(ErrorReply) -> HTTPResponse {
        let (hearing, id) = try await subject(of: call)
        do throws(SourceRefusal) {
            try await hearing.close(id, by: RequestHand())
        } catch {
            throw ErrorReply(error)
        }
        return .object(["closed": .string(id.rawValue)])
    }

    /// The source that a request names, which the caller may change.
    private func subject(of call: Call) async throws(ErrorReply) -> (SourceDirectory, SourceID) {
        guard let hearing = parts.hearing else { throw .noHearing }
        let id = SourceID(call.parameters[0])
        let source = try await hearing.subject(id, of: call.grant, in: call.ownSession)
        return (hearing, source.id)
    }
}

/// Somebody who changes sources by a request: is told nothing himself.
final class RequestHand: SourceLink {
    func control(_ source: SourceID, _ control: SourceControl) {}
}
