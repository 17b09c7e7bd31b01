/// Where sessions outlive the process.
package protocol SessionShelf: Sendable {
    /// Keeps what is known of a session in place of what was before; returns at once.
    func keep(_ session: SessionInfo)

    /// The session has ended; returns at once.
    func forget(_ session: SessionID)
}

/// The shelf of a server that keeps no sessions.
package struct NoSessionShelf: SessionShelf {
    package init() {}

    package func keep(_ session: SessionInfo) {}

    package func forget(_ session: SessionID) {}
}
