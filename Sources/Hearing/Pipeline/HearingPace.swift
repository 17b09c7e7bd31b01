/// Bounds how fast a source is heard, so that one that floods leaves the processor to others.
struct HearingPace: Hashable, Sendable {
    /// A client sends what it kept at 4x real time (PROTOCOL.md, section 4), and its clock may be a little fast.
    private static let speed = 5
    /// What a client keeps may come at once.
    private static let burst = Duration.seconds(30)

    private var level = Duration.zero
    private var lastTime: Duration?

    /// Takes audio of some length.
    ///
    /// - Returns: How long to wait before it is heard.
    mutating func take(_ length: Duration, at time: Duration) -> Duration {
        let passed = max(.zero, time - (lastTime ?? time))
        lastTime = time
        level = max(.zero, level - passed * Self.speed) + length
        return max(.zero, level - Self.burst) / Self.speed
    }
}
