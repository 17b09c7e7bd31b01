/// How a stretch of written text is spoken.
struct Reading: Hashable, Sendable {
    /// The place behind the stretch.
    var end: Int
    /// Empty for what is not spoken at all.
    var words: String
    /// Whether it stands between commas, since it is no part of the sentence.
    var isAside = false

    init(_ words: String, to end: Int) {
        self.words = words
        self.end = end
    }
}
