import Net
import VoiceCore
import Wire

/// One method of one path, and who may use it.
struct Route: Sendable {
    enum Answer: Sendable {
        /// Needs no token.
        case open(@Sendable (HTTPRequest) throws(ErrorReply) -> HTTPReply)
        /// Needs a token with at least one of the scopes; nil for any token.
        case guarded(anyOf: Scopes?, @Sendable (Call) throws(ErrorReply) -> HTTPReply)
        /// Needs such a token unless the request comes straight from one of the networks; then the grant is nil.
        case watched(from: [IPNetwork], anyOf: Scopes, @Sendable (Grant?) throws(ErrorReply) -> HTTPReply)
    }

    /// Whose shape errors have.
    enum Dialect: Hashable, Sendable {
        case native, openAI, pai, fastAPI

        func response(to error: ErrorReply) -> HTTPResponse {
            switch self {
            case .native: HTTPResponse(error)
            case .openAI: .openAI(error)
            case .pai: .pai(error)
            case .fastAPI: .fastAPI(error)
            }
        }
    }

    let method: String
    /// As it is documented, such as `/v1/jobs/{id}`.
    let path: String
    /// The parts between the slashes; nil for `{…}`.
    let pattern: [String?]
    let answer: Answer
    var dialect = Dialect.native

    /// A route that needs no token, answered at once.
    static func open(
        _ method: String, _ path: String, _ answer: @escaping @Sendable (HTTPRequest) throws(ErrorReply) -> HTTPReply
    ) -> Route {
        Route(method: method, path: path, pattern: parts(path), answer: .open(answer))
    }

    /// A route that needs a token.
    ///
    /// - Parameters:
    ///   - path: Such as `/v1/jobs/{id}`.
    ///   - scopes: One of them is enough; nil for any token.
    static func guarded(
        _ method: String, _ path: String, anyOf scopes: Scopes?, in dialect: Dialect = .native,
        _ answer: @escaping @Sendable (Call) throws(ErrorReply) -> HTTPReply
    ) -> Route {
        Route(
            method: method, path: path, pattern: parts(path), answer: .guarded(anyOf: scopes, answer), dialect: dialect)
    }

    /// A route that some networks may use without a token.
    static func watched(
        _ method: String, _ path: String, from networks: [IPNetwork], anyOf scopes: Scopes,
        _ answer: @escaping @Sendable (Grant?) throws(ErrorReply) -> HTTPReply
    ) -> Route {
        Route(
            method: method, path: path, pattern: parts(path),
            answer: .watched(from: networks, anyOf: scopes, answer))
    }

    /// A route whose answer has to be waited for; what it throws becomes the answer.
    static func waiting(
        _ method: String, _ path: String, anyOf scopes: Scopes?, in dialect: Dialect = .native,
        _ answer: @escaping @Sendable (Call) async throws(ErrorReply) -> HTTPResponse
    ) -> Route {
        guarded(method, path, anyOf: scopes, in: dialect) { call in
            .later {
                do throws(ErrorReply) {
                    return try await answer(call)
                } catch {
                    return dialect.response(to: error)
                }
            }
        }
    }

    /// - Returns: The values of the `{…}` parts; nil if the path is another one.
    func parameters(in segments: [String]) -> [String]? {
        guard segments.count == pattern.count else { return nil }
        var values: [String] = []
        for (part, wanted) in zip(segments, pattern) {
            if let wanted {
                guard part == wanted else { return nil }
            } else {
                values.append(part)
            }
        }
        return values
    }

    private static func parts(_ path: String) -> [String?] {
        path.split(separator: "/").map { $0.hasPrefix("{") ? nil : String($0) }
    }
}
