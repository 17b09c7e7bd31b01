/// How long a message and its answer take, smoothed as TCP does it (RFC 6298, section 2: an eighth of each new sample).
struct RoundTrip: Hashable, Sendable {
    private(set) var smoothed: Duration?

    mutating func add(_ sample: Duration) {
        smoothed = smoothed.map { $0 + (sample - $0) / 8 } ?? sample
    }
}
