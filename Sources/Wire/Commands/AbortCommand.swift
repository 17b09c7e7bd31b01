package import VoiceCore
package import JSON

/// What is to fall silent; also the body of `POST /v1/abort`.
package struct AbortCommand: Hashable, Sendable {
    /// Which jobs are meant.
    package enum Scope: String, CaseIterable, Hashable, Sendable {
        /// The job that sounds for the session.
        case current
        case job, session, output, all
    }

    /// `job` where only a job is named, else `current`.
    package var scope: Scope
    package var job: JobID?
    package var session: SessionID?
    package var output: OutputID?

    package init(scope: Scope, job: JobID? = nil, session: SessionID? = nil, output: OutputID? = nil) {
        self.scope = scope
        self.job = job
        self.session = session
        self.output = output
    }

    /// Reads the body of a request.
    package init(_ bytes: [UInt8]) throws(WireError) {
        var fields = try FieldReader(bytes)
        try self.init(&fields)
        try fields.end()
    }

    init(_ fields: inout FieldReader) throws(WireError) {
        job = try fields.id("job_id")
        session = try fields.id("session_id")
        output = try fields.id("output")
        scope = try fields.word("scope") ?? (job == nil ? .current : .job)
        if scope == .job { _ = try fields.need("job_id", job) }
        if scope == .output { _ = try fields.need("output", output) }
    }

    /// The members of the message.
    package var fields: [String: JSONValue] {
        var fields: [String: JSONValue] = ["scope": .string(scope.rawValue)]
        fields["job_id"] = job.map { .string($0.rawValue) }
        fields["session_id"] = session.map { .string($0.rawValue) }
        fields["output"] = output.map { .string($0.rawValue) }
        return fields
    }
}
