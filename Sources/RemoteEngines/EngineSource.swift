package import Flow
package import Net
package import VoiceCore

/// Where a speech engine is that others run.
package enum EngineSource: Hashable, Sendable {
    case openAI(URLParts, model: String?)
    case elevenLabs(URLParts, model: String?)
    case wyoming(host: String, port: UInt16)

    /// Reads `openai+http://…`, `openai+https://…`, `elevenlabs+https://…`, each with `?model=…` if need be, and
    /// `wyoming://host:port` or `tcp://host:port`.
    package init?(_ text: String) {
        if let place = Self.rest(of: text, after: "wyoming://") ?? Self.rest(of: text, after: "tcp://") {
            guard let address = try? SocketAddress.parse(place), let port = UInt16(exactly: address.port), port > 0
            else { return nil }
            self = .wyoming(host: address.host, port: port)
        } else if let url = Self.rest(of: text, after: "openai+"), let (base, model) = Self.base(url) {
            self = .openAI(base, model: model)
        } else if let url = Self.rest(of: text, after: "elevenlabs+"), let (base, model) = Self.base(url) {
            self = .elevenLabs(base, model: model)
        } else {
            return nil
        }
    }

    /// Whether others on the way can read what is sent there.
    package var isReadable: Bool {
        switch self {
        case .openAI(let base, _), .elevenLabs(let base, _):
            !base.isSecure && base.host != "localhost"
                && !SocketAddress(host: base.host, port: base.port).isLoopback
        case .wyoming: false
        }
    }

    /// The engine; nil for one that is asked by Wyoming events.
    package func engine(
        name: String, key: EngineKey?, voices: [String], limits: RemoteLimits, log: Log
    ) -> (any Engine)? {
        let server: any SpeechServer
        switch self {
        case .openAI(let base, let model): server = OpenAIServer(base, model: model, key: key)
        case .elevenLabs(let base, let model): server = ElevenLabsServer(base, model: model, key: key)
        case .wyoming: return nil
        }
        let engine = RemoteEngine(name: name, server: server, voices: voices, limits: limits, log: log)
        return PacedEngine(engine, timeline: limits.timeline)
    }

    /// A key would travel through shells and lists of processes, so that a URL with one is refused.
    private static func base(_ url: String) -> (URLParts, model: String?)? {
        guard !url.contains("@"), url.hasPrefix("http://") || url.hasPrefix("https://"),
            var base = try? URLParts(url)
        else { return nil }
        let parts = base.target.split(separator: "?", maxSplits: 1, omittingEmptySubsequences: false)
        base.target = parts.first.map(String.init) ?? "/"
        guard parts.count == 2 else { return (base, nil) }
        guard let model = rest(of: String(parts[1]), after: "model="), !model.isEmpty, !model.contains("&") else {
            return nil
        }
        return (base, model)
    }

    private static func rest(of text: String, after start: String) -> String? {
        text.hasPrefix(start) ? String(text.dropFirst(start.count)) : nil
    }
}
