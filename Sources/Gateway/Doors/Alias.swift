package import Net
package import VoiceCore

/// A system whose clients find the server where they know theirs.
package enum DoorName: String, CaseIterable, Hashable, Sendable {
    /// The voice server of PAI, later LifeOS.
    case pai
    /// The WebSocket queue of the Chatterbox TTS server, and that server's HTTP interface.
    case tts
    /// Palaver's server, which turns what microphones send into text, and tells everybody.
    case palaver

    /// The port that its clients know.
    package var usualPort: Int {
        switch self {
        case .pai: 8_888
        case .tts: 11_500
        case .palaver: 8_765
        }
    }

    /// What a request without a token may do.
    var scopes: Scopes {
        switch self {
        case .pai, .tts: [.speak, .listen, .events]
        case .palaver: [.speak, .listen, .events, .capture]
        }
    }

    /// As whom requests without a token act.
    package var session: SessionID { SessionID("alias-\(rawValue)") }
}

/// A further address of the server, at which requests are answered in another system's dialect.
package struct Alias: Hashable, Sendable {
    package var name: DoorName
    package var address: SocketAddress
    /// Other machines whose requests need no token; none by default.
    package var networks: [IPNetwork]
    /// Whether requests without a token may end the server.
    package var mayStop: Bool
    /// Whether the audio of drafts is kept of streams that do not say; Palaver's own say nothing.
    package var records: Bool

    package init(
        name: DoorName, address: SocketAddress, networks: [IPNetwork] = [], mayStop: Bool = false,
        records: Bool = false
    ) {
        self.name = name
        self.address = address
        self.networks = networks
        self.mayStop = mayStop
        self.records = records
    }

    /// Whether other machines need no token.
    package var isOpen: Bool { !networks.isEmpty }
}
