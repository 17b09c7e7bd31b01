/// How far a stream was when the sound server was asked last, in samples.
struct PulseTiming: Hashable, Sendable {
    /// How long one answer is good for; a server that gives no other one has stopped.
    private static let lifetime = Duration.milliseconds(100)

    /// Gone from the stream's buffer towards the sink.
    var taken: Int
    /// What the sink and what lies before it play first, before they play what they take now.
    var delay: Int
    /// Whether the sink takes audio of this stream, which it does not before the beginning and in a gap.
    var isPlaying: Bool
    /// How long a gap is now; 0 if there is none.
    var gap: Int
    var sampleRate: Int

    /// What has left the loudspeaker some time after the answer, if no gap came since.
    func played(after time: Duration) -> Int {
        // In a gap the delay stays that of the sink, however long the gap is.
        guard isPlaying || gap <= delay else { return taken }
        let since = Int(min(max(.zero, time), Self.lifetime) / .microseconds(1)) * sampleRate / 1_000_000
        let played = max(0, taken - delay + since)
        return isPlaying ? played : min(taken, played)
    }
}
