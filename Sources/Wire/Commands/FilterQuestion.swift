/// The body of `POST /v1/filter`: a text that may have been made up in silence.
package struct FilterQuestion: Hashable, Sendable {
    /// The longest sound that is asked about: an hour.
    private static let limitMilliseconds = 3_600_000.0

    package var text: String
    /// How long the sound lasts that it was read from; nil where nobody knows.
    package var length: Duration?

    /// Reads the body of a request.
    package init(_ bytes: [UInt8]) throws(WireError) {
        var fields = try FieldReader(bytes)
        try self.init(&fields)
        try fields.end()
    }

    init(_ fields: inout FieldReader) throws(WireError) {
        text = try fields.need("text", try fields.text("text", limit: nil))
        length = try fields.milliseconds("duration_ms", upTo: Self.limitMilliseconds)
    }
}
