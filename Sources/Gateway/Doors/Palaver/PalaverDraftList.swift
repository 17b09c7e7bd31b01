import Flow
import JSON
import Net
import VoiceCore
import Wire

/// The drafts as Palaver's later version lists them.
struct PalaverDraftList: Sendable {
    let parts: GatewayParts

    private static let readers: Scopes = [.events, .control]

    var routes: [Route] {
        [
            .waiting("GET", "/drafts", anyOf: Self.readers, in: .fastAPI, list),
            .waiting("GET", "/drafts/{id}", anyOf: Self.readers, in: .fastAPI, show),
        ]
    }

    private func list(_ call: Call) async throws(ErrorReply) -> HTTPResponse {
        let question: PalaverDraftQuestion
        do throws(WireError) {
            question = try PalaverDraftQuestion(call.request)
        } catch {
            throw ErrorReply(error)
        }
        var query = question.query
        query.session = call.grant.session
        let page = call.coversNothing ? DraftPage(drafts: [], total: 0) : try await drafts(query)
        let rows = page.drafts.map { question.isSummary ? PalaverDraft($0.draft).summary : Self.row($0) }
        return .object([
            "drafts": .array(rows), "total": .integer(page.total), "limit": .integer(query.count),
            "offset": .integer(query.offset), "has_more": .bool(query.offset + rows.count < page.total),
        ])
    }

    private func show(_ call: Call) async throws(ErrorReply) -> HTTPResponse {
        let (wantsParent, wantsChildren): (Bool, Bool)
        do throws(WireError) {
            wantsParent = try PalaverDraftQuestion.flag("include_parent", call.request)
            wantsChildren = try PalaverDraftQuestion.flag("include_children", call.request)
        } catch {
            throw ErrorReply(error)
        }
        guard let found = try await draft(DraftID(call.parameters[0]), for: call.grant) else {
            throw ErrorReply(.unknownDraft, "Draft with ID '\(call.parameters[0].prefix(64))' not found")
                .advising(at: .drafts)
        }
        var members: JSONObject = ["draft": Self.row(found)]
        if wantsParent {
            let parent = found.draft.parent
            members["parent"] = parent == nil ? .null : try await draft(parent, for: call.grant).map(Self.row) ?? .null
        }
        if wantsChildren {
            var query = NoteQuery(count: NoteQuery.limit)
            (query.session, query.parent, query.isOldestFirst) = (found.draft.session, found.draft.id, true)
            members["children"] = .array(try await drafts(query).drafts.map(Self.row))
        }
        return .object(members)
    }

    private static func row(_ noted: NotedDraft) -> JSONValue {
        PalaverDraft(noted.draft).row(in: noted.recording?.path ?? "")
    }

    private func drafts(_ query: NoteQuery) async throws(ErrorReply) -> DraftPage {
        do throws(JournalError) {
            return try await parts.notebook.drafts(query)
        } catch {
            throw .unreadable(error)
        }
    }

    /// A draft that exists for the grant; Palaver knows none that still grows.
    func draft(_ id: DraftID?, for grant: Grant) async throws(ErrorReply) -> NotedDraft? {
        guard let id else { return nil }
        let found: NotedDraft?
        do throws(JournalError) {
            found = try await parts.notebook.draft(id)
        } catch {
            throw .unreadable(error)
        }
        guard let found, found.draft.ending != nil, grant.covers(found.draft.session) else { return nil }
        return found
    }
}
