package import VoiceCore

/// A listener as the rules see it.
package struct FloorListener: Hashable, Sendable {
    package let id: ListenerID
    package let scope: ListenerScope
    package let output: OutputID
    /// The only session whose jobs may reach it; nil for all.
    package let grantSession: SessionID?
    package let reportsPlayback: Bool
    package let startLatency: Duration
    /// Smoothed.
    package var roundTrip = Duration.zero
    package var isReady = false
    package var trim: ListenerTrim
    /// Counts up with each change to ready: of the tabs of one output the one that was ready last is heard.
    var readyNumber: UInt64 = 0

    package init(_ description: ListenerDescription) {
        id = description.id
        scope = description.scope
        output = description.output
        grantSession = description.grantSession
        reportsPlayback = description.reportsPlayback
        startLatency = description.startLatency
        trim = description.trim
    }

    /// How long after its first frame it must confirm: 400 ms, twice the round trip and its own start latency, at most
    /// 1,500 ms (PROTOCOL.md, section 5.3).
    package var confirmationWindow: Duration {
        min(.milliseconds(1_500), .milliseconds(400) + roundTrip * 2 + startLatency)
    }
}
