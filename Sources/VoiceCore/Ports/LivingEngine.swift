package import Flow

/// An engine with a life of its own.
package protocol LivingEngine: Service {
    /// The engine's name, such as `pocketsphinx`.
    var name: String { get }

    /// What the engine is doing now.
    var state: EngineState { get }

    /// Waits until the state is another one than `known`; nil when the task was cancelled.
    func state(after known: EngineState?) async -> EngineState?

    /// What its workers hold in memory now; nil where there are none of ours.
    var memoryByteCount: Int? { get }
}

extension LivingEngine {
    package var memoryByteCount: Int? { nil }
}
