package import VoiceCore
package import Wire

/// What one request or command needs of a token.
package struct AccessRule: Hashable, Sendable {
    /// What must be shown.
    package enum Need: Hashable, Sendable {
        case nothing
        case anyToken
        /// A token with at least one of them; `admin` counts as each.
        case anyOf(Scopes)

        /// Whether a token is enough.
        package func isMet(by grant: Grant) -> Bool {
            if case .anyOf(let scopes) = self { grant.allows(anyOf: scopes) } else { true }
        }
    }

    /// Method and path, such as `GET /v1/jobs/{id}`, or the `type` of a command.
    package let name: String
    package let need: Need

    init(of route: Route) {
        name = "\(route.method) \(route.path)"
        need =
            switch route.answer {
            case .open: .nothing
            case .guarded(nil, _): .anyToken
            case .guarded(let scopes?, _), .watched(_, let scopes, _): .anyOf(scopes)
            }
    }

    /// What a command on a WebSocket needs; some need `control` besides, for what belongs to others.
    package init(of command: Command) {
        name = command.name
        need =
            switch command {
            case .hello, .auth, .ping, .sessionStart: .anyToken
            case .subscribe, .unsubscribe: .anyOf(.events)
            case .speak, .speakOpen, .speakAppend, .speakClose: .anyOf(.speak)
            case .abort, .sessionEnd, .queueSet: .anyOf([.speak, .control])
            case .sourceOpen: .anyOf(.capture)
            case .sourceUpdate, .sourceOrder: .anyOf([.capture, .control])
            case .listenerOpen, .listenerState, .listenerUpdate, .listenerClose, .playback: .anyOf(.listen)
            }
    }
}
