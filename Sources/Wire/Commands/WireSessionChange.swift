/// What is to change of a session: the body of `PATCH /v1/sessions/{id}`; what is absent stays.
package struct WireSessionChange: Hashable, Sendable {
    package var name: String?
    package var voice: String?
    /// Whether what is said in it may be kept.
    package var isStored: Bool?

    /// Reads the body of a request.
    package init(_ bytes: [UInt8]) throws(WireError) {
        var fields = try FieldReader(bytes)
        try self.init(&fields)
        try fields.end()
    }

    init(_ fields: inout FieldReader) throws(WireError) {
        name = try fields.text("name")
        voice = try fields.text("voice")
        isStored = try fields.flag("store")
    }
}
