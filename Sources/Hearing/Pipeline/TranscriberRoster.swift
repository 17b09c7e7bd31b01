package import VoiceCore

/// The engines that can hear, the first of which is asked where none is named.
package struct TranscriberRoster: Sendable {
    private let all: [any Transcriber]

    package init(_ all: [any Transcriber]) {
        self.all = all
    }

    /// Their names, the usual one's first.
    package var names: [String] { all.map(\.name) }

    /// What those are doing that have a life of their own.
    package var states: [EngineState] { all.compactMap { ($0 as? any TranscriberEngine)?.state } }

    /// - Parameter name: Nil for the usual one.
    /// - Returns: Nil if there is none of that name.
    package func transcriber(named name: String?) -> (any Transcriber)? {
        guard let name else { return all.first }
        return all.first { $0.name == name }
    }
}
