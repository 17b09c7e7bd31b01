private import Glibc

/// A time of the wall clock, in milliseconds since 1970, UTC.
package struct WallTime: Hashable, Comparable, Sendable {
    package var milliseconds: Int64

    package init(milliseconds: Int64) {
        self.milliseconds = milliseconds
    }

    package static func now() -> WallTime {
        var time = timespec()
        _ = unsafe clock_gettime(CLOCK_REALTIME, &time)
        return WallTime(milliseconds: Int64(time.tv_sec) * 1000 + Int64(time.tv_nsec) / 1_000_000)
    }

    /// Whole seconds, as certificates count.
    package var secondsSince1970: Int { Int(milliseconds / 1000) }

    package static func < (left: WallTime, right: WallTime) -> Bool {
        left.milliseconds < right.milliseconds
    }

    package static func + (left: WallTime, right: Duration) -> WallTime {
        WallTime(milliseconds: left.milliseconds + Int64(right / .milliseconds(1)))
    }

    /// As ISO 8601, such as `2026-11-21T00:58:03.123Z`.
    package var iso8601: String {
        let (date, time) = parts
        return "\(date)T\(time)Z"
    }

    /// The time alone, such as `00:58:03.123`.
    package var timeOfDay: String { parts.time }

    private var parts: (date: String, time: String) {
        var seconds = time_t(milliseconds.floorDivided(by: 1000))
        var fields = unsafe tm()
        _ = unsafe gmtime_r(&seconds, &fields)
        let date = unsafe "\(Int(fields.tm_year) + 1900)-\(Self.two(fields.tm_mon + 1))-\(Self.two(fields.tm_mday))"
        let fraction = Int(milliseconds - milliseconds.floorDivided(by: 1000) * 1000)
        let padded = String(repeating: "0", count: 3 - String(fraction).count) + String(fraction)
        return unsafe (
            date, "\(Self.two(fields.tm_hour)):\(Self.two(fields.tm_min)):\(Self.two(fields.tm_sec)).\(padded)"
        )
    }

    private static func two(_ number: Int32) -> String {
        number < 10 ? "0\(number)" : String(number)
    }
}

extension Int64 {
    fileprivate func floorDivided(by divisor: Int64) -> Int64 {
        let (quotient, remainder) = quotientAndRemainder(dividingBy: divisor)
        return remainder < 0 ? quotient - 1 : quotient
    }
}
