import Glibc

/// The hours of each day in which a listener is not to sound, such as 22:00-07:00.
package struct QuietHours: Hashable, Sendable {
    /// In minutes since midnight, 0 to 1,439.
    package let start: Int
    /// In minutes since midnight; may lie before `start`, on the next day.
    package let end: Int

    /// Reads `22:00-07:00`; nil for anything else, and where both times are the same.
    package init?(_ text: String) {
        let times = text.split(separator: "-", omittingEmptySubsequences: false).map(Self.minutes)
        guard times.count == 2, let start = times[0], let end = times[1], start != end else { return nil }
        self.start = start
        self.end = end
    }

    /// - Parameter minute: Since midnight.
    package func contains(_ minute: Int) -> Bool {
        start < end ? (start..<end).contains(minute) : minute >= start || minute < end
    }

    /// The minute of the day on this machine's own clock, daylight saving time included.
    package static func minuteNow() -> Int {
        var now = time(nil)
        var parts = unsafe tm()
        guard unsafe localtime_r(&now, &parts) != nil else { return 0 }
        return unsafe Int(parts.tm_hour * 60 + parts.tm_min)
    }

    private static func minutes(_ text: Substring) -> Int? {
        let parts = text.split(separator: ":", omittingEmptySubsequences: false)
        guard parts.count == 2, parts[1].count == 2, (1...2).contains(parts[0].count),
            parts.allSatisfy({ $0.allSatisfy { ("0"..."9").contains($0) } }),
            let hour = Int(parts[0]), let minute = Int(parts[1]), hour < 24, minute < 60
        else { return nil }
        return hour * 60 + minute
    }
}
