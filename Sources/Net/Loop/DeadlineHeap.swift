/// The earliest of many deadlines, in logarithmic time.
struct DeadlineHeap {
    struct Entry: Hashable {
        let time: Duration
        let token: UInt64
    }

    private var entries: [Entry] = []

    /// The earliest.
    var first: Entry? { entries.first }

    mutating func insert(_ entry: Entry) {
        entries.append(entry)
        var child = entries.count - 1
        while child > 0, entries[child].time < entries[(child - 1) / 2].time {
            entries.swapAt(child, (child - 1) / 2)
            child = (child - 1) / 2
        }
    }

    /// Takes the earliest out if it is due.
    mutating func popFirst(dueAt now: Duration) -> Entry? {
        guard let first = entries.first, first.time <= now else { return nil }
        let last = entries.removeLast()
        if !entries.isEmpty {
            entries[0] = last
            sink()
        }
        return first
    }

    /// Takes all that are due out, in order.
    ///
    /// Those set meanwhile come next time, so that a member cannot hold up the loop.
    mutating func popAll(dueAt now: Duration) -> [Entry] {
        var due: [Entry] = []
        while let entry = popFirst(dueAt: now) { due.append(entry) }
        return due
    }

    private mutating func sink() {
        var parent = 0
        while true {
            var least = parent
            for child in [2 * parent + 1, 2 * parent + 2] where child < entries.count {
                if entries[child].time < entries[least].time { least = child }
            }
            guard least != parent else { return }
            entries.swapAt(parent, least)
            parent = least
        }
    }
}
