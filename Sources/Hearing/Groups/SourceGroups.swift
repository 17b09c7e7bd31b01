package import Flow
package import VoiceCore

/// Tells what the sources of each group understood as one transcript.
package final class SourceGroups: Sendable {
    /// A group exists within its session.
    private struct Place: Hashable, Sendable {
        let session: SessionID
        let group: GroupID
    }

    private let orders = Monitor<[Place: GroupOrder]>([:])
    private let events: Broadcast<Event>
    private let forgotten: ForgottenSpeech
    private let timeline: Timeline
    private let alarm: Alarm

    /// - Parameter forgotten: What was taken back while it waited is not told.
    package init(events: Broadcast<Event>, forgotten: ForgottenSpeech, timeline: Timeline) {
        self.events = events
        self.forgotten = forgotten
        self.timeline = timeline
        alarm = Alarm(timeline: timeline)
    }

    /// Tells what has waited long enough, until cancelled.
    func run() async {
        while !Task.isCancelled {
            await alarm.wait()
            orders.update { orders in
                for place in orders.keys {
                    for line in orders[place]?.release(at: timeline.now) ?? [] { tell(line, place) }
                }
                setAlarm(orders)
            }
        }
    }

    /// Somebody began to speak at a source.
    func begin(_ utterance: HeardUtterance, of source: SourceDescription) {
        change(source) { order, _ in order.begin(utterance.id, at: utterance.startedAt) }
    }

    /// It is known what he said.
    ///
    /// - Parameter mark: Made before that was told.
    func add(
        _ text: String, as utterance: HeardUtterance, of source: SourceDescription, since mark: ForgottenSpeech.Mark
    ) {
        let line = GroupOrder.Line(
            source: source.id, utterance: utterance.id, speaker: source.speaker, text: text,
            startedAt: utterance.startedAt, mark: mark)
        // What began before it is over within the longest utterance, and has its text so soon after that.
        let patience = (source.recognition.patience ?? LagRule.limit) + SegmentRules().longest
        change(source) { order, _ in order.add(line, until: timeline.now + patience) }
    }

    /// Nothing more comes of an utterance.
    func end(_ utterance: HeardUtterance, of source: SourceDescription) {
        change(source) { order, place in
            for line in order.end(utterance.id) { tell(line, place) }
        }
    }

    private func change(_ source: SourceDescription, _ change: (inout GroupOrder, Place) -> Void) {
        // What another server heard belongs to a group there.
        guard let group = source.group, source.role != .relay else { return }
        let place = Place(session: source.session, group: group)
        // Events are published under the lock, since their order is what this is for.
        orders.update { orders in
            change(&orders[place, default: GroupOrder()], place)
            if orders[place]?.isEmpty == true { orders[place] = nil }
            setAlarm(orders)
        }
    }

    private func setAlarm(_ orders: [Place: GroupOrder]) {
        alarm.set(orders.values.compactMap(\.deadline).min())
    }

    private func tell(_ line: GroupOrder.Line, _ place: Place) {
        let saidAt = WallTime.now() + (line.startedAt - timeline.now)
        let said = GroupLine(group: place.group, speaker: line.speaker, text: line.text, saidAt: saidAt)
        let event = Event(.groupSaid(said), session: place.session, source: line.source, utterance: line.utterance)
        events.publish(event: event) { forgotten.holds(line.utterance, since: line.mark) }
    }
}
