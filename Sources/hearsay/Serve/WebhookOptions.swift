import Net
import Webhooks
import Wire

/// Reads where events are to be posted.
enum WebhookOptions {
    private static let usualNames = ["command.*", "draft.*"]
    /// Whoever names a URL need not mean the router of this network.
    private static let usualNetworks = ["127.0.0.0/8", "::1/128"]

    static func read(_ arguments: ParsedArguments) throws(UsageError) -> [Webhook] {
        let further = ["webhook-events", "webhook-secret-file", "webhook-net"]
        guard arguments.has("webhook") else {
            for option in further where arguments.has(option) {
                throw .missingOption("--webhook", with: "--\(option)")
            }
            return []
        }
        let filter = try filter(arguments)
        let secret = try secret(arguments)
        let networks = try networks(arguments)
        return try arguments.strings("webhook").map { text throws(UsageError) in
            guard let url = try? URLParts(text) else {
                throw .badValue(option: "--webhook", value: text, expected: "an http or https URL")
            }
            return Webhook(url: url, filter: filter, secret: secret, networks: networks)
        }
    }

    private static func filter(_ arguments: ParsedArguments) throws(UsageError) -> EventFilter {
        let names = arguments.strings("webhook-events").flatMap { $0.split(separator: ",").map(String.init) }
        do throws(WireError) {
            return try EventFilter(names: names.isEmpty ? usualNames : names)
        } catch {
            throw .badValue(
                option: "--webhook-events", value: names.joined(separator: ","),
                expected: "names of events, such as command.matched, draft.* or *")
        }
    }

    private static func secret(_ arguments: ParsedArguments) throws(UsageError) -> [UInt8]? {
        guard let path = arguments.string("webhook-secret-file") else { return nil }
        let content = try? SmallFile.read(path).filter { !$0.isWhitespace }
        guard let content, content.utf8.count >= 16 else {
            throw .badValue(
                option: "--webhook-secret-file", value: path,
                expected: "a file that can be read and holds a secret of at least 16 characters")
        }
        return Array(content.utf8)
    }

    private static func networks(_ arguments: ParsedArguments) throws(UsageError) -> [IPNetwork] {
        let texts = arguments.strings("webhook-net")
        return try (texts.isEmpty ? usualNetworks : texts).map { text throws(UsageError) in
            guard let network = IPNetwork(text) else {
                throw .badValue(
                    option: "--webhook-net", value: text,
                    expected: "a network such as 10.0.0.0/8, fd00::/8 or 192.0.2.7")
            }
            return network
        }
    }
}
