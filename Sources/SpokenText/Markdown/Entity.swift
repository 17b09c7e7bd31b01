/// Signs that are written by name, as in `&amp;`.
enum Entity {
    /// The longest that is looked for, signs included.
    static let lengthLimit = 12

    private static let names: [String: Unicode.Scalar] = [
        "amp": "&", "lt": "<", "gt": ">", "quot": "\"", "apos": "'", "nbsp": " ", "copy": "©", "mdash": "—",
        "ndash": "–", "hellip": "…", "rarr": "→", "larr": "←", "times": "×", "deg": "°", "euro": "€", "pound": "£",
        "middot": "·", "bull": "•", "lsquo": "‘", "rsquo": "’", "ldquo": "“", "rdquo": "”", "le": "≤", "ge": "≥",
        "ne": "≠", "plusmn": "±", "frac12": "½", "sect": "§", "para": "¶", "trade": "™", "reg": "®",
    ]

    /// - Parameter name: What stands between `&` and `;`.
    static func scalar(named name: String) -> Unicode.Scalar? {
        guard name.hasPrefix("#") else { return names[name] }
        let digits = name.dropFirst()
        let value =
            digits.hasPrefix("x") || digits.hasPrefix("X") ? UInt32(digits.dropFirst(), radix: 16) : UInt32(digits)
        guard let scalar = value.flatMap(Unicode.Scalar.init), scalar.value >= 0x20 || scalar.isSpace else {
            return nil
        }
        return scalar
    }
}
