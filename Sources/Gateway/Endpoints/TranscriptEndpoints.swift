import JSON
import Net
import VoiceCore
import Wire

/// Everything that was said and kept, by its words.
struct TranscriptEndpoints: Sendable {
    let parts: GatewayParts

    var routes: [Route] {
        [
            .waiting("GET", "/v1/transcripts", anyOf: [.events, .control], list),
            .waiting("DELETE", "/v1/transcripts", anyOf: DraftEndpoints.forgetters, forget),
        ]
    }

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
        do throws(JournalError) {
            return .object(["deleted": .integer(try await parts.notebook.forgetAll(of: session))])
        } catch {
            throw .unreadable(error)
        }
    }
}
