/// The values of SSML's prosody, as factors.
enum Prosody {
    static func rate(_ value: String) -> Double? {
        switch value {
        case "x-slow": 0.5
        case "slow": 0.75
        case "medium", "default": 1
        case "fast": 1.25
        case "x-fast": 1.6
        default: factor(value)
        }
    }

    static func pitch(_ value: String) -> Double? {
        switch value {
        case "x-low": return 0.7
        case "low": return 0.85
        case "medium", "default": return 1
        case "high": return 1.15
        case "x-high": return 1.35
        default: break
        }
        guard value.hasSuffix("st") else { return factor(value) }
        // Twelve semitones are an octave, which is a factor of two.
        return Double(value.dropLast(2)).flatMap { abs($0) <= 24 ? power(2, $0 / 12) : nil }
    }

    static func volume(_ value: String) -> Double? {
        switch value {
        case "silent": return 0
        case "x-soft": return 0.4
        case "soft": return 0.7
        case "medium", "default": return 1
        case "loud": return 1.4
        case "x-loud": return 2
        default: break
        }
        if value.lowercased().hasSuffix("db") {
            return Double(value.dropLast(2)).flatMap { abs($0) <= 40 ? power(10, $0 / 20) : nil }
        }
        return factor(value)
    }

    static func pause(_ attributes: [String: String]) -> Duration? {
        if let time = attributes["time"] { return Pause.read(time.hasPrefix("+") ? String(time.dropFirst()) : time) }
        switch attributes["strength"] ?? "medium" {
        case "none": return .zero
        case "x-weak": return .milliseconds(100)
        case "weak": return .milliseconds(200)
        case "medium": return .milliseconds(400)
        case "strong": return .milliseconds(700)
        case "x-strong": return .milliseconds(1_200)
        default: return nil
        }
    }

    /// `1.2`, `120%` and `+20%`.
    private static func factor(_ value: String) -> Double? {
        let isRelative = value.hasPrefix("+") || value.hasPrefix("-")
        guard value.hasSuffix("%") else {
            return isRelative ? nil : Double(value).flatMap { (0...100).contains($0) ? $0 : nil }
        }
        guard let percent = Double(value.dropLast()), abs(percent) <= 1_000 else { return nil }
        return max(0, isRelative ? 1 + percent / 100 : percent / 100)
    }

    /// A power by its series, since the standard library knows none.
    private static func power(_ base: Double, _ exponent: Double) -> Double {
        // The natural logarithms of two and ten.
        var rest = exponent * (base == 2 ? 0.693_147_180_559_945_3 : 2.302_585_092_994_045_7)
        var doublings = 0
        while abs(rest) > 0.5 {
            rest /= 2
            doublings += 1
        }
        var (term, sum) = (1.0, 1.0)
        for step in 1...14 {
            term *= rest / Double(step)
            sum += term
        }
        for _ in 0..<doublings { sum *= sum }
        return sum
    }
}
