import VoiceCore

/// The routes of one moment: jobs with the same plan and session share theirs, and where something is muted the voice too.
struct RouteBook {
    private struct Question: Hashable {
        let plan: RoutePlan
        let session: SessionID
        /// Empty where no voice is muted, so that voices do not part what is alike.
        let voice: String
        let givenUp: Set<ListenerID>
    }

    private struct Answer {
        /// Nil for nowhere.
        let route: Route?
        let outputs: Set<OutputID>?
    }

    private let listeners: [ListenerID: FloorListener]
    private let hasMutedVoices: Bool
    private var routes: [Question: Answer] = [:]

    init(_ listeners: [ListenerID: FloorListener]) {
        self.listeners = listeners
        hasMutedVoices = listeners.values.contains { !$0.trim.mutedVoices.isEmpty }
    }

    /// Where a job can be heard now; nil if nowhere.
    mutating func route(of job: WaitingJob) -> Route? { answer(for: job).route }

    /// The outputs a job would sound on now; nil without a route.
    mutating func outputs(of job: WaitingJob) -> Set<OutputID>? {
        job.route == .nowhere ? [Floor.nowhere] : answer(for: job).outputs
    }

    private mutating func answer(for job: WaitingJob) -> Answer {
        let voice = hasMutedVoices ? job.voice : ""
        let question = Question(plan: job.route, session: job.session, voice: voice, givenUp: job.past.givenUp)
        if let known = routes[question] { return known }
        let route = Router.route(
            job.route, of: job.session, in: voice, among: listeners.values, excluding: job.past.givenUp)
        let answer = Answer(route: route, outputs: route?.outputs)
        routes[question] = answer
        return answer
    }
}
