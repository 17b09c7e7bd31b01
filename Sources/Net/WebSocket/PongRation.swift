/// Which pings are answered: all that a fair client sends, and of a flood the newest (RFC 6455, section 5.5.3).
struct PongRation {
    /// Conformance suites send ten pings in one piece and want ten pongs.
    private static let limit = 16

    private var answered = 0
    private var late: [UInt8]?

    /// - Parameter isBlocked: Whether the peer takes nothing at present, so that pongs would only pile up.
    /// - Returns: Whether to answer now; if not, `takeLate` gives the newest payload.
    mutating func mayAnswer(_ payload: [UInt8], isBlocked: Bool) -> Bool {
        guard !isBlocked, answered < Self.limit else {
            late = payload
            return false
        }
        answered += 1
        late = nil
        return true
    }

    /// What is left to answer once everything else went out; new pings have their full ration then.
    mutating func takeLate() -> [UInt8]? {
        defer {
            late = nil
            answered = 0
        }
        return late
    }
}
