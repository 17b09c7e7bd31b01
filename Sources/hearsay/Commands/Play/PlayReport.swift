import JSON
import Remote
import VoiceCore

/// Tells on a terminal what the speaker is doing.
actor PlayReport {
    private let output: Output
    /// Which of several speakers it is.
    private let label: String?
    private let isSilent: Bool
    private var last: RemoteSpeaker.Update?

    /// - Parameter isSilent: Whether standard output is taken by the sound itself.
    init(output: Output, label: String? = nil, isSilent: Bool = false) {
        self.output = output
        self.label = label
        self.isSilent = isSilent
    }

    func take(_ update: RemoteSpeaker.Update) {
        guard update != last, !isSilent else { return }
        last = update
        if output.isJSON {
            output.json(.object(update.fields.merging(label.map { ["speaker": .string($0)] } ?? [:]) { $1 }))
        } else if let text = update.text {
            output.line(label.map { "\($0): \(text)" } ?? text)
        }
    }
}

extension RemoteSpeaker.Update {
    fileprivate var text: String? {
        switch self {
        case .readiness(.ready): "ready"
        case .readiness(.quiet): "quiet hours: nothing sounds here now"
        case .readiness(.notReady(let reason)):
            "no sound can come out (\(reason)); `hearsay doctor` says what is there"
        case .connected: "connected; what is said sounds here (Ctrl-C ends it)"
        case .lost(let pause): "the connection was lost; trying again in \(pause.shown)"
        case .speaking(_, let text): "♪ \(text.map { $0.isNewline ? " " : String($0) }.joined())"
        case .silent: nil
        }
    }

    fileprivate var fields: [String: JSONValue] {
        switch self {
        case .readiness(.ready): ["type": "speaker", "ready": true]
        case .readiness(.notReady(let reason)): ["type": "speaker", "ready": false, "reason": .string(reason)]
        case .connected(let id): ["type": "connected", "listener_id": .string(id.rawValue)]
        case .lost(let pause): ["type": "lost", "retry_in_ms": .milliseconds(pause)]
        case .speaking(let job, let text):
            ["type": "speaking", "job_id": .string(job.rawValue), "text": .string(text)]
        case .silent: ["type": "silent"]
        }
    }
}
