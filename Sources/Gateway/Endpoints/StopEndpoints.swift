import Flow
import Net
import VoiceCore
import Wire
import JSON

/// The orderly end of the server, which `hearsay stop` asks for.
struct StopEndpoints: Sendable {
    let parts: GatewayParts
    let log: Log

    var routes: [Route] {
        [
            .guarded("POST", "/v1/stop", anyOf: .admin) { call in
                log.info("stop.requested", ["by": call.grant.token.rawValue])
                parts.server.stop.open()
                return .now(.object(["stopping": true], status: 202))
            }
        ]
    }
}
