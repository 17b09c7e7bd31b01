/// Round trips that somebody waits for.
struct PingQuestions {
    private struct Pending {
        let number: UInt64
        let asked: Duration
        let expiry: Duration
    }

    private var pending: [Pending] = []

    /// When the oldest is given up.
    var nextExpiry: Duration? { pending.first?.expiry }

    /// - Returns: The payload of the ping.
    mutating func ask(_ number: UInt64, now: Duration, timeout: Duration) -> [UInt8] {
        pending.append(Pending(number: number, asked: now, expiry: now + timeout))
        return Array("\(number)".utf8)
    }

    /// What a pong answers; nil for one that nobody asked for.
    mutating func answered(_ payload: [UInt8], now: Duration) -> (number: UInt64, roundTrip: Duration)? {
        guard let number = UInt64(String(decoding: payload, as: UTF8.self)),
            let index = pending.firstIndex(where: { $0.number == number })
        else { return nil }
        return (number, now - pending.remove(at: index).asked)
    }

    /// Those that were never answered.
    mutating func expired(at now: Duration) -> [UInt64] {
        let expired = pending.filter { $0.expiry <= now }
        pending.removeAll { $0.expiry <= now }
        return expired.map(\.number)
    }
}
