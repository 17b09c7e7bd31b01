import VoiceCore

/// The options and operands of one call, by name.
struct ParsedArguments: Hashable, Sendable {
    /// By option name; a switch that was given has no value.
    var values: [String: [String]] = [:]
    var operands: [String] = []

    func has(_ name: String) -> Bool { values[name] != nil }

    func string(_ name: String) -> String? { values[name]?.last }

    func strings(_ name: String) -> [String] { values[name] ?? [] }

    /// - Parameter range: What is allowed, ends included.
    func number(_ name: String, in range: ClosedRange<Double>) throws(UsageError) -> Double? {
        guard let text = string(name) else { return nil }
        guard let number = Double(text), range.contains(number) else {
            throw .badValue(
                option: "--\(name)", value: text,
                expected: "a number from \(Self.short(range.lowerBound)) to \(Self.short(range.upperBound))")
        }
        return number
    }

    func integer(_ name: String, in range: ClosedRange<Int>) throws(UsageError) -> Int? {
        guard let text = string(name) else { return nil }
        guard let number = Int(text), range.contains(number) else {
            throw .badValue(
                option: "--\(name)", value: text,
                expected: "a whole number from \(range.lowerBound) to \(range.upperBound)")
        }
        return number
    }

    /// A time such as `500ms`, `3s`, `10m`, `2h` or `30d`; a bare number is seconds.
    func duration(_ name: String) throws(UsageError) -> Duration? {
        guard let text = string(name) else { return nil }
        guard let duration = Duration(shortText: text) else {
            throw .badValue(option: "--\(name)", value: text, expected: "a time such as 500ms, 3s, 10m, 2h or 30d")
        }
        return duration
    }

    /// A size such as `500K`, `256M` or `1G`; `any` is nil, for no limit.
    func byteCount(_ name: String) throws(UsageError) -> Int? {
        guard let text = string(name), text != "any" else { return nil }
        let digits = text.prefix { $0.isNumber || $0 == "." }
        let units: [Substring: Double] = ["": 1, "K": 1_024, "M": 1_048_576, "G": 1_073_741_824]
        guard let number = Double(digits), let unit = units[text.dropFirst(digits.count)], number * unit < 1e15 else {
            throw .badValue(option: "--\(name)", value: text, expected: "a size such as 500K, 256M or 1G, or any")
        }
        return Int(number * unit)
    }

    /// A rate such as `20/s`; `none` is nil, for any number.
    func rate(_ name: String, or preset: Rate?) throws(UsageError) -> Rate? {
        guard let text = string(name) else { return preset }
        if text == "none" { return nil }
        guard let rate = Rate(text) else {
            throw .badValue(
                option: "--\(name)", value: text, expected: "a rate such as 20/s, 60/min or 1000/h, or none")
        }
        return rate
    }

    func choice(_ name: String, of choices: [String]) throws(UsageError) -> String? {
        guard let text = string(name) else { return nil }
        guard choices.contains(text) else {
            throw .badValue(option: "--\(name)", value: text, expected: "one of " + choices.joined(separator: ", "))
        }
        return text
    }

    private static func short(_ number: Double) -> String {
        number == number.rounded() ? String(Int(number)) : String(number)
    }
}

extension Duration {
    /// Reads a number and a unit: `ms`, `s`, `m`, `h` or `d`; nil if it is no such text or negative.
    init?(shortText text: String) {
        let digits = text.prefix { $0.isNumber || $0 == "." }
        let units: [Substring: Double] = [
            "ms": 1, "": 1000, "s": 1000, "m": 60_000, "h": 3_600_000, "d": 86_400_000,
        ]
        guard let number = Double(digits), let unit = units[text.dropFirst(digits.count)], number * unit < 1e15
        else { return nil }
        self = .milliseconds(number * unit)
    }
}
