import Net
import VoiceCore
import Wire

/// The queue as a whole: who is next, and who must wait.
struct QueueEndpoints: Sendable {
    let parts: GatewayParts

    var routes: [Route] {
        [
            .waiting("GET", "/v1/queue", anyOf: [.speak, .events, .control], show),
            .waiting("PUT", "/v1/queue", anyOf: [.speak, .control], set),
        ]
    }

    private func show(_ call: Call) async -> HTTPResponse {
        .object(await QueueRules.status(by: call.grant, in: parts))
    }

    private func set(_ call: Call) async throws(ErrorReply) -> HTTPResponse {
        let command = try call.read { bytes throws(WireError) in try QueueSetCommand(bytes) }
        return .object(
            try await QueueRules.perform(command, ownSession: call.ownSession, by: call.grant, in: parts))
    }
}
