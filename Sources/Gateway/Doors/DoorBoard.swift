import Flow
import JSON
import Net
import VoiceCore

/// Which doors are open, with the ports they got; told by `/status`.
package final class DoorBoard: Sendable {
    private let contents = Monitor<[Alias]>([])

    package init() {}

    /// In the order of their options.
    package var doors: [Alias] { contents.withLock { $0 } }

    /// Writes down where the doors are, once their addresses are bound.
    package func write(_ doors: [Alias]) { contents.withLock { $0 = doors } }
}

extension Alias {
    /// Members: `name, address, session_id, open, records, networks?, warning?`.
    func json(for grant: Grant) -> JSONValue {
        var members: [String: JSONValue] = [
            "name": .string(name.rawValue), "address": .string(address.description),
            "session_id": .string(name.session.rawValue), "open": .bool(isOpen),
            "records": .bool(records),
        ]
        // Which networks are believed concerns only those who see all of the server.
        if isOpen, !grant.isBound {
            members["networks"] = .array(networks.map { .string($0.description) })
            members["warning"] = .string(openness)
        }
        return .object(members)
    }

    /// What whoever runs the server should know of an open door.
    package var openness: String {
        "the door \(name.rawValue) takes requests of other machines without a token and without TLS"
    }
}
