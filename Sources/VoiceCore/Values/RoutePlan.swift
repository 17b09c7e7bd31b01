/// Where a job may be heard.
package enum RoutePlan: Hashable, Sendable {
    /// The first step with a ready listener.
    case firstOf([RouteStep])
    /// The ready listeners of all steps together.
    case allOf([RouteStep])
    /// Nowhere: the audio is made and nobody hears it.
    case nowhere

    /// Its steps, in order.
    package var steps: [RouteStep] {
        switch self {
        case .firstOf(let steps), .allOf(let steps): steps
        case .nowhere: []
        }
    }
}
