import Net

/// Why a speech server elsewhere did not speak.
enum RemoteFault: Error, Hashable, Sendable {
    /// Nobody answers there, or TLS does not succeed; in words.
    case unreachable(String)
    /// 401 or 403.
    case keyRefused(status: Int, hasKey: Bool)
    /// 429, and how long the server wants to be left alone.
    case tooMany(pause: Duration?)
    /// Any other status that is no success; with what the server said, if that was short.
    case status(Int, String?)
    /// What came is no audio that is read here.
    case notAudio(String)
    /// What came is no text of a recording.
    case notText
    /// More audio than any voice makes of such a text.
    case tooLong
    /// The connection ended in the middle.
    case cut
    /// Nothing came for so long.
    case silent(Duration)
    case cancelled

    init(_ error: ClientError, limit: Duration) {
        switch error {
        case .closed: self = .cut
        case .timedOut: self = .silent(limit)
        case .cancelled: self = .cancelled
        case .badResponse: self = .notAudio("something that is no HTTP")
        default: self = .unreachable(error.description)
        }
    }

    /// Lower case, no full stop; names what to do where that is known.
    func sentence(engine: String) -> String {
        switch self {
        case .unreachable(let words): words
        case .keyRefused(let status, let hasKey):
            "the server \(hasKey ? "refused the key" : "wants a key") (\(status)): "
                + "set \(EngineKey.variable(engine)) where the server of Hearsay is started"
        case .tooMany(let pause):
            "too many requests (429)" + (pause.map { ", it wants a pause of \(Int($0 / .seconds(1))) s" } ?? "")
        case .status(let status, let words): "the server answered \(status)" + (words.map { ": \($0)" } ?? "")
        case .notAudio(let words): "the server sent \(words) instead of audio"
        case .notText: "the server sent something else than a text"
        case .tooLong: "the server sent more audio than the text can have"
        case .cut: "the connection was cut before the answer ended"
        case .silent(let limit): "nothing came for \(Int(limit / .milliseconds(1))) ms"
        case .cancelled: "the request was cancelled"
        }
    }

    /// How long a 429 wants to be left alone.
    static func pause(_ fields: HTTPFields) -> Duration? {
        fields["Retry-After"].flatMap { Double($0) }.map { .seconds(max(0, min($0, 3_600))) }
    }

    /// Whether the server says that it does no such thing: nothing is at the path, or the model cannot.
    var isRefusal: Bool {
        if case .status(let status, _) = self { [400, 404, 405, 422, 501].contains(status) } else { false }
    }

    /// Whether the next request would meet the same.
    var isLasting: Bool {
        switch self {
        case .unreachable, .keyRefused, .tooMany: true
        default: false
        }
    }
}
