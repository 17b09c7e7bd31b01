/// Pictures in a text.
enum Emoji {
    /// The longest family of joined pictures, with tones and selectors, has fewer scalars.
    private static let clusterLimit = 16

    /// The picture at a place: its name, or nothing for one without a name in the table.
    ///
    /// - Returns: nil where there is no picture.
    static func read(_ text: TextWindow, _ index: Int, isNamed: Bool = true) -> Reading? {
        if let key = keycap(text, index, isNamed) { return key }
        guard isPicture(text, index) else { return nil }
        var end = clusterEnd(text, index)
        // The same picture again and again is said once.
        let length = end - index
        while text[end..<end + length].elementsEqual(text[index..<index + length]) { end += length }
        guard isNamed, let name = name(text[index..<index + length]) else { return Reading("", to: end) }
        var reading = Reading(name, to: end)
        reading.isAside = true
        return reading
    }

    private static func isPicture(_ text: TextWindow, _ index: Int) -> Bool {
        let scalar = text[index]
        guard scalar.value >= 0x203C else { return false }
        if scalar.value >= 0x1F000 && scalar.value <= 0x1FAFF { return true }
        if EmojiTable.names[scalar] != nil || scalar.properties.isEmojiPresentation { return true }
        return scalar.properties.isEmoji && text[index + 1].value == 0xFE0F
    }

    /// A digit in a frame: `1️⃣`.
    private static func keycap(_ text: TextWindow, _ index: Int, _ isNamed: Bool) -> Reading? {
        let scalar = text[index]
        guard scalar.isDigit || scalar == "#" || scalar == "*" else { return nil }
        let frame = text[index + 1].isVariationSelector ? index + 2 : index + 1
        guard text[frame].value == 0x20E3 else { return nil }
        if scalar.isDigit { return Reading(isNamed ? EnglishNumber.digits([scalar]) : String(scalar), to: frame + 1) }
        return Reading("", to: frame + 1)
    }

    /// Behind tones, selectors, tags and joined pictures.
    private static func clusterEnd(_ text: TextWindow, _ index: Int) -> Int {
        var end = index + 1
        if isRegional(text[index]), isRegional(text[end]) { return end + 1 }
        while end - index < clusterLimit {
            switch text[end].value {
            case 0xFE0E, 0xFE0F, 0x1F3FB...0x1F3FF, 0x20E3, 0xE0020...0xE007F: end += 1
            case 0x200D where end + 1 < text.count: end += 2
            default: return end
            }
        }
        return end
    }

    private static func isRegional(_ scalar: Unicode.Scalar) -> Bool { (0x1F1E6...0x1F1FF).contains(scalar.value) }

    /// The name of the whole, else of the first picture that has one.
    private static func name(_ cluster: ArraySlice<Unicode.Scalar>) -> String? {
        let plain = cluster.filter { !$0.isVariationSelector && !(0x1F3FB...0x1F3FF).contains($0.value) }
        var view = String.UnicodeScalarView()
        view.append(contentsOf: plain)
        if let name = EmojiTable.joined[String(view)] { return name }
        return plain.lazy.compactMap { EmojiTable.names[$0] }.first
    }
}
