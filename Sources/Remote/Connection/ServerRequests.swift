package import Net
import Wire
package import JSON

/// A server's HTTP interface: one request, one answer.
package struct ServerRequests: Sendable {
    /// How long an answer may take.
    private static let deadline = Duration.seconds(10)

    private let address: ServerAddress

    package init(_ address: ServerAddress) {
        self.address = address
    }

    /// - Parameter path: With its query, already percent-encoded.
    package func get(_ path: String) async throws(RemoteError) -> JSONValue {
        try await send("GET", path, nil)
    }

    package func post(_ path: String, _ body: [String: JSONValue] = [:]) async throws(RemoteError) -> JSONValue {
        try await send("POST", path, body)
    }

    package func put(_ path: String, _ body: [String: JSONValue]) async throws(RemoteError) -> JSONValue {
        try await send("PUT", path, body)
    }

    package func delete(_ path: String) async throws(RemoteError) -> JSONValue {
        try await send("DELETE", path, nil)
    }

    /// Asks for something that need not be JSON, and hands the answer over as it is, whatever its status.
    package func answer(to path: String) async throws(RemoteError) -> HTTPResponse {
        try await exchange("GET", path, nil)
    }

    /// Asks for an answer that comes piece by piece.
    package func stream(_ path: String) async throws(RemoteError) -> ServerStream {
        let body: HTTPBodyStream
        do throws(ClientError) {
            let client = HTTPClient(base: try URLParts(address.url), bearer: address.token, trust: address.trust)
            body = try await client.stream("GET", path, timeout: Self.deadline)
        } catch {
            throw RemoteError(error, url: address.url)
        }
        let stream = ServerStream(body: body, url: address.url)
        guard body.status == 200 else {
            var bytes: [UInt8] = []
            while let piece = try await stream.next() { bytes += piece }
            let value = try? JSONText.value(JSONValue.self, of: bytes)
            throw value.flatMap { RemoteError($0) } ?? .notHearsay(url: address.url)
        }
        return stream
    }

    /// Percent-encodes one part of a path.
    package static func escaped(_ part: String) -> String {
        part.utf8.map { byte in
            let scalar = Unicode.Scalar(byte)
            let isPlain = scalar.isASCII && (scalar.properties.isAlphabetic || scalar.properties.numericType != nil)
            if isPlain || "-._~".unicodeScalars.contains(scalar) { return String(scalar) }
            return "%" + (byte < 16 ? "0" : "") + String(byte, radix: 16, uppercase: true)
        }.joined()
    }

    private func send(
        _ method: String, _ path: String, _ body: [String: JSONValue]?
    ) async throws(RemoteError) -> JSONValue {
        let response = try await exchange(method, path, body.map { JSONText.bytes(JSONValue.object($0)) })
        if response.status == 308 { throw .needsTLS(url: address.url) }
        if response.body.isEmpty, (200..<300).contains(response.status) { return .null }
        guard let value = try? JSONText.value(JSONValue.self, of: response.body) else {
            throw .notHearsay(url: address.url)
        }
        guard (200..<300).contains(response.status) else {
            throw RemoteError(value) ?? .notHearsay(url: address.url)
        }
        return value
    }

    private func exchange(
        _ method: String, _ path: String, _ body: [UInt8]?
    ) async throws(RemoteError) -> HTTPResponse {
        do throws(ClientError) {
            let client = HTTPClient(base: try URLParts(address.url), bearer: address.token, trust: address.trust)
            let fields: HTTPFields = body == nil ? [:] : ["Content-Type": "application/json"]
            return try await client.send(method, path, fields: fields, body: body ?? [], timeout: Self.deadline)
        } catch {
            throw RemoteError(error, url: address.url)
        }
    }
}

/// An answer that comes piece by piece; letting go of it ends the connection.
package struct ServerStream: Sendable {
    fileprivate let body: HTTPBodyStream
    fileprivate let url: String

    /// The next bytes; nil at the proper end.
    package func next() async throws(RemoteError) -> [UInt8]? {
        do throws(ClientError) {
            return try await body.next()
        } catch {
            throw error == .cancelled ? .lost : RemoteError(error, url: url)
        }
    }
}
