/// How a listener was set up by whoever sits before it.
package struct ListenerTrim: Hashable, Sendable {
    /// PROTOCOL.md, section 5.5: a turn ends 1 s after the first listener has finished, so that a later one must stay well
    /// within that.
    package static let longestDelay = Duration.milliseconds(500)
    /// Silence is what a listener that is not ready gives; one that counts as hearing is never turned down to it.
    package static let volumes = 0.05...2.0

    /// Told, and applied where it sounds: 1 is as the engine made it.
    package var volume = 1.0
    /// How much later its sound begins, to go along with loudspeakers that are slower.
    package var delay = Duration.zero
    /// Voices that are not to sound on its loudspeakers.
    package var mutedVoices: Set<String> = []
    /// Sessions that are not to sound on its loudspeakers.
    package var mutedSessions: Set<SessionID> = []

    package init() {}

    /// Whether what a voice says for a session is not to sound there.
    package func mutes(_ voice: String, of session: SessionID) -> Bool {
        mutedVoices.contains(voice) || mutedSessions.contains(session)
    }
}
