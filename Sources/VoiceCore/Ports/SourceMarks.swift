package import Flow

/// How far a source was understood, so that it can go on after the server was started anew.
package struct SourceMark: Hashable, Sendable {
    package var source: SourceID
    package var token: TokenID
    package var session: SessionID
    /// The end of its last utterance whose text is known, from the source's first sample.
    package var position: Duration
    package var at: WallTime

    package init(source: SourceID, token: TokenID, session: SessionID, position: Duration, at: WallTime = .now()) {
        self.source = source
        self.token = token
        self.session = session
        self.position = position
        self.at = at
    }
}

/// Where marks outlive the process.
package protocol SourceMarks: Sendable {
    /// What is known of a source; nil for nothing.
    func mark(of source: SourceID) async -> SourceMark?

    /// Keeps a mark in place of the one before; returns at once.
    func keep(_ mark: SourceMark)

    /// The source is over for good; returns at once.
    func forget(_ source: SourceID)
}

/// Marks of a server that keeps none.
package struct NoMarks: SourceMarks {
    package init() {}

    package func mark(of source: SourceID) async -> SourceMark? { nil }

    package func keep(_ mark: SourceMark) {}

    package func forget(_ source: SourceID) {}
}
