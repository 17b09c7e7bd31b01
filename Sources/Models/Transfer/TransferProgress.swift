package import JSON

/// How far a transfer is, how fast, and how long it still takes.
package struct TransferProgress: Hashable, Sendable {
    package private(set) var receivedByteCount: Int
    /// Nil where the server does not tell.
    package private(set) var totalByteCount: Int?
    /// Of the last seconds; nil until there is something to measure.
    package private(set) var bytesPerSecond: Double?

    /// When how much was there, over the last seconds.
    private var samples: [(time: Duration, count: Int)]
    /// Long enough to be steady, short enough to follow a line that changes.
    private static let window = Duration.seconds(5)

    package init(receivedByteCount: Int, totalByteCount: Int?, at time: Duration) {
        self.receivedByteCount = receivedByteCount
        self.totalByteCount = totalByteCount
        samples = [(time, receivedByteCount)]
    }

    /// How long the rest takes at this rate; nil where nobody can tell.
    package var timeLeft: Duration? {
        guard let total = totalByteCount, let rate = bytesPerSecond, rate > 0 else { return nil }
        return .seconds(Double(max(0, total - receivedByteCount)) / rate)
    }

    /// So many bytes more have come.
    package mutating func add(_ count: Int, at time: Duration) {
        receivedByteCount += count
        samples.append((time, receivedByteCount))
        while samples.count > 2, samples[1].time <= time - Self.window { samples.removeFirst() }
        let elapsed = (time - samples[0].time) / .seconds(1)
        if elapsed > 0 { bytesPerSecond = Double(receivedByteCount - samples[0].count) / elapsed }
    }

    package static func == (left: TransferProgress, right: TransferProgress) -> Bool {
        left.receivedByteCount == right.receivedByteCount && left.totalByteCount == right.totalByteCount
            && left.bytesPerSecond == right.bytesPerSecond
    }

    package func hash(into hasher: inout Hasher) { hasher.combine(receivedByteCount) }

    /// Members of an event.
    package var json: [String: JSONValue] {
        var fields: [String: JSONValue] = ["received_bytes": .integer(receivedByteCount)]
        fields["total_bytes"] = totalByteCount.map(JSONValue.integer)
        fields["bytes_per_second"] = bytesPerSecond.map { .integer(Int($0)) }
        fields["time_left_ms"] = timeLeft.map(JSONValue.milliseconds)
        return fields
    }

    /// One line for a person, such as `12 of 67 MB · 4.2 MB/s · 13 s left`.
    package var text: String {
        var parts = [
            totalByteCount.map { "\(Self.megabytes(receivedByteCount)) of \(Self.megabytes($0)) MB" }
                ?? "\(Self.megabytes(receivedByteCount)) MB"
        ]
        if let rate = bytesPerSecond { parts.append("\(Self.megabytes(Int(rate))) MB/s") }
        if let left = timeLeft { parts.append(Self.short(left) + " left") }
        return parts.joined(separator: " · ")
    }

    private static func megabytes(_ count: Int) -> String {
        count < 10_000_000 ? "\(count / 1_000_000).\(count / 100_000 % 10)" : "\(count / 1_000_000)"
    }

    private static func short(_ duration: Duration) -> String {
        let seconds = Int((duration / .seconds(1)).rounded(.up))
        return seconds < 120 ? "\(seconds) s" : "\((seconds + 59) / 60) min"
    }
}
