import Net
import Speaking
import VoiceCore
import Wire
import JSON

/// Requests to speak and to fall silent.
struct SpeakEndpoints: Sendable {
    let parts: GatewayParts

    var routes: [Route] {
        [
            .waiting("POST", "/v1/speak", anyOf: .speak, speak),
            .waiting("POST", "/v1/abort", anyOf: [.speak, .control], abort),
            .waiting("DELETE", "/v1/jobs/{id}", anyOf: [.speak, .control], remove),
        ]
    }

    /// How long `POST /v1/speak` waits; the job goes on if the caller does not.
    private enum Wait: String, CaseIterable {
        case none, started, finished
    }

    private func speak(_ call: Call) async throws(ErrorReply) -> HTTPResponse {
        let wait = try wait(call)
        let request = try call.read { bytes throws(WireError) in try WireSpeak(bytes) }
            .keyedRequest(defaultSession: call.ownSession)
        try SpeakingRules.check(request, ownSession: call.ownSession, by: call.grant)
        let job: JobStatus
        do throws(SpeakRefusal) {
            job = try await parts.dispatcher.speak(request, by: call.grant)
        } catch {
            throw ErrorReply(error)
        }
        let location = "/v1/jobs/\(job.id)"
        switch wait {
        case .none: return .value(WireJob(job).json, status: 202, location: location)
        case .started:
            let started = try await status(while: call.grant) { await $0.waitForStart(of: job.id) }
            return .value(WireJob(started ?? job).json, location: location)
        case .finished:
            let ended = try await status(while: call.grant) { await $0.waitForEnd(of: job.id) }
            return .value(WireJob(ended ?? job).json, location: location)
        }
    }

    private func wait(_ call: Call) throws(ErrorReply) -> Wait {
        guard let word = call.request.query["wait"] else { return .none }
        guard let wait = Wait(rawValue: word) else {
            throw ErrorReply(WireError.outOfRange(field: "wait", allowed: "none, started or finished"))
        }
        return wait
    }

    /// - Throws: `unauthenticated` when the token ends first; the job goes on.
    private func status(
        while grant: Grant, _ work: @escaping @Sendable (Dispatcher) async -> JobStatus?
    ) async throws(ErrorReply) -> JobStatus? {
        let status = await parts.access.whileLiving(grant) { [parts] in await work(parts.dispatcher) }
        guard status != nil || parts.access.isLiving(grant) else {
            throw ErrorReply(.unauthenticated, "the token has ended, and the job goes on")
        }
        return status
    }

    private func abort(_ call: Call) async throws(ErrorReply) -> HTTPResponse {
        let command =
            call.request.body.isEmpty
            ? AbortCommand(scope: .current)
            : try call.read { bytes throws(WireError) in try AbortCommand(bytes) }
        let scope = try await SpeakingRules.scope(
            of: command, ownSession: call.ownSession, by: call.grant, in: parts.dispatcher)
        return aborted(await parts.dispatcher.abort(scope, by: call.grant))
    }

    private func remove(_ call: Call) async throws(ErrorReply) -> HTTPResponse {
        let command = AbortCommand(scope: .job, job: JobID(call.parameters[0]))
        let scope = try await SpeakingRules.scope(
            of: command, ownSession: call.ownSession, by: call.grant, in: parts.dispatcher)
        return aborted(await parts.dispatcher.abort(scope, by: call.grant))
    }

    private func aborted(_ jobs: [JobID]) -> HTTPResponse {
        .object(["aborted": .array(jobs.map { .string($0.rawValue) })])
    }
}

extension Call {
    /// Reads the body; what cannot be read becomes the answer.
    func read<Value>(_ reader: ([UInt8]) throws(WireError) -> Value) throws(ErrorReply) -> Value {
        do throws(WireError) {
            return try reader(request.body)
        } catch {
            throw ErrorReply(error)
        }
    }
}
