/// How one term is spoken.
package struct Pronunciation: Hashable, Sendable {
    /// Which letters of a text count as those of the term.
    package enum Case: String, Hashable, Sendable {
        /// A term without capitals matches any case, one with capitals only itself.
        case smart
        case ignore, exact
    }

    package var term: String
    /// What is said instead; nil where only `ipa` is given.
    package var words: String?
    /// In the International Phonetic Alphabet, for engines that take it.
    package var ipa: String?
    package var matching = Case.smart
    /// The words of which one must follow; in lower case, empty for any.
    package var before: [String] = []
    /// The words of which one must stand before; in lower case, empty for any.
    package var after: [String] = []
    /// The words of which one must stand within three words on either side; in lower case, empty for any.
    package var near: [String] = []
    /// BCP 47 of the texts it is for, compared by its beginning; nil for all.
    package var language: String?
    /// The line of its file on which it begins.
    package var line = 0

    package init(term: String, words: String? = nil, ipa: String? = nil) {
        self.term = term
        self.words = words
        self.ipa = ipa
    }

    var isConditional: Bool { !before.isEmpty || !after.isEmpty || !near.isEmpty }

    var isCaseSensitive: Bool {
        switch matching {
        case .exact: true
        case .ignore: false
        case .smart: term.unicodeScalars.contains { $0.properties.isUppercase }
        }
    }
}
