/// A wish in square brackets about how the text is spoken: `[pause:1.5s]`, `[🎉 celebration]`.
enum Marker: Hashable, Sendable {
    case pause(Duration)
    case emotion(Emotion)

    /// Longer brackets are no markers.
    private static let lengthLimit = 32

    /// - Parameter contents: What stands between the brackets.
    init?(_ contents: ArraySlice<Unicode.Scalar>) {
        guard contents.count <= Self.lengthLimit else { return nil }
        var view = String.UnicodeScalarView()
        view.append(contentsOf: contents.filter { !$0.isVariationSelector })
        let text = String(view)
        if text.lowercased().hasPrefix("pause:") {
            let time = text.dropFirst(6).drop { $0 == " " }
            guard let pause = Pause.read(String(time).lowercased()) else { return nil }
            self = .pause(pause)
        } else {
            guard let sign = view.first, let space = view.firstIndex(of: " ") else { return nil }
            let word = String(text[space...].dropFirst()).lowercased()
            guard let emotion = Emotion(rawValue: word), emotion.sign == sign,
                view.index(after: view.startIndex) == space
            else { return nil }
            self = .emotion(emotion)
        }
    }
}
