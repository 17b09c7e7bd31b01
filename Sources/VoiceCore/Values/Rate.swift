/// How often something may happen: so many times at once, and evenly after that.
package struct Rate: Hashable, Sendable {
    /// What a rate counts by.
    package enum Unit: String, CaseIterable, Hashable, Sendable {
        case second = "s"
        case minute = "min"
        case hour = "h"

        var duration: Duration {
            switch self {
            case .second: .seconds(1)
            case .minute: .seconds(60)
            case .hour: .seconds(3_600)
            }
        }
    }

    /// More in a second than a server answers.
    private static let countLimit = 1_000_000

    package let count: Int
    package let unit: Unit

    package init(_ count: Int, per unit: Unit) {
        self.count = count
        self.unit = unit
    }

    /// - Parameter text: `20/s`, `60/min` or `1000/h`; nil for anything else.
    package init?(_ text: String) {
        let parts = text.split(separator: "/", omittingEmptySubsequences: false)
        guard parts.count == 2, parts[0].utf8.allSatisfy({ $0 >= 0x30 && $0 <= 0x39 }), let count = Int(parts[0]),
            (1...Self.countLimit).contains(count), let unit = Unit(rawValue: String(parts[1]))
        else { return nil }
        self.init(count, per: unit)
    }

    /// As it is written, such as `20/s`.
    package var text: String { "\(count)/\(unit.rawValue)" }

    /// The time in which all of them may come again.
    package var period: Duration { unit.duration }

    /// Between two of them, once all that may come at once have come.
    package var interval: Duration { unit.duration / count }
}
