/// Numbers (JSON5, section 6): a sign, then a decimal or hexadecimal number, `Infinity` or `NaN`.
extension JSON5Parser {
    /// Reads a number; whole ones that fit are integers.
    mutating func number() throws(JSON5Problem) -> JSONValue {
        let place = scanner.place
        let sign = scanner.skip("-") ? "-" : scanner.skip("+") ? "+" : ""
        let digits = lexeme()
        guard let value = Self.value(of: digits, isNegative: sign == "-") else {
            throw JSON5Problem(.badNumber(sign + digits), at: place)
        }
        return value
    }

    /// Whatever hangs together, so that `08`, `1.2.3` and `10km` are told as one.
    private mutating func lexeme() -> String {
        var text = String.UnicodeScalarView()
        while let scalar = scanner.next {
            let isSign = (scalar == "+" || scalar == "-") && (text.last == "e" || text.last == "E")
            guard scalar.continuesJSON5Name || scalar == "." || isSign && !Self.isHexadecimal(text) else { break }
            text.append(scalar)
            scanner.advance()
        }
        return String(text)
    }

    private static func isHexadecimal(_ text: String.UnicodeScalarView) -> Bool {
        text.starts(with: "0x".unicodeScalars) || text.starts(with: "0X".unicodeScalars)
    }

    private static func value(of digits: String, isNegative: Bool) -> JSONValue? {
        if digits == "Infinity" { return .double(isNegative ? -.infinity : .infinity) }
        if digits == "NaN" { return .double(.nan) }
        if isHexadecimal(digits.unicodeScalars) { return hexadecimal(digits.dropFirst(2), isNegative) }
        guard isDecimal(digits.utf8) else { return nil }
        let text = (isNegative ? "-" : "") + digits
        // Zero has a sign as a fraction only.
        if let whole = Int(text), !(isNegative && whole == 0) { return .integer(whole) }
        return Double(text).map(JSONValue.double)
    }

    private static func hexadecimal(_ digits: Substring, _ isNegative: Bool) -> JSONValue? {
        guard !digits.isEmpty, digits.unicodeScalars.allSatisfy({ $0.hexadecimalValue != nil }) else { return nil }
        if let whole = Int((isNegative ? "-" : "") + digits, radix: 16), !(isNegative && whole == 0) {
            return .integer(whole)
        }
        return Double((isNegative ? "-0x" : "0x") + digits).map(JSONValue.double)
    }

    /// Digits with a point anywhere, and an exponent; no zero before other digits.
    private static func isDecimal(_ text: String.UTF8View) -> Bool {
        let parts = text.split(maxSplits: 1, omittingEmptySubsequences: false) { $0 | 0x20 == UInt8(ascii: "e") }
        let numbers = parts[0].split(separator: UInt8(ascii: "."), maxSplits: 1, omittingEmptySubsequences: false)
        guard numbers.allSatisfy({ $0.allSatisfy(isDigit) }), numbers.contains(where: { !$0.isEmpty }) else {
            return false
        }
        if numbers[0].count > 1, numbers[0].first == UInt8(ascii: "0") { return false }
        guard parts.count == 2 else { return true }
        let exponent =
            parts[1].first.map { [UInt8(ascii: "+"), UInt8(ascii: "-")].contains($0) } == true
            ? parts[1].dropFirst() : parts[1]
        return !exponent.isEmpty && exponent.allSatisfy(isDigit)
    }

    private static func isDigit(_ byte: UInt8) -> Bool { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) }
}
