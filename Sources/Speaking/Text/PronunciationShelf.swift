internal import Flow
package import SpokenText

/// Where the dictionary lies that jobs are spoken with; a new one holds for the jobs that begin after it.
package final class PronunciationShelf: Sendable {
    private let contents = Monitor(Pronunciations())

    package init() {}

    package var pronunciations: Pronunciations { contents.withLock { $0 } }

    /// Puts another dictionary in the place of the one there is.
    package func replace(with pronunciations: Pronunciations) {
        contents.withLock { $0 = pronunciations }
    }
}
