/// Every stable error code, with its HTTP status, its WebSocket close code and a sentence that says what to do.
package enum ErrorCode: String, CaseIterable, Hashable, Sendable {
    // Messages that cannot be read.
    case invalidUTF8 = "invalid_utf8"
    case invalidJSON = "invalid_json"
    case unknownCommand = "unknown_command"
    case unknownField = "unknown_field"
    case unknownEvent = "unknown_event"
    case missingField = "missing_field"
    case wrongType = "wrong_type"
    case outOfRange = "out_of_range"
    case notSupported = "not_supported"
    case messageTooLarge = "message_too_large"
    case invalidForm = "invalid_form"
    case unsupportedMediaType = "unsupported_media_type"
    // Who may do what.
    case unauthenticated
    case notAllowed = "not_allowed"
    case foreignOrigin = "foreign_origin"
    case foreignHost = "foreign_host"
    case tooManyRequests = "too_many_requests"
    case rateLimited = "rate_limited"
    case tooManyConnections = "too_many_connections"
    // A connection's life.
    case helloExpected = "hello_expected"
    case helloTimeout = "hello_timeout"
    case helloTwice = "hello_twice"
    case takesNothing = "takes_nothing"
    case serverStopping = "server_stopping"
    // Things that do not exist for this token.
    case notFound = "not_found"
    case methodNotAllowed = "method_not_allowed"
    case unknownSession = "unknown_session"
    case unknownJob = "unknown_job"
    case unknownListener = "unknown_listener"
    case unknownVoice = "unknown_voice"
    case unknownLanguage = "unknown_language"
    case unknownDraft = "unknown_draft"
    case draftGrows = "draft_grows"
    case draftExists = "draft_exists"
    case unknownToken = "unknown_token"
    case unknownChannel = "unknown_channel"
    case unknownSource = "unknown_source"
    case unknownEngine = "unknown_engine"
    case unknownModel = "unknown_model"
    // Models.
    case consentNeeded = "consent_needed"
    case alreadyInstalled = "already_installed"
    // Speaking.
    case emptyText = "empty_text"
    case textTooLong = "text_too_long"
    case tooManyJobs = "too_many_jobs"
    case tooManySessions = "too_many_sessions"
    case tooManyListeners = "too_many_listeners"
    case noListener = "no_listener"
    case notHeard = "not_heard"
    case engineFailed = "engine_failed"
    case serverRestarted = "server_restarted"
    case idempotencyConflict = "idempotency_conflict"
    case textClosed = "text_closed"
    case missingText = "missing_text"
    // Hearing.
    case badAudio = "bad_audio"
    case unsupportedAudio = "unsupported_audio"
    case damagedRecording = "damaged_recording"
    case truncatedRecording = "truncated_recording"
    case recordingTooLong = "recording_too_long"
    case tooManySources = "too_many_sources"
    case noSpeech = "no_speech"
    case overloaded
    // The server itself.
    case internalError = "internal_error"
    case storeFailed = "store_failed"
    case diskFull = "disk_full"
    case dataFolderInUse = "data_folder_in_use"
    case addressInUse = "address_in_use"

    /// The status of an HTTP answer with this code.
    package var status: Int { facts.status }
    /// The code a WebSocket is closed with where this ends it; 4400 for all that are not listed.
    package var closeCode: UInt16 { facts.close }
    /// What to do, lower case, no full stop.
    package var advice: String { facts.advice }

    private var facts: (status: Int, close: UInt16, advice: String) {
        switch self {
        case .invalidUTF8: (400, 1007, "send text as UTF-8")
        case .invalidJSON: (400, 4400, "send one JSON object")
        case .unknownCommand: (400, 4400, "send a \"type\" that the protocol lists")
        case .unknownField: (400, 4400, "leave the field out or correct its name")
        case .unknownEvent: (400, 4400, "name events as the protocol lists them, such as job.started, job.* or *")
        case .missingField: (400, 4400, "add the field")
        case .wrongType: (400, 4400, "send the field with the type that the protocol states")
        case .outOfRange: (400, 4400, "choose a value within the stated range")
        case .notSupported: (501, 4400, "leave it out; this version of the server does not know it")
        case .messageTooLarge: (413, 1009, "send less at once")
        case .invalidForm: (400, 4400, "send multipart/form-data with a boundary and a head for each part")
        case .unsupportedMediaType: (415, 4400, "send application/json")
        case .unauthenticated: (401, 4401, "send a valid token, as Authorization: Bearer or bearer.<token>")
        case .notAllowed: (403, 4403, "use a token with the scope that this needs")
        case .foreignOrigin: (403, 4403, "open the page from the server itself or start it with --allow-origin")
        case .foreignHost: (403, 4403, "use localhost, an IP address, or a name given with --host or --public-url")
        case .tooManyRequests: (429, 4429, "wait a moment and try again")
        case .rateLimited: (429, 4429, "wait for retry_after_ms and try again")
        case .tooManyConnections: (429, 4429, "close other connections first")
        case .helloExpected: (400, 4400, "send hello first and wait for welcome")
        case .helloTimeout: (408, 4408, "send hello within 5 seconds")
        case .helloTwice: (409, 4400, "send hello once for each connection")
        case .takesNothing: (503, 1013, "read what the server sends, then connect again")
        case .serverStopping: (503, 1001, "connect again in a few seconds")
        case .notFound: (404, 4400, "check the path")
        case .methodNotAllowed: (405, 4400, "use a method named in the Allow field")
        case .unknownSession: (404, 4403, "open the session first, or use a token that covers it")
        case .unknownJob: (404, 4400, "use a job_id that speak has answered")
        case .unknownListener: (404, 4400, "use a listener_id that listener.open has answered")
        case .unknownLanguage: (422, 4400, "choose a language that a voice of GET /v1/voices speaks, or name the voice")
        case .unknownVoice: (422, 4400, "choose one of the voices that GET /v1/voices lists")
        case .unknownDraft: (404, 4400, "use a draft_id that GET /v1/drafts lists")
        case .draftGrows: (409, 4400, "end the draft first, or close its source")
        case .draftExists: (409, 4400, "give the draft another draft_id, or leave it out")
        case .unknownToken: (404, 4400, "use the id of a token that GET /v1/tokens lists")
        case .unknownChannel: (404, 4400, "send audio on a channel that the server has opened")
        case .unknownSource: (404, 4400, "use a source_id that source.open has answered, or another one of your own")
        case .unknownEngine: (422, 4400, "name an engine that the server has for hearing, or none")
        case .unknownModel: (404, 4400, "use a model that `hearsay models list` names")
        case .consentNeeded: (409, 4400, "read the licence, and send accept_licence if you agree")
        case .alreadyInstalled: (409, 4400, "its voices are in GET /v1/voices; remove it first to fetch it again")
        case .emptyText: (422, 4400, "send a text with something to say")
        case .textTooLong: (413, 4400, "split the text")
        case .tooManyJobs: (429, 4429, "wait until some jobs have ended")
        case .tooManySessions: (429, 4429, "end sessions that are not needed")
        case .tooManyListeners: (429, 4429, "close listeners that are not needed")
        case .noListener: (504, 4400, "open the player page and enable sound, or connect a loudspeaker")
        case .notHeard: (504, 4400, "look at the player page: sound may be blocked or muted there")
        case .engineFailed: (502, 4400, "run hearsay doctor to see what the speech engine needs")
        case .serverRestarted: (503, 4400, "say it again; nothing is spoken by itself after a restart")
        case .idempotencyConflict: (409, 4400, "use a new idempotency_key for a new request")
        case .textClosed: (409, 4400, "open another job with speak.open")
        case .missingText: (409, 4400, "send the addition with the index that the message names, then those behind it")
        case .badAudio: (400, 4400, "send whole frames of at most 120 ms in the format that source.open named")
        case .unsupportedAudio:
            (415, 4400, "send WAV, MP3, FLAC or Ogg Opus; other recordings need ffmpeg where the server runs")
        case .damagedRecording: (400, 4400, "check that the recording plays elsewhere")
        case .truncatedRecording: (400, 4400, "send the recording whole, or write its length into its head")
        case .recordingTooLong: (413, 4400, "send it in parts, or start the server with a higher limit")
        case .tooManySources: (429, 4429, "close sources that are not needed")
        case .noSpeech: (422, 4400, "nothing was lost: no words were said")
        case .overloaded: (503, 1013, "send less at once, or use fewer sources")
        case .internalError: (500, 1011, "try again, and report it with the server's log")
        case .storeFailed: (500, 1011, "check that the data folder can be written")
        case .diskFull: (507, 1011, "free some space on the disk of the data folder")
        case .dataFolderInUse: (500, 1011, "stop the other server or choose another folder with --data")
        case .addressInUse: (500, 1011, "stop the other program or choose another address with --listen")
        }
    }
}
