/// Runs services together: started in order, stopped in reverse order, with a deadline.
///
/// A service may use those before it in the list until it has returned itself.
package struct ServiceRunner: Sendable {
    /// Why the runner ended.
    package enum Ending: Hashable, Sendable {
        case signal(Int32)
        /// A service returned by itself; its name.
        case returned(String)
        case cancelled
    }

    /// Services that did not return in time after they were told to stop.
    package struct Overdue: Error, Hashable {
        package let names: [String]
    }

    private let services: [(name: String, service: any Service)]
    private let deadline: Duration

    /// - Parameters:
    ///   - services: In the order they start; the last one stops first.
    ///   - deadline: How long all of them together may take to stop.
    package init(services: [(name: String, service: any Service)], deadline: Duration = .seconds(8)) {
        self.services = services
        self.deadline = deadline
    }

    /// Runs until a signal comes, a service ends, or the task is cancelled; then stops the services in reverse order.
    ///
    /// - Parameter signal: Returns the number of the first signal received; nil when cancelled.
    /// - Throws: The error of the service that failed, or `Overdue`.
    @discardableResult
    package func run(until signal: @escaping @Sendable () async -> Int32?) async throws -> Ending {
        let endings = Channel<Outcome>(capacity: services.count + 1)
        let running = services.map { name, service in
            Running(name: name, task: Self.start(name, service, endings))
        }
        let first = await firstOutcome(endings, signal)
        try await Self.stop(running, within: deadline)
        if case .failed(_, let error) = first { throw error }
        return first.ending
    }

    private struct Running: Sendable {
        let name: String
        let task: Task<Void, Never>
    }

    private enum Outcome: Sendable {
        case signal(Int32)
        case returned(String)
        case failed(String, any Error)
        case cancelled

        var ending: Ending {
            switch self {
            case .signal(let number): .signal(number)
            case .returned(let name), .failed(let name, _): .returned(name)
            case .cancelled: .cancelled
            }
        }
    }

    /// The task is ended by `stop`, which cancels and awaits it.
    private static func start(
        _ name: String, _ service: any Service, _ endings: Channel<Outcome>
    ) -> Task<Void, Never> {
        Task {
            do {
                try await service.run()
                _ = endings.offer(.returned(name))
            } catch {
                _ = endings.offer(.failed(name, error))
            }
        }
    }

    private func firstOutcome(
        _ endings: Channel<Outcome>, _ signal: @escaping @Sendable () async -> Int32?
    ) async -> Outcome {
        await withTaskGroup(of: Outcome?.self) { group in
            group.addTask { await signal().map(Outcome.signal) }
            group.addTask { await endings.next() }
            defer { group.cancelAll() }
            return await group.next().flatMap { $0 } ?? .cancelled
        }
    }

    /// Stops in reverse order; runs in a task of its own, since the caller's may be cancelled already.
    private static func stop(_ running: [Running], within deadline: Duration) async throws(Overdue) {
        let left = Monitor(running.map(\.name))
        let stopper = Task {  // Ends with its last service, or with the process after `Overdue`.
            for service in running.reversed() {
                service.task.cancel()
                await service.task.value
                left.update { $0.removeAll { $0 == service.name } }
            }
        }
        let isInTime = await Task {
            await Timeline.live().limit(deadline) { await left.wait { $0.isEmpty ? true : nil } }
        }.value
        let names = left.withLock { $0 }
        guard isInTime == true || names.isEmpty else { throw Overdue(names: names) }
        await stopper.value
    }
}
