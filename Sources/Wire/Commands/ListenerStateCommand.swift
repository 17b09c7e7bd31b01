package import VoiceCore
import JSON

/// Whether a listener can be heard now.
package struct ListenerStateCommand: Hashable, Sendable {
    package var listener: ListenerID
    package var readiness: Readiness

    package init(listener: ListenerID, readiness: Readiness) {
        self.listener = listener
        self.readiness = readiness
    }

    init(_ fields: inout FieldReader) throws(WireError) {
        listener = try fields.need("listener_id", fields.id("listener_id"))
        readiness = try fields.need("ready", Readiness(&fields))
    }

    var fields: [String: JSONValue] {
        readiness.fields.merging(["listener_id": .string(listener.rawValue)]) { $1 }
    }
}

extension Readiness {
    /// Reads `ready` and `reason`; nil without `ready`.
    init?(_ fields: inout FieldReader) throws(WireError) {
        let reason = try fields.text("reason", limit: 64)
        switch try fields.flag("ready") {
        case true: self = .ready
        case false: self = .notReady(reason: reason ?? "not_ready")
        case nil: return nil
        }
    }

    var fields: [String: JSONValue] {
        switch self {
        case .ready: ["ready": true]
        case .notReady(let reason): ["ready": false, "reason": .string(reason)]
        }
    }
}
