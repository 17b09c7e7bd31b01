import Flow
import JSON
import Net
import Speaking
import VoiceCore
import Wire

/// What was said and is being said: the jobs of the queue, and those of the journal.
struct JobEndpoints: Sendable {
    let parts: GatewayParts

    /// Who may read jobs: whoever makes them, follows them or rules them.
    private static let readers: Scopes = [.speak, .events, .control]

    var routes: [Route] {
        [
            .guarded("GET", "/v1/jobs", anyOf: Self.readers, list),
            .waiting("GET", "/v1/jobs/{id}", anyOf: Self.readers, show),
        ]
    }

    private func list(_ call: Call) throws(ErrorReply) -> HTTPReply {
        guard let question = try JobQuestion(call) else {
            return .later { [parts] in
                let jobs = await parts.dispatcher.jobs(visibleTo: call.grant)
                return .object(["jobs": .array(jobs.map { WireJob($0).json })])
            }
        }
        if question.isExport { return export(question) }
        return .later { [self] in
            do throws(JournalError) {
                return try await page(question, for: call.grant)
            } catch {
                return HTTPResponse(ErrorReply(error))
            }
        }
    }

    private func page(_ question: JobQuestion, for grant: Grant) async throws(JournalError) -> HTTPResponse {
        // A token that is bound to a room covers no session, so it is shown none.
        let jobs = grant.isBound && grant.session == nil ? [] : try await parts.journal.jobs(question.query)
        var shown: [JSONValue] = []
        for job in jobs {
            shown.append(job.listed(current: await parts.dispatcher.job(job.status.id, visibleTo: grant)))
        }
        var members: [String: JSONValue] = ["jobs": .array(shown)]
        if jobs.count == question.query.count { members["next"] = jobs.last.map { .integer(Int($0.number)) } }
        return .object(members)
    }

    private func show(_ call: Call) async throws(ErrorReply) -> HTTPResponse {
        let id = JobID(call.parameters[0])
        let current = await parts.dispatcher.job(id, visibleTo: call.grant)
        let kept: ArchivedJob?
        do throws(JournalError) {
            kept = try await parts.journal.job(id)
        } catch {
            guard current != nil else { throw ErrorReply(error) }
            kept = nil
        }
        if let kept, call.grant.covers(kept.status.session) { return .value(kept.json(current: current)) }
        guard let current else { throw ErrorReply(.unknownJob, "there is no such job") }
        return .value(WireJob(current).json)
    }

    // MARK: Export

    private static let head = HTTPResponse(
        status: 200,
        fields: [
            "Content-Type": "application/x-ndjson; charset=utf-8", "Cache-Control": "no-store",
            "X-Content-Type-Options": "nosniff",
        ])

    /// One line for each job, the oldest first, read page by page while they are being sent.
    private func export(_ question: JobQuestion) -> HTTPReply {
        let grant = question.grant
        return .stream(Self.head) { [parts] writer in
            _ = await parts.access.whileLiving(grant) {
                var query = question.query
                query.after = query.after ?? 0
                guard !grant.isBound || grant.session != nil else { return true }
                while let jobs = try? await parts.journal.jobs(query), let last = jobs.last {
                    let lines: [UInt8] = jobs.flatMap { (job: ArchivedJob) -> [UInt8] in
                        JSONText.bytes(job.json()) + [0x0A]
                    }
                    guard (try? await writer.write(lines)) != nil else { return true }
                    query.after = last.number
                }
                return true
            }
        }
    }
}

extension ErrorReply {
    /// What a failure of the journal means to a client.
    fileprivate init(_ error: JournalError) {
        self.init(ErrorCode(rawValue: error.code) ?? .storeFailed, "the journal cannot be read")
    }
}
