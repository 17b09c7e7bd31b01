import Flow
import Speaking
import VoiceCore
import Wire

/// Speaks a notification and waits until it was heard, as PAI's clients expect of their server.
struct PAISpeaking: Sendable {
    /// PROTOCOL.md, section 5.5: how long a notification waits for somebody to hear it.
    private static let expiry = Duration.seconds(9)
    /// PAI's hooks give up after 10 s; one that nobody heard is told before.
    private static let patience = Duration.milliseconds(9_500)

    /// What became of it.
    enum Outcome: Sendable {
        /// Heard, or still to be heard when the patience ended.
        case taken(JobStatus, queueDepth: Int)
        case failed(String, job: JobID?)
    }

    let parts: GatewayParts
    let settings: PAISettings
    /// Of requests whose token is not bound to another one.
    let session: SessionID

    func speak(_ notification: PAINotification, by grant: Grant) async -> Outcome {
        let request = await request(notification, in: grant.session ?? session)
        let accepted: JobStatus
        do throws(SpeakRefusal) {
            accepted = try await parts.dispatcher.speak(request, by: grant)
        } catch {
            return .failed(ErrorReply(error).message, job: nil)
        }
        let depth = await Self.depth(in: parts, visibleTo: grant, besides: accepted.id)
        let ended = await parts.server.timeline.limit(Self.patience) { [parts] in
            await parts.dispatcher.waitForEnd(of: accepted.id)
        }
        let job = ended.flatMap { $0 } ?? accepted
        if case .failed(let failure, _) = job.end { return .failed(failure.message, job: job.id) }
        return .taken(job, queueDepth: depth)
    }

    /// How many jobs wait, of those that a grant covers.
    static func depth(in parts: GatewayParts, visibleTo grant: Grant, besides own: JobID? = nil) async -> Int {
        await parts.dispatcher.jobs(visibleTo: grant).count {
            $0.end == nil && ($0.position ?? 0) > 0 && $0.id != own
        }
    }

    /// Who says nothing of how the voice sounds gets what PAI's files say of that voice, else of the main one.
    private func request(_ notification: PAINotification, in session: SessionID) async -> SpeakRequest {
        var request = SpeakRequest(text: notification.message, session: session)
        request.expiresIn = Self.expiry
        let named = notification.voice.flatMap { settings.entry(for: $0) }
        let tuned = notification.hasOwnSettings ? nil : named ?? settings.main
        request.speed = notification.speed ?? tuned?.speed ?? 1
        request.volume = notification.volume ?? tuned?.volume ?? 1
        let voice = named ?? (notification.voice == nil ? settings.main : nil)
        let names = voice.map { [$0.id, $0.name, $0.key].compactMap { $0 } } ?? [notification.voice].compactMap { $0 }
        request.voice = await parts.voice(namedAnyOf: names)
        return request
    }
}
