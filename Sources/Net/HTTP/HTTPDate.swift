import Glibc

/// The date of a response, written once a second.
struct HTTPDate {
    private var second: Int = -1
    private var written = ""

    /// The present time as RFC 9110, section 5.6.7, writes it.
    mutating func now() -> String {
        let present = time(nil)
        if present != second {
            second = present
            written = Self.format(present)
        }
        return written
    }

    /// Seconds since 1970 as `Sun, 06 Nov 1994 08:49:37 GMT`.
    static func format(_ seconds: Int) -> String {
        let day = seconds / 86400
        let (year, month, dayOfMonth) = civilDate(day)
        let clock = [seconds / 3600 % 24, seconds / 60 % 60, seconds % 60].map { two($0) }.joined(separator: ":")
        // 1 January 1970 was a Thursday.
        return "\(days[(day + 4) % 7]), \(two(dayOfMonth)) \(months[month]) \(year) \(clock) GMT"
    }

    /// Year, month from 0 and day from 1 of a day counted from 1 January 1970.
    private static func civilDate(_ day: Int) -> (year: Int, month: Int, day: Int) {
        var (year, month, rest) = (1970, 0, day)
        func isLeap(_ year: Int) -> Bool { year % 4 == 0 && (year % 100 != 0 || year % 400 == 0) }
        while rest >= (isLeap(year) ? 366 : 365) {
            rest -= isLeap(year) ? 366 : 365
            year += 1
        }
        func length(_ month: Int) -> Int { month == 1 && isLeap(year) ? 29 : monthLengths[month] }
        while rest >= length(month) {
            rest -= length(month)
            month += 1
        }
        return (year, month, rest + 1)
    }

    private static func two(_ number: Int) -> String { number < 10 ? "0\(number)" : "\(number)" }

    private static let monthLengths = [31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31]
    private static let days = ["Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"]
    private static let months = [
        "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec",
    ]
}
