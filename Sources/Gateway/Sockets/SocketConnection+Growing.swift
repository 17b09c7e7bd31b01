import JSON
import Speaking
import VoiceCore
import Wire

/// Texts that a client speaks while they are written.
extension SocketConnection {
    /// More than anybody writes at once; the texts opened before them are no longer ended by the connection's end.
    private static let growingLimit = 1_000

    func open(_ speak: WireSpeak) async throws(ErrorReply) -> [String: JSONValue] {
        let reply = try await self.speak(speak)
        if let id = reply["job_id"]?.text { note(JobID(id)) }
        return reply
    }

    func append(_ command: AppendCommand, _ request: [UInt8]?) async throws(ErrorReply) {
        try await refusing { dispatcher, grant throws(SpeakRefusal) in
            try await dispatcher.append(command.text, index: command.index, to: command.job, by: grant)
        }
        note(command.job)
        send(.ok(to: request))
    }

    func closeText(of id: JobID, _ request: [UInt8]?) async throws(ErrorReply) {
        try await refusing { dispatcher, grant throws(SpeakRefusal) in try await dispatcher.close(id, by: grant) }
        growing.removeAll { $0 == id }
        send(.ok(to: request, ["job_id": .string(id.rawValue)]))
    }

    private func note(_ id: JobID) {
        guard !growing.contains(id) else { return }
        growing.append(id)
        if growing.count > Self.growingLimit { growing.removeFirst() }
    }

    private func refusing(
        _ work: (Dispatcher, Grant) async throws(SpeakRefusal) -> Void
    ) async throws(ErrorReply) {
        do throws(SpeakRefusal) {
            try await work(parts.dispatcher, identity.grant)
        } catch {
            throw ErrorReply(error)
        }
    }
}
