import Net

/// What proxies say of a request: `X-Forwarded-For`, `-Proto` and `-Host`, or `Forwarded` (RFC 7239).
struct ForwardingChain: Sendable {
    /// What one proxy saw, besides the address.
    struct Facts: Hashable, Sendable {
        var scheme: String?
        var host: String?

        func apply(to request: inout HTTPRequest) {
            switch scheme?.lowercased() {
            case "https", "wss": request.isSecure = true
            case "http", "ws": request.isSecure = false
            default: break
            }
            if let host { request.fields.set("Host", host) }
        }
    }

    /// Longer ones are made to waste time.
    private static let hopLimit = 32

    /// From the client to the last proxy; nil where that is no address.
    let hops: [SocketAddress?]
    private let schemes: [String]
    private let hosts: [String]

    /// - Returns: Nil without a chain, and where both kinds of fields are there: of the two, a proxy writes one and
    ///   passes the other on as the client invented it.
    init?(_ fields: HTTPFields) {
        let addresses = fields.items("X-Forwarded-For")
        let elements = fields.items("Forwarded")
        guard addresses.isEmpty != elements.isEmpty, addresses.count + elements.count <= Self.hopLimit else {
            return nil
        }
        if elements.isEmpty {
            hops = addresses.map { Self.address($0) }
            schemes = fields.items("X-Forwarded-Proto")
            hosts = fields.items("X-Forwarded-Host")
        } else {
            let pairs = elements.map { Self.pairs($0) }
            hops = pairs.map { $0["for"].flatMap { Self.address($0) } }
            schemes = pairs.map { $0["proto"] ?? "" }
            hosts = pairs.map { $0["host"] ?? "" }
        }
    }

    /// What the proxy that named the address at a place saw; lists of another length have one value for all: the last.
    func facts(at index: Int) -> Facts {
        Facts(
            scheme: Self.value(schemes, at: index, of: hops.count), host: Self.value(hosts, at: index, of: hops.count))
    }

    private static func value(_ values: [String], at index: Int, of count: Int) -> String? {
        let value = values.count == count ? values[index] : values.last
        return value?.isEmpty == true ? nil : value
    }

    /// `192.0.2.7`, `192.0.2.7:80`, `2001:db8::7` or `[2001:db8::7]:80`.
    private static func address(_ text: String) -> SocketAddress? {
        if IPNetwork(around: text) != nil { return SocketAddress(host: text, port: 0) }
        let bracketed = text.hasPrefix("[") && text.hasSuffix("]") ? text + ":0" : text
        guard let address = try? SocketAddress.parse(bracketed), IPNetwork(around: address.host) != nil else {
            return nil
        }
        return address
    }

    /// One element of `Forwarded`: `for=192.0.2.7;proto=https;host="example.org"`.
    private static func pairs(_ element: String) -> [String: String] {
        var pairs: [String: String] = [:]
        for part in element.split(separator: ";") {
            let sides = part.split(separator: "=", maxSplits: 1).map(String.init)
            guard sides.count == 2 else { return [:] }
            var value = sides[1][...]
            if value.hasPrefix("\""), value.hasSuffix("\""), value.utf8.count >= 2 {
                value = value.dropFirst().dropLast()
            }
            guard pairs.updateValue(String(value), forKey: sides[0].lowercased()) == nil else { return [:] }
        }
        return pairs
    }
}
