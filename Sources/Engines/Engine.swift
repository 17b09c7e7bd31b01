package import Flow
package import VoiceCore

/// A synthesizer with a life of its own.
package protocol Engine: Synthesizer, Service {
    /// What the engine is doing now.
    var state: EngineState { get }

    /// Waits until the state is another one than `known`; nil when the task was cancelled.
    func state(after known: EngineState?) async -> EngineState?
}
