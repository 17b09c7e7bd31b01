/// What the process tells its caller (PROTOCOL.md, section 8).
enum ExitCode: Int32, Error, Sendable {
    /// Heard to the end; for other commands, done.
    case success = 0
    case usage = 1
    case nobodyHeard = 3
    case partlyHeard = 4
    case certificateRefused = 5
    case engineFailed = 6
    case unreachable = 7
    case refused = 8
    /// The connection was lost and nobody can say what was heard.
    case unknown = 9
    case aborted = 10
}

/// Why a command ended without doing what it was asked, said so that the reader knows what to do.
struct Failure: Error, Hashable {
    var exitCode: ExitCode
    /// A stable word for programs.
    var code: String
    /// One sentence, lower case, no full stop.
    var message: String
    /// What to do about it, a line each.
    var advice: [String] = []
}
