import Flow
import Hearing
import Net
import Speaking
import VoiceCore
import Wire
import JSON

/// Tells whether the server is alive, to anybody, and how it is, to whoever has a token.
struct HealthEndpoints: Sendable {
    let parts: GatewayParts

    var routes: [Route] {
        [
            .open("GET", "/health") { _ in .now(.object(["status": "ok"])) },
            .waiting("GET", "/status", anyOf: nil, status),
        ]
    }

    /// Nil for a server without a configuration file.
    private var configuration: JSONValue? {
        let state = parts.server.configuration.withLock { $0 }
        guard let file = state.file else { return nil }
        return .object(state.fields.merging(["file": .string(file)]) { $1 })
    }

    /// Nil for a server that listens for none.
    private var commands: JSONValue? {
        guard let state = parts.server.commands?.withLock({ $0 }) else { return nil }
        return .object(state.fields.merging(["file": .string(state.file)]) { $1 })
    }

    private func status(_ call: Call) async -> HTTPResponse {
        let engines = await parts.engines.states()
        let listeners = await parts.dispatcher.listeners(visibleTo: call.grant)
        let jobs = await parts.dispatcher.jobs(visibleTo: call.grant)
        let sessions = await parts.sessions.list(visibleTo: call.grant)
        let sources = await parts.hearing?.list(visibleTo: call.grant) ?? []
        let journal = parts.journal.state
        let isWell = engines.contains { $0.phase != .failed } && journal.trouble == nil
        let speaker = listeners.first { $0.description.output == .local }
        var members: [String: JSONValue] = [
            "status": isWell ? "ok" : "degraded",
            "version": .string(parts.server.version),
            "started_at": .string(parts.server.startedAt.iso8601),
            "uptime_ms": .milliseconds(parts.server.uptime()),
            "engines": .array((engines + (parts.hearing?.engines ?? [])).map(\.json)),
            // Its reason names a path of the server, which is nobody's business but of those who see all of it.
            "journal": .object(call.grant.isBound ? journal.fields.filter { $0.key == "state" } : journal.fields),
            "listeners": .array(listeners.map(\.json)),
            "sources": .integer(sources.count),
            "sessions": .integer(sessions.count),
            "limits": parts.server.limits.json,
            "scopes": .array(call.grant.scopes.names.map(JSONValue.string)),
            "jobs": .object([
                "waiting": .integer(jobs.count { $0.end == nil && $0.position != 0 }),
                "speaking": .integer(jobs.count { $0.end == nil && $0.position == 0 }),
                "ended": .integer(jobs.count { $0.end != nil }),
            ]),
        ]
        members["speaker"] = speaker?.json
        if let detector = parts.hearing?.detector {
            let fields = ["name": detector.name, "reason": detector.shortcoming]
            members["detector"] = .object(fields.compactMapValues { $0.map(JSONValue.string) })
        }
        if let usual = parts.hearing?.usualRecogniser {
            let fields = ["name": usual.name, "missing": usual.missing]
            members["recogniser"] = .object(fields.compactMapValues { $0.map(JSONValue.string) })
        }
        let doors = parts.doors.doors
        if !doors.isEmpty { members["doors"] = .array(doors.map { $0.json(for: call.grant) }) }
        if !call.grant.isBound {
            members["configuration"] = configuration
            members["commands"] = commands
        }
        return .object(members)
    }
}
