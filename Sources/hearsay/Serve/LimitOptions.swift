import Gateway

/// Reads `--limit NAME=VALUE` and the keys `limit.NAME` of the configuration file, which go behind the options.
enum LimitOptions {
    static func read(_ settings: Settings) throws(UsageError) -> ServerLimits {
        var limits = ServerLimits()
        for name in LimitName.allCases {
            guard let value = settings.file[key(of: name)] else { continue }
            limits[name] = try number(value, of: name, option: key(of: name))
        }
        for text in settings.arguments.strings("limit") { try apply(text, to: &limits) }
        return limits
    }

    /// The keys that set limits in the configuration file.
    static let keys = LimitName.allCases.map(key)

    private static func key(of name: LimitName) -> String { "limit." + name.rawValue }

    private static func apply(_ text: String, to limits: inout ServerLimits) throws(UsageError) {
        let parts = text.split(separator: "=", maxSplits: 1).map(String.init)
        let word = (parts.first ?? "").split(separator: "-").joined(separator: "_")
        guard parts.count == 2, let name = LimitName(rawValue: word) else {
            let nearest = Suggestion.nearest(to: word, among: LimitName.allCases.map(\.rawValue))
            let hint = nearest.map { ", such as \($0)=…" } ?? ""
            throw .badValue(
                option: "--limit", value: text, expected: "NAME=VALUE\(hint); `hearsay help limits` lists the names")
        }
        limits[name] = try number(parts[1], of: name, option: "--limit \(name.rawValue)")
    }

    private static func number(_ text: String, of name: LimitName, option: String) throws(UsageError) -> Int {
        let number = name.isSize ? ByteCount(text)?.bytes : Int(text)
        guard let number, name.range.contains(number) else {
            let (least, most) = (shown(name.range.lowerBound, name), shown(name.range.upperBound, name))
            let kind = name.isSize ? "a size" : "a whole number"
            throw .badValue(option: option, value: text, expected: "\(kind) from \(least) to \(most)")
        }
        return number
    }

    static func shown(_ number: Int, _ name: LimitName) -> String {
        name.isSize ? ByteCount(bytes: number).description : String(number)
    }
}

/// A size such as `64KiB` or `8MiB`; a bare number is bytes.
struct ByteCount: Hashable, CustomStringConvertible {
    let bytes: Int

    private static let units: [(name: String, bytes: Int)] = [("GiB", 1 << 30), ("MiB", 1 << 20), ("KiB", 1 << 10)]

    init(bytes: Int) { self.bytes = bytes }

    /// - Returns: Nil for what is no size; a unit may be written in any case.
    init?(_ text: String) {
        let digits = text.prefix { ("0"..."9").contains($0) }
        let unit = text.dropFirst(digits.count).drop { $0 == " " }.lowercased()
        let factor = unit.isEmpty || unit == "b" ? 1 : Self.units.first { $0.name.lowercased() == unit }?.bytes
        guard let number = Int(digits), let factor else { return nil }
        let (bytes, overflow) = number.multipliedReportingOverflow(by: factor)
        guard !overflow else { return nil }
        self.bytes = bytes
    }

    var description: String {
        guard let unit = Self.units.first(where: { bytes >= $0.bytes && bytes % $0.bytes == 0 }) else {
            return "\(bytes)"
        }
        return "\(bytes / unit.bytes)\(unit.name)"
    }
}
