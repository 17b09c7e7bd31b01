package import Net
package import Wire

/// Where events are posted to, and which.
package struct Webhook: Hashable, Sendable {
    package var url: URLParts
    package var filter: EventFilter
    /// Signs what is sent; nil for no signature.
    package var secret: [UInt8]?
    /// The only networks that are asked: a name may lead anywhere.
    package var networks: [IPNetwork]

    package init(url: URLParts, filter: EventFilter, secret: [UInt8]? = nil, networks: [IPNetwork]) {
        self.url = url
        self.filter = filter
        self.secret = secret
        self.networks = networks
    }
}
