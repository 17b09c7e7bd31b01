package import JSON
package import VoiceCore

extension JournalState {
    /// The members of the event and of `GET /status`: `state, reason?, lost_notes?`.
    package var fields: [String: JSONValue] {
        var fields: [String: JSONValue] = ["state": trouble == nil ? "ok" : "degraded"]
        fields["reason"] = trouble.map(JSONValue.string)
        if lostCount > 0 { fields["lost_notes"] = .integer(lostCount) }
        return fields
    }
}
