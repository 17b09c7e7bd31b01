package import VoiceCore

/// Why a request to speak was not accepted.
package enum SpeakRefusal: Error, Hashable, Sendable {
    case emptyText
    case textTooLong(byteCount: Int, limit: Int)
    case unknownVoice(String)
    /// No voice speaks this language.
    case unknownLanguage(String)
    case unknownSession(SessionID)
    /// So many jobs wait or sound already.
    case tooManyJobs(limit: Int)
    /// So many jobs of this session wait or sound already.
    case tooManyJobsOfSession(limit: Int)
    /// The token lacks this scope.
    case notAllowed(scope: String)
    case serverStopping
    /// The key names another request.
    case keyConflict
    /// There is no job of that id that still takes text.
    case unknownJob(JobID)
    /// Nothing can be added to the text any more.
    case textClosed
    /// The addition with this index must come first.
    case missingText(index: Int)
    /// The key could not be kept.
    case keyNotKept(JournalError)

    /// The stable code on the wire.
    package var code: String {
        switch self {
        case .emptyText: "empty_text"
        case .textTooLong: "text_too_long"
        case .unknownVoice: "unknown_voice"
        case .unknownLanguage: "unknown_language"
        case .unknownSession: "unknown_session"
        case .tooManyJobs, .tooManyJobsOfSession: "too_many_jobs"
        case .notAllowed: "not_allowed"
        case .serverStopping: "server_stopping"
        case .unknownJob: "unknown_job"
        case .textClosed: "text_closed"
        case .missingText: "missing_text"
        case .keyConflict: "idempotency_conflict"
        case .keyNotKept(let error): error.code
        }
    }
}

/// Which jobs an abort means.
package enum AbortScope: Hashable, Sendable {
    /// What sounds for the session, or sounded and waits to go on; with an output, on that output.
    case current(session: SessionID, output: OutputID?)
    case job(JobID)
    /// Every job of the session.
    case session(SessionID)
    /// What sounds on the output, and what waits for it.
    case output(OutputID)
    /// Every job the token covers.
    case all
}

/// Where a listener stands.
package struct ListenerStatus: Hashable, Sendable {
    package var description: ListenerDescription
    package var readiness: Readiness
    /// Smoothed; nil before the first measurement.
    package var roundTrip: Duration?
    /// What it plays.
    package var job: JobID?
}
