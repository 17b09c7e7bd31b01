import Flow
import VoiceCore

/// Those who are being sent events; at an orderly stop they get the last ones before their connections end.
package final class EventReaders: Service {
    /// A reader that has not taken the rest by then loses it; the connections close next.
    private static let patience = Duration.seconds(1)

    private let events: Broadcast<Event>
    private let timeline: Timeline
    private let count = Monitor(0)

    init(events: Broadcast<Event>, timeline: Timeline) {
        self.events = events
        self.timeline = timeline
    }

    /// Sends events by `work`, which returns at their end.
    func read(_ work: () async -> Void) async {
        count.update { $0 += 1 }
        await work()
        count.update { $0 -= 1 }
    }

    /// Waits for the stop, then ends the events and waits until everybody has read them.
    package func run() async {
        await Latch().wait()
        // Ended by the wait for it: reading takes time, which a cancelled task does not have.
        await Task { await self.finish() }.value
    }

    private func finish() async {
        events.finish()
        _ = await timeline.limit(Self.patience) { [count] in await count.wait { $0 == 0 ? true : nil } }
    }
}
