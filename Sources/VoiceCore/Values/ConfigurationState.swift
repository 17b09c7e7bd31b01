/// How a running server stands to its configuration file.
package struct ConfigurationState: Hashable, Sendable {
    /// Where something in the file cannot be used; nil for the file as a whole.
    package struct Place: Hashable, Sendable {
        /// From 1.
        package var line: Int
        /// From 1.
        package var column: Int

        package init(line: Int, column: Int) {
            self.line = line
            self.column = column
        }
    }

    /// The file that is watched, whether there is one or not; nil for a server without.
    package var file: String?
    /// Mistakes because of which it goes on with what held before.
    package var mistakes: [Place?]
    /// Keys whose new values hold since the last reading.
    package var changed: [String]
    /// Keys whose new values hold at the next start only.
    package var waiting: [String]

    package init(file: String? = nil, mistakes: [Place?] = [], changed: [String] = [], waiting: [String] = []) {
        self.file = file
        self.mistakes = mistakes
        self.changed = changed
        self.waiting = waiting
    }
}
