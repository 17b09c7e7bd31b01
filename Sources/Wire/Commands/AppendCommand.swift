package import JSON
package import VoiceCore

/// More of a text that is still being written.
package struct AppendCommand: Hashable, Sendable {
    package var job: JobID
    package var text: String
    /// How many additions came before; nil for the next one.
    package var index: Int?

    package init(job: JobID, text: String, index: Int? = nil) {
        self.job = job
        self.text = text
        self.index = index
    }

    init(_ fields: inout FieldReader) throws(WireError) {
        job = try fields.need("job_id", fields.id("job_id"))
        text = try fields.need("text", fields.text("text", limit: nil))
        index = try fields.whole("index", in: 0...Int(Int32.max))
    }

    /// The members of the message.
    package var fields: [String: JSONValue] {
        var fields: [String: JSONValue] = ["job_id": .string(job.rawValue), "text": .string(text)]
        fields["index"] = index.map(JSONValue.integer)
        return fields
    }
}
