/// Measures what was lost when a device had no room left for what it heard: ALSA says that it was, and not how much.
///
/// It lies between the last sample that was read and the restart. Each reading counts anew, so that it does not matter
/// how well the device's clock agrees with this machine's.
struct OverrunMeter: Hashable, Sendable {
    private let sampleRate: Int
    /// When the next sample to read was heard.
    private var position = Duration.zero

    init(sampleRate: Int) {
        self.sampleRate = sampleRate
    }

    /// Takes that some of what waited was read.
    ///
    /// - Parameter time: When so much waited.
    mutating func read(_ sampleCount: Int, of waitingCount: Int, at time: Duration) {
        position = time - Duration.seconds(1) * max(0, waitingCount - sampleCount) / sampleRate
    }

    /// Takes that the device hears from now on, and that what waited in it is gone.
    ///
    /// - Returns: How much nobody can read any more.
    mutating func restart(at time: Duration) -> Duration {
        defer { position = time }
        return max(.zero, time - position)
    }
}
