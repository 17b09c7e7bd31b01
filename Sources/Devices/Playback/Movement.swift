/// Since when a device stands still.
struct Movement: Sendable {
    private var last = DeviceReading(written: 0, taken: 0, played: 0)
    private var shortestDelay = Int.max
    private var lastMove: Duration

    init(at now: Duration) {
        lastMove = now
    }

    /// Takes in how far the device is.
    ///
    /// A device that was left alone may have silence ahead of it for seconds and takes nothing until it has played that;
    /// it moves as long as that grows less. What only goes up and down does not count.
    ///
    /// - Parameter mustMove: Whether a device that works has something to do.
    /// - Returns: How long it has stood still.
    mutating func observe(_ reading: DeviceReading, mustMove: Bool, at now: Duration) -> Duration {
        let hasMoved = reading.taken != last.taken || reading.played != last.played
        let delay = reading.delay ?? .max
        if hasMoved || !mustMove || delay < shortestDelay { lastMove = now }
        shortestDelay = hasMoved ? delay : min(shortestDelay, delay)
        last = reading
        return now - lastMove
    }
}
