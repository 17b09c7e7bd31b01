/// A silence that a text asks for.
enum Pause {
    /// Longer ones are cut to this: a listener who hears nothing for longer believes that it has ended.
    static let limit = Duration.seconds(10)

    /// The silence that is written at a place, such as `1.5s`, `500ms` or `2` for seconds.
    static func read(_ text: String) -> Duration? {
        let window = TextWindow(text)
        guard window.count <= 16, let number = NumberLiteral(window, at: 0, hasSign: false) else { return nil }
        let unit = window.string(window.skipSpace(number.end)..<window.count)
        let factor: Double
        switch unit {
        case "s", "sec", "": factor = 1
        case "ms": factor = 0.001
        default: return nil
        }
        return .milliseconds(Int64(min(number.value * factor, 10) * 1_000))
    }
}
