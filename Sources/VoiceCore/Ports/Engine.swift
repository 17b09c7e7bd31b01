package import Flow

/// A synthesizer with a life of its own.
package protocol Engine: Synthesizer, Service {
    /// What the engine is doing now.
    var state: EngineState { get }

    /// Waits until the state is another one than `known`; nil when the task was cancelled.
    func state(after known: EngineState?) async -> EngineState?

    /// Whether it may turn out to have a voice that is not among its voices, since nobody could tell it which there are.
    ///
    /// - Parameter voice: Without the engine's name before it.
    func mayHave(_ voice: String) -> Bool

    /// What its workers hold in memory now; nil where there are none of ours.
    var memoryByteCount: Int? { get }
}

extension Engine {
    package func mayHave(_ voice: String) -> Bool { false }

    package var memoryByteCount: Int? { nil }
}
