import Net
import Secrets

/// The servers whose certificates a person has accepted: lines `host:port SHA256`, empty ones, and comments with `#`.
struct KnownServers: Hashable, Sendable {
    /// By host and port, as in `box.local:7780`.
    private(set) var fingerprints: [String: Fingerprint] = [:]
    /// Lines that say nothing understandable, which the others do not suffer from.
    private(set) var badLines: [Int] = []

    init(_ text: String = "") {
        for (index, line) in text.split(separator: "\n", omittingEmptySubsequences: false).enumerated() {
            let words = line.split { $0.isWhitespace }
            guard let first = words.first, !first.hasPrefix("#") else { continue }
            guard words.count == 2, (try? SocketAddress.parse(String(first))) != nil,
                let fingerprint = Fingerprint(String(words[1]))
            else {
                badLines.append(index + 1)
                continue
            }
            fingerprints[first.lowercased()] = fingerprint
        }
    }

    subscript(_ url: String) -> Fingerprint? { Self.name(of: url).flatMap { fingerprints[$0] } }

    /// What the file calls a server; nil for a URL that is none.
    static func name(of url: String) -> String? {
        guard let parts = try? URLParts(url) else { return nil }
        return SocketAddress(host: parts.host, port: parts.port).description.lowercased()
    }

    /// The file with one more line; the others stay as they are, whoever wrote them.
    static func adding(_ fingerprint: Fingerprint, of url: String, to text: String) -> String? {
        guard let name = name(of: url) else { return nil }
        let rest = text.isEmpty || text.hasSuffix("\n") ? text : text + "\n"
        return rest + "\(name) \(fingerprint)\n"
    }
}
