/// What PAI does to a text before it is spoken; its clients count on it.
enum PAIText {
    /// PAI's limit, in UTF-16 units as its own server counts.
    static let limit = 500

    /// Takes out what could be markup or a command, and the marks of emphasis, code and headings.
    static func cleaned(_ text: String) -> String {
        var text = text.replacing(/<script/.ignoresCase(), with: "")
        text = text.replacing("../", with: "")
        text.removeAll { ";&|><`$\\".contains($0) }
        text = text.replacing(/\*\*([^*]+)\*\*/) { $0.output.1 }
        text = text.replacing(/\*([^*]+)\*/) { $0.output.1 }
        text = text.replacing(/#{1,6}\s+/, with: "")
        return trimmed(text)
    }

    private static func trimmed(_ text: String) -> String {
        let start = text.drop(while: \.isWhitespace)
        guard let end = start.lastIndex(where: { !$0.isWhitespace }) else { return "" }
        return String(start[...end])
    }
}
