private import Flow
package import VoiceCore
package import JSON

/// A session as answers and lists show it.
package struct WireSession: Hashable, Sendable {
    package var info: SessionInfo

    package init(_ info: SessionInfo) {
        self.info = info
    }

    /// One member for each thing that is known.
    ///
    /// `session_id, name?, voice?, local, store, created_at, connections, jobs`
    package var json: JSONValue {
        var fields: [String: JSONValue] = [
            "session_id": .string(info.id.rawValue), "local": .bool(info.isLocal),
            "created_at": .string(info.createdAt.iso8601), "connections": .integer(info.connectionCount),
            "jobs": .integer(info.jobCount),
            "sources": .integer(info.sourceCount),
        ]
        fields["store"] = .bool(info.isStored)
        fields["name"] = info.name.map(JSONValue.string)
        fields["voice"] = info.voice.map(JSONValue.string)
        return .object(fields)
    }
}
