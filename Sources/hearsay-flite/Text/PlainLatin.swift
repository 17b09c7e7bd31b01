/// Latin letters with accents, written without.
enum PlainLatin {
    /// - Parameter value: A Unicode scalar from U+00C0 to U+017F.
    static func letters(for value: UInt32) -> [UInt8] {
        if let letters = ligatures[value] { return Array(letters.utf8) }
        return [bases[Int(value - 0xC0)]]
    }

    /// One base letter for each scalar from U+00C0 to U+017F, 16 in a line; `?` stands where `ligatures` knows better.
    private static let bases: [UInt8] = Array(
        """
        AAAAAA?CEEEEIIII\
        DNOOOOO?OUUUUY??\
        aaaaaa?ceeeeiiii\
        dnooooo?ouuuuy?y\
        AaAaAaCcCcCcCcDd\
        DdEeEeEeEeEeGgGg\
        GgGgHhHhIiIiIiIi\
        Ii??JjKkkLlLlLlL\
        lLlNnNnNn???OoOo\
        Oo??RrRrRrSsSsSs\
        SsTtTtTtUuUuUuUu\
        UuUuWwYyYZzZzZzs
        """.utf8)

    private static let ligatures: [UInt32: String] = [
        0xC6: "AE", 0xD7: " times ", 0xDE: "Th", 0xDF: "ss", 0xE6: "ae", 0xF7: " divided by ",
        0xFE: "th", 0x132: "IJ", 0x133: "ij", 0x149: "'n", 0x14A: "NG", 0x14B: "ng",
        0x152: "OE", 0x153: "oe",
    ]
}
