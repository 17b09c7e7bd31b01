import Hearing
import JSON
import VoiceCore
import Wire

extension SocketConnection {
    func openSource(_ command: SourceOpenCommand) async throws(ErrorReply) -> JSONObject {
        let session = command.session ?? identity.session
        try identity.cover(session)
        guard await parts.sessions.info(session) != nil else { throw ConnectionIdentity.unknown(session) }
        let request = SourceRequest(
            id: command.source, session: session, format: command.format, role: command.role,
            detection: command.detection, recognition: command.recognition, group: command.group,
            speaker: command.speaker, records: command.records, reducesNoise: command.reducesNoise,
            token: identity.grant.token, beginsAnew: command.beginsAnew)
        let hearing = try hearing()
        let opened: OpenedSource
        do throws(SourceRefusal) {
            opened = try await hearing.open(request, over: sources)
        } catch {
            throw ErrorReply(error)
        }
        var answer: JSONObject = [
            "source_id": .string(opened.id.rawValue), "channel": .integer(Int(sources.add(opened.intake))),
        ]
        switch opened.place {
        case .next(let sequence): answer["next_sequence"] = .integer(Int(sequence))
        case .from(let position): answer["from_ms"] = .milliseconds(position)
        }
        answer["paused"] = opened.isPaused.map(JSONValue.bool)
        return answer
    }

    func updateSource(_ command: SourceUpdateCommand) async throws(ErrorReply) {
        try await mayChange(command.source)
        let hearing = try hearing()
        do throws(SourceRefusal) {
            try await hearing.update(
                command.source, command.detection, command.recognition, records: command.records,
                reducesNoise: command.reducesNoise)
        } catch {
            throw ErrorReply(error)
        }
    }

    func order(_ command: SourceOrderCommand) async throws(ErrorReply) {
        try await mayChange(command.source)
        let hearing = try hearing()
        do throws(SourceRefusal) {
            switch command.order {
            case .pause: try await hearing.setPaused(true, command.source, by: sources)
            case .resume: try await hearing.setPaused(false, command.source, by: sources)
            case .flush: try await hearing.flush(command.source)
            case .close:
                try await hearing.close(command.source, by: sources)
                sources.close(command.source)
            }
        } catch {
            throw ErrorReply(error)
        }
    }

    private func mayChange(_ id: SourceID) async throws(ErrorReply) {
        _ = try await hearing().subject(id, of: identity.grant, in: identity.session)
    }

    private func hearing() throws(ErrorReply) -> SourceDirectory {
        guard let hearing = parts.hearing else { throw .noHearing }
        return hearing
    }
}
