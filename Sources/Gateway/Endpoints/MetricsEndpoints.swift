import Net
import VoiceCore
import Wire

/// `/metrics`, for a token with the scope `admin`, or for whoever asks from a network that was named.
struct MetricsEndpoints: Sendable {
    let parts: GatewayParts

    var routes: [Route] {
        let networks = parts.server.metricsNetworks
        return [.watched("GET", "/metrics", from: networks, anyOf: .admin, metrics)]
    }

    /// - Parameter grant: Nil for a request from such a network.
    private func metrics(_ grant: Grant?) throws(ErrorReply) -> HTTPReply {
        // The numbers are of all sessions together, which do not exist for a bound token.
        guard grant?.isBound != true else { throw ErrorReply(.notAllowed, "this needs a token for all sessions") }
        return .later { [parts] in
            HTTPResponse(
                status: 200,
                fields: [
                    "Content-Type": MetricsText.contentType, "Cache-Control": "no-store",
                    "X-Content-Type-Options": "nosniff",
                ], body: Array(await MetricsPage.text(of: parts).utf8))
        }
    }
}
