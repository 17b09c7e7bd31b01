import JSON
import Net
import Wire

/// What the server says of its own interface, for programs that make clients of it.
struct DescriptionEndpoints: Sendable {
    private let version: String
    private let openAPI: [UInt8]
    private let asyncAPI: [UInt8]

    /// - Parameter others: All other routes of the server.
    init(of others: [Route], version: String) {
        self.version = version
        asyncAPI = JSONText.bytes(AsyncAPIDocument.make(version: version))
        let own = Self.routes(openAPI: [], asyncAPI: [])
        openAPI = JSONText.bytes(OpenAPIDocument.make(of: others + own, version: version))
    }

    /// They tell nothing that is not the same for every server of this version, so they need no token.
    var routes: [Route] { Self.routes(openAPI: openAPI, asyncAPI: asyncAPI) }

    private static func routes(openAPI: [UInt8], asyncAPI: [UInt8]) -> [Route] {
        [
            .open("GET", "/openapi.json") { _ in .now(page(openAPI)) },
            .open("GET", "/asyncapi.json") { _ in .now(page(asyncAPI)) },
        ]
    }

    private static func page(_ bytes: [UInt8]) -> HTTPResponse {
        .json(
            status: 200, bytes: bytes, fields: ["Cache-Control": "no-cache", "X-Content-Type-Options": "nosniff"])
    }
}
