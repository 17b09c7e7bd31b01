import VoiceCore
import Wire

/// What one connection has subscribed to, and from which fact on.
struct Subscriptions: Sendable {
    struct Item: Sendable {
        var filter: EventFilter
        /// The first fact it asks for.
        let first: UInt64
    }

    var grant: Grant
    private(set) var items: [Item] = []

    init(grant: Grant) {
        self.grant = grant
    }

    mutating func add(_ filter: EventFilter, from first: UInt64) {
        items.append(Item(filter: filter, first: first))
    }

    mutating func remove(_ filter: EventFilter) {
        items = items.compactMap { item in
            item.filter.removing(filter).map { Item(filter: $0, first: item.first) }
        }
    }

    /// Whether some subscription wants the event, whatever its number.
    func want(_ event: Event) -> Bool {
        event.isVisible(to: grant) && items.contains { $0.filter.matches(event) }
    }

    /// Whether some subscription wants this fact.
    func want(_ event: Event, sequence: UInt64) -> Bool {
        event.isVisible(to: grant) && items.contains { $0.first <= sequence && $0.filter.matches(event) }
    }
}
