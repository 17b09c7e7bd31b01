import Hearing
import VoiceCore
import Wire

extension SourceDirectory {
    /// The source that somebody wants to change: one of his own session, or that his token opened, needs `capture`, one
    /// of others `control`.
    ///
    /// - Parameter own: The session of whoever asks.
    func subject(_ id: SourceID, of grant: Grant, in own: SessionID) async throws(ErrorReply) -> SourceDescription {
        let source: SourceDescription
        do throws(SourceRefusal) {
            source = try self.source(id, visibleTo: grant)
        } catch {
            throw ErrorReply(error)
        }
        if grant.allows(.control) { return source }
        guard grant.allows(.capture), source.session == own || isOpened(id, by: grant.token) else {
            throw ErrorReply(.notAllowed, "changing sources of others needs the scope control")
        }
        return source
    }
}
