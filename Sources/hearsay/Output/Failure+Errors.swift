import Devices
import Remote
import Wire

extension Failure {
    /// What any error means to the person who called.
    init(_ error: any Error, in invocation: Invocation) {
        switch error {
        case let failure as Failure: self = failure
        case let error as RemoteError: self.init(error, in: invocation)
        case let error as WireError:
            self.init(exitCode: .usage, code: error.code.rawValue, message: error.description)
        case let error as FileSpeakerError: self.init(error)
        case let error as DeviceError: self.init(microphone: error)
        case is CancellationError: self.init(exitCode: .aborted, code: "aborted", message: "stopped")
        default: self.init(exitCode: .unknown, code: "internal_error", message: "\(error)")
        }
    }

    private init(_ error: RemoteError, in invocation: Invocation) {
        switch error {
        case .unreachable(let url, let reason):
            self.init(
                exitCode: .unreachable, code: "unreachable", message: "no server answers at \(url) (\(reason))",
                advice: [
                    "Start one with `hearsay serve`, or name another with --server URL.",
                    "`hearsay doctor` says what is wrong here.",
                ])
        case .refused(let code, let message):
            let advice = Self.advice(for: code, in: invocation)
            let reason = advice.isEmpty ? message : Self.withoutAdvice(message)
            self.init(
                exitCode: .refused, code: code, message: "the server refuses: \(reason.isEmpty ? code : reason)",
                advice: advice)
        case .lost:
            self.init(exitCode: .unknown, code: "connection_lost", message: "the connection to the server was lost")
        case .certificate(let refusal, let url):
            self =
                (try? Settings(invocation)).map { Failure(refusal, url: url, settings: $0) }
                ?? Failure(exitCode: .certificateRefused, code: "certificate_invalid", message: "\(refusal)")
        case .needsTLS(let url):
            let secure = url.replacing("http://", with: "https://", maxReplacements: 1)
            self.init(
                exitCode: .unreachable, code: "needs_tls", message: "the server at \(url) answers https only",
                advice: ["Name it so: --server \(secure)"])
        case .badAuthorities(let reason):
            self.init(
                exitCode: .usage, code: "bad_authorities",
                message: "the authorities of --ca-file cannot be used: \(reason)")
        case .notHearsay(let url):
            self.init(
                exitCode: .unreachable, code: "not_hearsay",
                message: "something else than Hearsay answers at \(url)",
                advice: ["Name the right server with --server URL."])
        }
    }

    /// Servers say what happened, a semicolon, and what a program can do; people get advice of their own.
    private static func withoutAdvice(_ message: String) -> String {
        message.firstRange(of: "; ").map { String(message[..<$0.lowerBound]) } ?? message
    }

    private static func advice(for code: String, in invocation: Invocation) -> [String] {
        switch code {
        case "unauthenticated":
            let folder = (try? Settings(invocation))?.dataFolder.path ?? "its data folder"
            return [
                "Give a token with --token or HEARSAY_TOKEN, or run as the user who runs the server:",
                "the token of this machine's server is in \(folder)/admin.token.",
            ]
        case "unknown_session":
            let name = invocation.arguments.string("session") ?? "NAME"
            return ["`hearsay sessions start \(name)` begins it; `hearsay sessions` lists those there are."]
        case "unknown_voice": return ["`hearsay voices` lists what there is."]
        default: return []
        }
    }

    private init(_ error: FileSpeakerError) {
        switch error {
        case .cannotWrite(let path, let number):
            self.init(
                exitCode: .usage, code: "cannot_write",
                message: "\(path) cannot be written: \(SmallFile.Problem.system(number))")
        case .cannotEncode(let error):
            self.init(exitCode: .usage, code: "cannot_encode", message: "the sound cannot be packed: \(error)")
        }
    }

    private init(microphone error: DeviceError) {
        let reason: String
        switch error {
        case .noServer, .noDevice: reason = "there is no microphone here"
        case .unknownDevice(let name): reason = "there is no microphone of the name \(name)"
        case .muted: reason = "the microphone is muted"
        case .refused, .stuck, .lost: reason = "the microphone cannot be used (\(error.reason))"
        }
        self.init(
            exitCode: .usage, code: error.reason, message: reason,
            advice: [
                "`pactl list short sources` and `arecord -L` name what there is: --source pulse:NAME or alsa:NAME.",
                "A WAV file or a pipe does too: --source note.wav.",
            ])
    }
}
