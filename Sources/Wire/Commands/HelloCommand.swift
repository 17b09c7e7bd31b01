import JSON

/// The first message of every connection.
package struct HelloCommand: Hashable, Sendable {
    /// Who connects, for logs and lists.
    package struct Client: Hashable, Sendable {
        package var name: String
        package var version: String?

        package init(name: String, version: String? = nil) {
            self.name = name
            self.version = version
        }
    }

    package var token: String?
    package var client: Client?
    /// The session that the connection makes or finds, and holds.
    package var session: WireSessionRequest?

    package init(token: String? = nil, client: Client? = nil, session: WireSessionRequest? = nil) {
        self.token = token
        self.client = client
        self.session = session
    }

    init(_ fields: inout FieldReader) throws(WireError) {
        token = try fields.text("token")
        if var inner = try fields.object("client") {
            client = Client(name: try inner.need("name", inner.text("name")), version: try inner.text("version"))
            try inner.end()
        }
        if var inner = try fields.object("session") {
            session = try WireSessionRequest(&inner)
            try inner.end()
        }
    }

    var fields: [String: JSONValue] {
        var fields: [String: JSONValue] = [:]
        fields["token"] = token.map(JSONValue.string)
        fields["session"] = session.map { .object($0.fields) }
        if let client {
            var inner: [String: JSONValue] = ["name": .string(client.name)]
            inner["version"] = client.version.map(JSONValue.string)
            fields["client"] = .object(inner)
        }
        return fields
    }
}
