package import Speaking
package import VoiceCore
package import Wire

/// What of speaking a token covers, beyond having the scope `speak` (PROTOCOL.md, section 2).
package enum SpeakingRules {
    /// Refuses what would touch jobs of other sessions without the scope `control`.
    ///
    /// - Parameter ownSession: That of the connection, else of the token, else `default`.
    package static func check(
        _ request: SpeakRequest, ownSession: SessionID, by grant: Grant
    ) throws(ErrorReply) {
        guard grant.covers(request.session) else { throw unknown(request.session) }
        let touchesOthers =
            switch request.interruption {
            case .none: false
            case .session: request.session != ownSession
            case .output, .all: true
            }
        guard !touchesOthers || grant.allows(.control) else {
            throw ErrorReply(.notAllowed, "stopping jobs of others needs the scope control", field: "interrupt")
        }
    }

    /// What an abort means, if the token may do it; jobs of sessions it does not cover do not exist for it.
    package static func scope(
        of command: AbortCommand, ownSession: SessionID, by grant: Grant, in dispatcher: Dispatcher
    ) async throws(ErrorReply) -> AbortScope {
        let session = command.session ?? ownSession
        guard grant.covers(session) else { throw unknown(session) }
        switch command.scope {
        case .job:
            let id = command.job ?? JobID("")
            guard let job = await dispatcher.job(id, visibleTo: grant) else {
                throw ErrorReply(.unknownJob, "there is no such job", field: "job_id")
            }
            try need(job.session == ownSession || grant.allows(.control))
            return .job(id)
        case .current where command.output == nil:
            try need(session == ownSession || grant.allows(.control))
            return .current(session: session, output: nil)
        case .session:
            try need(session == ownSession || grant.allows(.control))
            return .session(session)
        case .current, .output:
            try need(grant.allows(.control))
            return command.output.map { .output($0) } ?? .all
        case .all:
            try need(grant.allows(.control))
            return .all
        }
    }

    private static func need(_ isAllowed: Bool) throws(ErrorReply) {
        guard isAllowed else { throw ErrorReply(.notAllowed, "stopping jobs of others needs the scope control") }
    }

    private static func unknown(_ session: SessionID) -> ErrorReply {
        ErrorReply(.unknownSession, "there is no session \(session)", field: "session_id")
    }
}

extension ErrorReply {
    /// A refusal of the dispatcher as a client gets it.
    package init(_ refusal: SpeakRefusal) {
        switch refusal {
        case .emptyText:
            self.init(.emptyText, "there is nothing to say in this text", field: "text")
        case .textTooLong(let byteCount, let limit):
            self.init(
                .textTooLong, "the text has \(byteCount) of at most \(limit) bytes", field: "text",
                limit: LimitName.textBytes.rawValue)
        case .unknownLanguage:
            self.init(.unknownLanguage, "no voice speaks this language", field: "language")
        case .unknownVoice:
            self.init(.unknownVoice, "no engine has this voice", field: "voice")
        case .unknownSession(let session):
            self.init(.unknownSession, "there is no session \(session)", field: "session_id")
        case .tooManyJobs(let limit):
            self.init(.tooManyJobs, "\(limit) jobs wait or sound already", limit: LimitName.jobs.rawValue)
        case .tooManyJobsOfSession(let limit):
            self.init(
                .tooManyJobs, "\(limit) jobs of this session wait or sound already",
                limit: LimitName.jobsPerSession.rawValue)
        case .notAllowed(let scope):
            self.init(.notAllowed, "this delivery needs the scope \(scope)", field: "deliver")
        case .serverStopping:
            self.init(.serverStopping, "the server is stopping")
        case .unknownJob(let id):
            self.init(.unknownJob, "no job \(id) takes text", field: "job_id")
        case .textClosed:
            self.init(.textClosed, "the text of this job has ended", field: "job_id")
        case .missingText(let index):
            self.init(.missingText, "the addition with the index \(index) is missing", field: "index")
        case .keyConflict:
            self.init(
                .idempotencyConflict, "this key belongs to a request that says something else",
                field: "idempotency_key")
        case .keyNotKept(let error):
            self.init(ErrorCode(rawValue: error.code) ?? .storeFailed, "the key could not be kept")
        }
    }
}
