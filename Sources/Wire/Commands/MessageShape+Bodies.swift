/// The bodies of requests that are commands, too.
extension MessageShape {
    /// `POST /v1/speak`.
    package static let speak = MessageShape { fields throws(WireError) in _ = try WireSpeak(&fields) }
    /// `POST /v1/abort`.
    package static let abort = MessageShape { fields throws(WireError) in _ = try AbortCommand(&fields) }
    /// `PUT /v1/queue`.
    package static let queue = MessageShape { fields throws(WireError) in _ = try QueueSetCommand(&fields) }
    /// `POST /v1/filter`.
    package static let filter = MessageShape { fields throws(WireError) in _ = try FilterQuestion(&fields) }
    /// `POST /v1/sessions`.
    package static let session = MessageShape { fields throws(WireError) in _ = try WireSessionRequest(&fields) }
    /// `POST /v1/models/pull`.
    package static let modelPull = MessageShape { fields throws(WireError) in _ = try ModelPullRequest(&fields) }
    /// `PATCH /v1/sessions/{id}`.
    package static let sessionChange = MessageShape { fields throws(WireError) in _ = try WireSessionChange(&fields) }
}
