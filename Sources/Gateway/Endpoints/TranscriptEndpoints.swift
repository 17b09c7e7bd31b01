import Flow
import JSON
import Net
import VoiceCore
import Wire

/// Everything that was said and kept, by its words.
struct TranscriptEndpoints: Sendable {
    let parts: GatewayParts

    var routes: [Route] {
        [
            .guarded("GET", "/v1/transcripts", anyOf: [.events, .control], read),
            .waiting("DELETE", "/v1/transcripts", anyOf: DraftEndpoints.forgetters, forget),
        ]
    }

    private func read(_ call: Call) throws(ErrorReply) -> HTTPReply {
        guard let name = call.request.query["format"] else {
            return .later {
                do throws(ErrorReply) {
                    return try await list(call)
                } catch {
                    return HTTPResponse(error)
                }
            }
        }
        let form: DraftExport
        do throws(WireError) {
            form = try DraftExport(named: name)
        } catch {
            throw ErrorReply(error)
        }
        return try export(call, SaidFile(form, isOfOneSource: call.request.query["source"] != nil))
    }

    // MARK: Files

    /// So many are read at once for a file.
    private static let stepCount = 500

    /// Everything that was asked for as one file, however much it is.
    private func export(_ call: Call, _ file: SaidFile) throws(ErrorReply) -> HTTPReply {
        var query = try NoteQuery(call)
        query.before = nil
        query.after = query.after ?? 0
        query.count = Self.stepCount
        if call.request.method == "HEAD" { return .now(file.form.head) }
        return .openLater { [query, file] opener in
            var (query, file) = (query, file)
            var page: [NotedUtterance]
            do throws(JournalError) {
                page = call.coversNothing ? [] : try await parts.notebook.said(query)
            } catch {
                return HTTPResponse(.unreadable(error))
            }
            let writer = opener.open(file.form.head)
            try await writer.write(Array(file.head.utf8))
            while !page.isEmpty {
                try await writer.write(Array(file.piece(page).utf8))
                guard page.count == query.count else { break }
                query.after = page.last?.number
                page = try await parts.notebook.said(query)
            }
            try await writer.write(Array(file.tail.utf8))
            return nil
        }
    }

    // MARK: Lists

    private func list(_ call: Call) async throws(ErrorReply) -> HTTPResponse {
        let query = try NoteQuery(call)
        guard !call.coversNothing else { return .object(["transcripts": .array([])]) }
        let said: [NotedUtterance]
        do throws(JournalError) {
            said = try await parts.notebook.said(query)
        } catch {
            throw .unreadable(error)
        }
        var members: JSONObject = ["transcripts": .array(said.map { WireNotedUtterance($0).json })]
        if said.count == query.count { members["next"] = said.last.map { .integer(Int($0.number)) } }
        return .object(members)
    }

    /// Forgets all of one session; nobody forgets those of others without `control`.
    private func forget(_ call: Call) async throws(ErrorReply) -> HTTPResponse {
        guard let session = try call.askedSession() else {
            throw ErrorReply(.missingField, "name the session that is to be forgotten", field: "session")
        }
        guard call.mayTouch(session) else {
            throw ErrorReply(.notAllowed, "forgetting what others said needs the scope control")
        }
        let count: Int?
        do throws(JournalError) {
            count = try await parts.notebook.forgetAll(of: session)
        } catch {
            throw .unforgotten(error)
        }
        guard let count else {
            throw ErrorReply(
                .draftGrows,
                "a draft of this session grows: end it, or close its source, and ask again when its last words are read"
            )
        }
        // First of all, so that nothing is told behind the events that are taken back.
        parts.forgotten.forgetAll(of: session)
        parts.events.forget { $0.session == session && $0.tellsWhatWasSaid }
        parts.events.publish(event: Event(.transcriptDeleted, session: session))
        return .object(["deleted": .integer(count)])
    }
}
