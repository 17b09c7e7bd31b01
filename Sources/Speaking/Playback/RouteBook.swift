import VoiceCore

/// The routes of one moment: jobs with the same plan and session share theirs.
struct RouteBook {
    private struct Question: Hashable {
        let plan: RoutePlan
        let session: SessionID
        let failed: Set<ListenerID>
    }

    private let listeners: [ListenerID: FloorListener]
    private var routes: [Question: Route?] = [:]

    init(_ listeners: [ListenerID: FloorListener]) {
        self.listeners = listeners
    }

    /// Where a job can be heard now; nil if nowhere.
    mutating func route(of job: WaitingJob) -> Route? {
        let question = Question(plan: job.route, session: job.session, failed: job.past.failed)
        if let known = routes[question] { return known }
        let route = Router.route(
            job.route, of: job.session, among: listeners.values, excluding: job.past.failed)
        routes[question] = .some(route)
        return route
    }

    /// The outputs a job would sound on now; nil without a route.
    mutating func outputs(of job: WaitingJob) -> Set<OutputID>? {
        job.route == .nowhere ? [Floor.nowhere] : route(of: job)?.outputs
    }
}
