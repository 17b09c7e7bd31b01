import Flow
import JSON
import Net
import VoiceCore
import Wire

/// Drafts that were spoken, as text, subtitles and sound.
struct DraftEndpoints: Sendable {
    let parts: GatewayParts

    /// Who follows what is said may read what was said.
    private static let readers: Scopes = [.events, .control]
    /// Who may hear what sounds may hear what was recorded.
    private static let hearers: Scopes = [.listen, .control]
    /// Who may send audio may take back what was understood of it.
    static let forgetters: Scopes = [.capture, .control]

    var routes: [Route] {
        [
            .waiting("GET", "/v1/drafts", anyOf: Self.readers, list),
            .waiting("GET", "/v1/drafts/{id}", anyOf: Self.readers, show),
            .guarded("GET", "/v1/drafts/{id}/audio", anyOf: Self.hearers, play),
            .waiting("DELETE", "/v1/drafts/{id}", anyOf: Self.forgetters, forget),
        ]
    }

    private func list(_ call: Call) async throws(ErrorReply) -> HTTPResponse {
        let query = try NoteQuery(call)
        guard !call.coversNothing else { return .object(["drafts": .array([]), "total": 0]) }
        let page: DraftPage
        do throws(JournalError) {
            page = try await parts.notebook.drafts(query)
        } catch {
            throw .unreadable(error)
        }
        var members: JSONObject = [
            "drafts": .array(page.drafts.map { .object(WireDraft($0.draft, recording: $0.recording).summary) }),
            "total": .integer(page.total),
        ]
        if page.drafts.count == query.count { members["next"] = page.drafts.last.map { .integer(Int($0.number)) } }
        return .object(members)
    }

    private func show(_ call: Call) async throws(ErrorReply) -> HTTPResponse {
        let form: DraftExport
        do throws(WireError) {
            form = try DraftExport(named: call.request.query["format"])
        } catch {
            throw ErrorReply(error)
        }
        return form.response(try await draft(call))
    }

    private func forget(_ call: Call) async throws(ErrorReply) -> HTTPResponse {
        let draft = try await draft(call).draft
        let utterances = draft.parts.map(\.utterance)
        guard call.mayTouch(draft.session) else {
            throw ErrorReply(.notAllowed, "deleting what others said needs the scope control")
        }
        let id = draft.id
        let forgetting: Forgetting
        do throws(JournalError) {
            forgetting = try await parts.notebook.forget(id)
        } catch {
            throw .unforgotten(error)
        }
        switch forgetting {
        case .done(let drafts):
            // The utterances are told with the draft itself.
            let deleted = drafts.map { ($0, $0 == id ? utterances : []) }
            // First of all, so that nothing is told behind the events that are taken back.
            for (id, utterances) in deleted { parts.forgotten.forget(id, utterances) }
            let (gone, said) = (Set(drafts), Set(utterances))
            parts.events.forget { $0.tells(of: gone, said) }
            for (id, utterances) in deleted {
                let body = Event.Body.draftDeleted(id, utterances: utterances)
                parts.events.publish(event: Event(body, session: draft.session, source: draft.source))
            }
            return .object(["deleted": .string(id.rawValue)])
        case .unknown: throw Self.unknown
        case .growing: throw ErrorReply(.draftGrows, "this draft has not ended")
        }
    }

    private func draft(_ call: Call) async throws(ErrorReply) -> NotedDraft {
        let found: NotedDraft?
        do throws(JournalError) {
            found = try await parts.notebook.draft(DraftID(call.parameters[0]))
        } catch {
            throw .unreadable(error)
        }
        guard let found, call.grant.covers(found.draft.session) else { throw Self.unknown }
        return found
    }

    private static var unknown: ErrorReply { ErrorReply(.unknownDraft, "there is no such draft") }

    // MARK: Sound

    private static let soundHead = HTTPResponse(
        status: 200,
        fields: ["Content-Type": "audio/wav", "Cache-Control": "no-store", "X-Content-Type-Options": "nosniff"])

    private func play(_ call: Call) throws(ErrorReply) -> HTTPReply {
        if call.request.method == "HEAD" {
            return .later { await sound(call).answer(Self.soundHead) }
        }
        return .openLater { opener in
            switch await sound(call) {
            case .failure(let error): return HTTPResponse(error)
            case .success(let stream):
                let writer = opener.open(Self.soundHead)
                while let piece = await stream.next() { try await writer.write(piece) }
                return nil
            }
        }
    }

    private func sound(_ call: Call) async -> Result<any RecordingStream, ErrorReply> {
        do throws(ErrorReply) {
            guard let recording = try await draft(call).recording,
                let stream = await parts.recordings.open(recording)
            else {
                throw ErrorReply(
                    .unknownDraft, "this draft has no recording",
                    advice: "sound is kept of sources that are opened with record: true (hear --record)")
            }
            return .success(stream)
        } catch {
            return .failure(error)
        }
    }
}

extension Result where Failure == ErrorReply {
    fileprivate func answer(_ head: HTTPResponse) -> HTTPResponse {
        if case .failure(let error) = self { HTTPResponse(error) } else { head }
    }
}
