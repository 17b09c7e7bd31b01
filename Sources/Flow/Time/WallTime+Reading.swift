private import Glibc

extension WallTime {
    /// Reads `2026-11-21`, `2026-11-21T00:58Z`, `2026-11-21T00:58:03Z` or with fractions of the second; UTC alone.
    package init?(iso8601 text: String) {
        let halves = text.split(separator: "T", omittingEmptySubsequences: false)
        guard (1...2).contains(halves.count), let day = Self.milliseconds(ofDay: halves[0]) else { return nil }
        guard halves.count == 2 else {
            self.init(milliseconds: day)
            return
        }
        guard halves[1].hasSuffix("Z"), let time = Self.milliseconds(ofTime: halves[1].dropLast()) else { return nil }
        self.init(milliseconds: day + time)
    }

    private static func milliseconds(ofDay text: Substring) -> Int64? {
        let parts = text.split(separator: "-", omittingEmptySubsequences: false)
        guard parts.map(\.count) == [4, 2, 2], let year = digits(parts[0]), let month = digits(parts[1]),
            let day = digits(parts[2]), year >= 1970, (1...12).contains(month), (1...31).contains(day)
        else { return nil }
        var fields = unsafe tm()
        unsafe fields.tm_year = Int32(year - 1900)
        unsafe fields.tm_mon = Int32(month - 1)
        unsafe fields.tm_mday = Int32(day)
        return unsafe Int64(timegm(&fields)) * 1_000
    }

    private static func milliseconds(ofTime text: Substring) -> Int64? {
        let parts = text.split(separator: ":", omittingEmptySubsequences: false)
        guard (2...3).contains(parts.count), let hour = digits(parts[0]), let minute = digits(parts[1]),
            parts[0].count == 2, parts[1].count == 2, hour < 24, minute < 60
        else { return nil }
        let minutes = Int64(hour * 60 + minute) * 60_000
        guard parts.count == 3 else { return minutes }
        guard let first = parts[2].first, first.isASCII, first.isNumber, let seconds = Double(parts[2]), seconds < 61
        else { return nil }
        return minutes + Int64((seconds * 1_000).rounded())
    }

    private static func digits(_ text: Substring) -> Int? {
        guard text.allSatisfy({ $0.isASCII && $0.isNumber }) else { return nil }
        return Int(text)
    }
}
