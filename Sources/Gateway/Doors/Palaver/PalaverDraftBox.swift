import Flow
import JSON
import Net
import VoiceCore
import Wire

/// One connection at `/new_draft`: takes drafts that others have made, such as a rescanner with a larger model.
struct PalaverDraftBox: Sendable {
    let parts: GatewayParts
    let board: PalaverBoard
    let grant: Grant
    /// Of drafts that are no readings of others.
    let session: SessionID

    func serve(_ socket: WebSocket) async {
        while let message = await socket.receive() {
            do throws(ErrorReply) {
                guard case .text(let text) = message else { throw ErrorReply(WireError.invalidJSON) }
                try await take(read(text))
                socket.send(Frame.text(PalaverReply.success))
            } catch {
                parts.counters.refused(error.code)
                socket.send(Frame.text(PalaverReply.error(error, at: .newDraft)))
            }
        }
    }

    private func read(_ text: String) throws(ErrorReply) -> PalaverNewDraft {
        do throws(WireError) {
            let message: JSONValue = try JSONText.value(of: Array(text.utf8))
            return try PalaverNewDraft(message, now: .now())
        } catch {
            throw ErrorReply(error)
        }
    }

    private func take(_ new: PalaverNewDraft) async throws(ErrorReply) {
        let list = PalaverDraftList(parts: parts)
        let original = try await list.draft(new.parent, for: grant)?.draft
        if let parent = new.parent, original == nil {
            throw ErrorReply(.unknownDraft, "there is no draft \(parent) that has ended", field: "parent_draft_id")
        }
        guard try await !isTaken(new.id) else {
            throw ErrorReply(.draftExists, "there is a draft \(new.id) already", field: "draft_id")
        }
        let session = original?.session ?? session
        let draft = new.draft(in: session, after: original, of: board.stream(of: original?.source))
        if await parts.sessions.info(session)?.isStored ?? true {
            var bare = draft
            (bare.parts, bare.ending) = ([], nil)
            parts.notebook.take(.draft(bare, from: 0))
            parts.notebook.take(.draft(draft, from: 0))
        }
        parts.events.publish(
            event: Event(
                original == nil ? .draftEnded(draft) : .draftRevised(draft), session: session, source: draft.source))
    }

    private func isTaken(_ id: DraftID) async throws(ErrorReply) -> Bool {
        do throws(JournalError) {
            return try await parts.notebook.draft(id) != nil
        } catch {
            throw .unreadable(error)
        }
    }
}
