/// Addresses of network devices, of which a listener can keep the end.
enum HardwareAddress {
    private static let pairCount = 6

    /// `00:1A:2B:3C:4D:5E`, `00-1a-2b-3c-4d-5e`.
    static func read(_ text: TextWindow, _ index: Int) -> Reading? {
        let sign = text[index + 2]
        guard sign == ":" || sign == "-" else { return nil }
        var place = index
        for pair in 0..<pairCount {
            guard text[place].isHexDigit, text[place + 1].isHexDigit else { return nil }
            guard pair < pairCount - 1 else { break }
            guard text[place + 2] == sign else { return nil }
            place += 3
        }
        let end = place + 2
        guard text.isWordEnd(end), text[end] != sign || !text[end + 1].isWordPart else { return nil }
        return Reading("M A C address ending in " + Spelling.words(text.scalars[place..<end]), to: end)
    }
}
