package import Hearing
import JSON
package import Net
package import Speaking

/// How much the server takes and keeps, in one place; each part gets its share from here.
package struct ServerLimits: Hashable, Sendable {
    private var values: [LimitName: Int] = [:]

    /// The default limits.
    package init() {}

    /// The number that holds.
    package subscript(_ name: LimitName) -> Int {
        get { values[name] ?? name.defaultValue }
        set { values[name] = newValue }
    }

    /// What sockets and parsers go by.
    package var network: Limits {
        var limits = Limits()
        limits.headBytes = self[.headBytes]
        limits.fieldCount = self[.fields]
        limits.bodyBytes = self[.bodyBytes]
        limits.uploadBytes = self[.uploadBytes]
        limits.uploadPaths = TranscriptionEndpoints.paths.union(SpeechCheckEndpoints.paths)
        limits.messageBytes = self[.messageBytes]
        limits.fragmentCount = self[.fragments]
        limits.inputBytes = self[.inputBytes]
        limits.unsentBytes = self[.unsentBytes]
        limits.connections = self[.connections]
        limits.connectionsPerPeer = self[.connectionsPerPeer]
        limits.handshakes = self[.handshakes]
        limits.handshakesPerPeer = self[.handshakesPerPeer]
        return limits
    }

    /// What the dispatcher goes by.
    package var speaking: SpeakingLimits {
        SpeakingLimits(jobs: self[.jobs], jobsPerSession: self[.jobsPerSession], textBytes: self[.textBytes])
    }

    /// What the directory of sources goes by.
    package var hearing: SourceLimits {
        SourceLimits(sources: self[.sources], sourcesPerSession: self[.sourcesPerSession])
    }

    /// What the desk for recordings goes by.
    package var recordings: RecordingLimits {
        RecordingLimits(count: self[.recordings], length: .seconds(self[.recordingSeconds]))
    }

    /// Every limit by its name, as `welcome` and `/status` show them.
    var json: JSONValue {
        .object(Dictionary(uniqueKeysWithValues: LimitName.allCases.map { ($0.rawValue, .integer(self[$0])) }))
    }
}
