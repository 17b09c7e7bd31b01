/// Every limit of the server that can be set, under the name that options, refusals and `/status` share.
package enum LimitName: String, CaseIterable, Hashable, Sendable {
    case headBytes = "head_bytes"
    case fields
    case bodyBytes = "body_bytes"
    case uploadBytes = "upload_bytes"
    case messageBytes = "message_bytes"
    case fragments
    case inputBytes = "input_bytes"
    case unsentBytes = "unsent_bytes"
    case connections
    case connectionsPerPeer = "connections_per_peer"
    case handshakes
    case handshakesPerPeer = "handshakes_per_peer"
    case listeners
    case listenersPerSession = "listeners_per_session"
    case listenersPerConnection = "listeners_per_connection"
    case sources
    case sourcesPerSession = "sources_per_session"
    case recordings
    case recordingSeconds = "recording_seconds"
    case subscriptions
    case jobs
    case jobsPerSession = "jobs_per_session"
    case textBytes = "text_bytes"

    /// What is counted, for people.
    package var meaning: String { facts.meaning }
    /// What holds unless something else is asked for.
    package var defaultValue: Int { facts.value }
    /// What may be asked for.
    package var range: ClosedRange<Int> { facts.range }
    /// Whether it is a size, which may be written with a unit.
    package var isSize: Bool { rawValue.hasSuffix("bytes") }

    /// Where a number comes from: the head from common servers (8 to 16 KiB), body, message and text from PROTOCOL.md
    /// (sections 4 and 6), upload from OpenAI's 25 MB for a file with a form around it, the length of a recording from what
    /// the usual recogniser reads within the 10 minutes that OpenAI's clients wait, fragments from the largest message in pieces of 64 bytes, which conformance suites send,
    /// unsent bytes from what a live listener can still use; the counts leave room for any household or office, and
    /// bound what a flood can hold.
    private var facts: (value: Int, range: ClosedRange<Int>, meaning: String) {
        switch self {
        case .headBytes: (16 << 10, 1 << 10...1 << 20, "start line and fields of a request")
        case .fields: (100, 16...10_000, "field lines of a request")
        case .bodyBytes: (8 << 20, 1 << 10...1 << 30, "body of a request")
        case .uploadBytes: (26 << 20, 1 << 10...1 << 30, "body of a request that sends a recording")
        case .messageBytes: (8 << 20, 1 << 10...1 << 30, "one WebSocket message")
        case .fragments: (131_072, 1...1 << 30, "frames of one WebSocket message")
        case .inputBytes: (256 << 20, 1 << 20...1 << 40, "unfinished bodies and messages of all connections together")
        case .unsentBytes: (1 << 20, 128 << 10...1 << 30, "what may wait for one WebSocket before it is closed")
        case .connections: (8_192, 1...1_000_000, "connections in all; lowered to what the system allows")
        case .connectionsPerPeer: (256, 1...1_000_000, "connections of one address; loopback is exempt")
        case .handshakes: (256, 1...100_000, "TLS handshakes under way, in all")
        case .handshakesPerPeer: (64, 1...100_000, "those of one address; loopback is exempt")
        case .listeners: (4_096, 1...1_000_000, "listeners over WebSocket in all")
        case .listenersPerSession: (256, 1...1_000_000, "listeners of one session, or of *")
        case .listenersPerConnection: (32, 1...10_000, "listeners of one connection")
        case .sources: (256, 1...100_000, "sources of audio in all")
        case .sourcesPerSession: (64, 1...10_000, "sources of one session")
        case .recordings: (8, 1...1_000, "recordings that are read for callers at the same time")
        case .recordingSeconds: (1_800, 1...86_400, "length of such a recording")
        case .subscriptions: (64, 1...10_000, "subscriptions of one connection")
        case .jobs: (1_000, 1...100_000, "jobs that wait or sound, in all")
        case .jobsPerSession: (500, 1...100_000, "jobs of one session that wait or sound")
        case .textBytes: (64 << 10, 1...1 << 20, "text of one job")
        }
    }
}
