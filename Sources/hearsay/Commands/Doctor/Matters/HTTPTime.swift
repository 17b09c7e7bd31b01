import Flow

/// Times as HTTP writes them.
enum HTTPTime {
    /// How far a server's clock is ahead, by the `Date` of an answer that came between two moments; nil without one.
    ///
    /// The date has whole seconds, so what lies within its second or the time of the request is no difference.
    static func skew(of date: String?, from before: WallTime, to after: WallTime) -> Duration? {
        guard let date, let seconds = seconds(date) else { return nil }
        let (first, last) = (seconds * 1_000, seconds * 1_000 + 999)
        if first > after.milliseconds { return .milliseconds(first - after.milliseconds) }
        if last < before.milliseconds { return .milliseconds(last - before.milliseconds) }
        return .zero
    }

    /// RFC 9110, section 5.6.7: `Sun, 06 Nov 1994 08:49:37 GMT`, in seconds since 1970.
    static func seconds(_ text: String) -> Int64? {
        let parts = text.split(separator: " ")
        guard parts.count == 6, parts[5] == "GMT", let day = Int64(parts[1]), let year = Int64(parts[3]),
            let month = months.firstIndex(of: String(parts[2])), (1...31).contains(day), (1970...9999).contains(year)
        else { return nil }
        let clock = parts[4].split(separator: ":").compactMap { Int64($0) }
        guard clock.count == 3, (0..<24).contains(clock[0]), (0..<60).contains(clock[1]), (0...60).contains(clock[2])
        else { return nil }
        return days(year: year, month: Int64(month) + 1, day: day) * 86_400
            + clock[0] * 3_600 + clock[1] * 60 + clock[2]
    }

    /// Days since 1 January 1970 of a date of the Gregorian calendar; the year is counted from March, so that the leap day
    /// is its last.
    private static func days(year: Int64, month: Int64, day: Int64) -> Int64 {
        let year = month > 2 ? year : year - 1
        let dayOfYear = (153 * (month > 2 ? month - 3 : month + 9) + 2) / 5 + day - 1
        // 719,468 days lie between 1 March of the year 0 and 1 January 1970.
        return 365 * year + year / 4 - year / 100 + year / 400 + dayOfYear - 719_468
    }

    private static let months = [
        "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec",
    ]
}
