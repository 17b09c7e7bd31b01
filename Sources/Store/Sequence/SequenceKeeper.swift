package import Flow

/// Reserves further event numbers before those that were reserved run out.
package struct SequenceKeeper<Element: Sendable>: Service {
    private let database: Database
    private let broadcast: Broadcast<Element>
    private let timeline: Timeline
    private let log: Log

    package init(
        database: Database, broadcast: Broadcast<Element>, timeline: Timeline = .live(),
        log: Log = Log(label: "store")
    ) {
        self.database = database
        self.broadcast = broadcast
        self.timeline = timeline
        self.log = log
    }

    /// Works until cancelled; a disk that fails is tried again.
    package func run() async throws {
        var backoff = Backoff()
        while await broadcast.waitForLowReserve() != nil {
            do {
                broadcast.extendReserve(to: try await database.reserveSequence().upperBound)
                backoff.reset()
            } catch {
                log.error("sequence.not_reserved", ["reason": "\(error)"])
                await timeline.sleep(until: timeline.now + backoff.next())
            }
        }
    }
}
