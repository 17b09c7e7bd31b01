import Flow
import Remote
import Wire

/// The sources of one `hear`, one for each server that is to hear all: run together, each with its own luck.
struct HearChoir: Sendable {
    /// What became of those that were begun.
    private struct Roll: Sendable {
        var isReached = false
        var failures: [Int: any Error] = [:]
    }

    private enum Ending: Sendable {
        case fed, reached, understood, stopped
        case failed(any Error)
    }

    private let sources: [RemoteSource]
    private let names: [String]
    private let roll: Monitor<Roll>
    private let invocation: Invocation
    private let printer: HearPrinter

    /// - Parameter groups: The servers of each source, of which one at a time hears it.
    init(
        _ groups: [[ServerAddress]], _ request: SourceOpenCommand, _ invocation: Invocation, _ printer: HearPrinter
    ) {
        let roll = Monitor(Roll())
        self.roll = roll
        self.invocation = invocation
        self.printer = printer
        let names = groups.map { $0[0].shortName }
        self.names = names
        sources = groups.enumerated().map { index, group in
            RemoteSource(group, request, clientName: "hearsay hear", isPatient: groups.count > 1) { update in
                switch update {
                case .connected: roll.update { $0.isReached = true }
                case .unreachable(let error): roll.update { $0.failures[index] = error }
                default: break
                }
                await printer.take(update, from: index, named: names[index])
            }
        }
    }

    /// Runs until every source is done; once one has understood all, those without a connection are not waited for.
    ///
    /// - Returns: Whether others ended all that worked.
    /// - Throws: Why the first one failed, if all did, or why there is no audio.
    func run(_ feed: SourceFeed, until end: Latch) async throws -> Bool {
        try await withThrowingTaskGroup(of: Ending.self) { group in
            group.addTask {
                try await feed.run(to: sources, until: end)
                return .fed
            }
            group.addTask { try await muster() }
            for index in sources.indices { group.addTask { await run(index) } }
            defer { group.cancelAll() }
            var failures: [any Error] = []
            var (understoodCount, stoppedCount, isFed) = (0, 0, false)
            while failures.count + understoodCount + stoppedCount < sources.count, let next = try await group.next() {
                switch next {
                case .reached: continue
                case .fed: isFed = true
                case .understood: understoodCount += 1
                case .stopped: stoppedCount += 1
                case .failed(let error): failures.append(error)
                }
                // While there is more to hear, a server whose source was stopped says nothing about the others.
                if isFed, understoodCount + stoppedCount > 0 { for source in sources { source.dispense() } }
            }
            if let first = failures.first, failures.count == sources.count { throw first }
            return stoppedCount > 0 && understoodCount == 0
        }
    }

    private func run(_ index: Int) async -> Ending {
        do {
            try await sources[index].run()
            return sources[index].stopReason == nil ? .understood : .stopped
        } catch {
            if sources.count > 1 {
                await printer.take(Failure(error, in: invocation), from: index, named: names[index])
            }
            roll.update { $0.failures[index] = error }
            return .failed(error)
        }
    }

    /// Waits until one is heard.
    ///
    /// - Throws: Why the first one is not, once none is.
    private func muster() async throws -> Ending {
        let count = sources.count
        let failure = await roll.wait { roll -> (any Error)?? in
            if roll.isReached { return .some(nil) }
            return roll.failures.count == count ? .some(roll.failures[0]) : nil
        }
        if let failure, let error = failure { throw error }
        return .reached
    }
}
