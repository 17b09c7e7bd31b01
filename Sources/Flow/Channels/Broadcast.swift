/// Facts and readings for any number of readers, each at its own pace.
///
/// Facts are numbered, kept in a ring and read in order by everybody. Readings carry no number; of each subject only the
/// newest is kept. A reader is a cursor: it owns no queue, and one that is overtaken by the ring is told what it lost.
/// Fleeting facts are read by those only who were there when they were published.
package final class Broadcast<Element: Sendable>: Sendable {
    /// What a cursor reads.
    package enum Item: Sendable {
        case fact(sequence: UInt64, Element)
        case reading(Element)
        /// Facts with these numbers left the ring before they were read.
        case lost(ClosedRange<UInt64>)
    }

    fileprivate struct Entry: Sendable {
        let stamp: UInt64
        let sequence: UInt64
        let isFleeting: Bool
        /// Nil for one that was forgotten.
        var element: Element?
    }

    fileprivate struct Reading: Sendable {
        let stamp: UInt64
        let element: Element
    }

    fileprivate struct Contents: Sendable {
        var ring: [Entry] = []
        /// Index in `ring` of the oldest fact, once the ring is full.
        var start = 0
        var nextSequence: UInt64
        var reservedEnd: UInt64
        var nextStamp: UInt64 = 1
        var readings: [String: Reading] = [:]
        var isFinished = false
    }

    fileprivate let contents: Monitor<Contents>
    private let first: UInt64
    private let capacity: Int
    private let readingLimit: Int
    private let isFleeting: @Sendable (Element) -> Bool

    /// - Parameters:
    ///   - first: The number of the first fact, at least 1.
    ///   - reservedEnd: The first number that is not yet reserved on disk; see `waitForLowReserve`.
    ///   - capacity: How many facts the ring holds (PROTOCOL.md, section 3: 10,000).
    ///   - readingLimit: How many subjects may have a reading; the oldest goes first.
    ///   - isFleeting: Which facts nobody reads who comes later.
    package init(
        first: UInt64 = 1, reservedEnd: UInt64 = .max, capacity: Int = 10_000, readingLimit: Int = 4_096,
        isFleeting: @escaping @Sendable (Element) -> Bool = { _ in false }
    ) {
        precondition(first > 0 && capacity > 0, "facts are numbered from 1 and the ring holds at least one")
        self.first = first
        self.capacity = capacity
        self.readingLimit = readingLimit
        self.isFleeting = isFleeting
        contents = Monitor(Contents(nextSequence: first, reservedEnd: reservedEnd))
    }

    /// The number of the newest fact, and of the oldest in the ring (one above the newest while the ring is empty).
    package var bounds: (newest: UInt64, oldest: UInt64) {
        contents.withLock { ($0.nextSequence - 1, $0.oldestSequence) }
    }

    /// How many facts and readings were published since it was made.
    package var published: (facts: Int, readings: Int) {
        contents.withLock { contents in
            let facts = contents.nextSequence - first
            return (Int(clamping: facts), Int(clamping: contents.nextStamp - 1 - facts))
        }
    }

    /// Numbers a fact and shows it to every cursor.
    ///
    /// - Parameters:
    ///   - ending: Subjects whose readings are over with this fact.
    ///   - isForgotten: Whether it must not be told any more; runs under the lock, so that `forget` takes back what was
    ///     published before that became true.
    /// - Returns: Its number; nil for one that was not published.
    @discardableResult
    package func publish(
        _ element: Element, ending subjects: [String] = [], unless isForgotten: () -> Bool = { false }
    ) -> UInt64? {
        let isFleeting = isFleeting(element)
        return contents.update { contents in
            if isForgotten() { return nil }
            for subject in subjects { contents.readings.removeValue(forKey: subject) }
            return contents.append(element, isFleeting: isFleeting, capacity: capacity)
        }
    }

    /// Replaces the reading of a subject.
    package func publish(reading element: Element, of subject: String) {
        contents.update { contents in
            contents.readings[subject] = Reading(stamp: contents.takeStamp(), element: element)
            guard contents.readings.count > readingLimit else { return }
            let oldest = contents.readings.min { $0.value.stamp < $1.value.stamp }
            if let oldest { contents.readings.removeValue(forKey: oldest.key) }
        }
    }

    /// Takes facts and readings back, as if they had never been published; numbers stay as they are.
    ///
    /// - Parameter isUnwanted: Which ones; runs under a lock, so it must be short.
    package func forget(where isUnwanted: @Sendable (Element) -> Bool) {
        contents.update { contents in
            for index in contents.ring.indices where contents.ring[index].element.map(isUnwanted) == true {
                contents.ring[index].element = nil
            }
            contents.readings = contents.readings.filter { !isUnwanted($0.value.element) }
        }
    }

    /// Ends every cursor once it has read what is there.
    package func finish() {
        contents.update { $0.isFinished = true }
    }

    /// A reader that begins after a fact.
    ///
    /// - Parameters:
    ///   - sequence: The last fact the reader knows; nil for the newest, that is, only what comes from now on.
    ///   - filter: Chooses what the reader sees; runs under a lock, so it must be short.
    package func cursor(
        after sequence: UInt64? = nil, filter: @escaping @Sendable (Element) -> Bool = { _ in true }
    ) -> BroadcastCursor<Element> {
        let (next, stamp) = contents.withLock { ($0.nextSequence, $0.nextStamp - 1) }
        return BroadcastCursor(
            broadcast: self, nextSequence: sequence.map { min($0 + 1, next) } ?? next, firstLive: next,
            lastStamp: stamp, filter: filter)
    }

    /// Waits until fewer than `margin` reserved numbers are left.
    ///
    /// - Returns: The end of the reserved numbers; nil when the task was cancelled.
    package func waitForLowReserve(margin: UInt64 = 10_000) async -> UInt64? {
        await contents.wait { $0.nextSequence + margin >= $0.reservedEnd ? $0.reservedEnd : nil }
    }

    /// Tells that numbers below `end` are reserved on disk now.
    package func extendReserve(to end: UInt64) {
        contents.update { $0.reservedEnd = max($0.reservedEnd, end) }
    }
}

extension Broadcast.Contents {
    var oldestSequence: UInt64 { ring.isEmpty ? nextSequence : ring[start].sequence }

    mutating func takeStamp() -> UInt64 {
        defer { nextStamp += 1 }
        return nextStamp
    }

    mutating func append(_ element: Element, isFleeting: Bool, capacity: Int) -> UInt64 {
        let entry = Broadcast.Entry(
            stamp: takeStamp(), sequence: nextSequence, isFleeting: isFleeting, element: element)
        nextSequence += 1
        if ring.count < capacity {
            ring.append(entry)
        } else {
            ring[start] = entry
            start = (start + 1) % capacity
        }
        return entry.sequence
    }

    func entry(_ sequence: UInt64) -> Broadcast.Entry {
        ring[(start + Int(sequence - oldestSequence)) % ring.count]
    }
}

/// One reader's place in a broadcast.
package struct BroadcastCursor<Element: Sendable>: Sendable {
    fileprivate let broadcast: Broadcast<Element>
    /// The next fact to look at.
    package fileprivate(set) var nextSequence: UInt64
    /// The first fact that was published since the reader is there.
    fileprivate let firstLive: UInt64
    fileprivate var lastStamp: UInt64
    fileprivate let filter: @Sendable (Element) -> Bool

    /// - Returns: The next fact or reading that passes the filter; nil at the end or on cancellation.
    package mutating func next() async -> Broadcast<Element>.Item? {
        var place = self
        let step: Broadcast<Element>.Item?? = await broadcast.contents.wait { contents in
            if let item = place.read(contents) { return .some(item) }
            return contents.isFinished ? .some(nil) : nil
        }
        self = place
        return step ?? nil
    }

    /// Reads without waiting; nil when there is nothing new.
    package mutating func nextIfAny() -> Broadcast<Element>.Item? {
        var place = self
        let item = broadcast.contents.withLock { place.read($0) }
        self = place
        return item
    }

    /// Facts and readings in the order in which they were published.
    private mutating func read(_ contents: Broadcast<Element>.Contents) -> Broadcast<Element>.Item? {
        let oldest = contents.oldestSequence
        if nextSequence < oldest {
            defer { nextSequence = oldest }
            return .lost(nextSequence...(oldest - 1))
        }
        while nextSequence < contents.nextSequence, !isWanted(contents.entry(nextSequence)) { nextSequence += 1 }
        let fact = nextSequence < contents.nextSequence ? contents.entry(nextSequence) : nil
        if let reading = nextReading(contents), reading.stamp < (fact?.stamp ?? .max) {
            lastStamp = reading.stamp
            return .reading(reading.element)
        }
        guard let fact, let element = fact.element else { return nil }
        nextSequence += 1
        return .fact(sequence: fact.sequence, element)
    }

    private func isWanted(_ entry: Broadcast<Element>.Entry) -> Bool {
        guard !entry.isFleeting || entry.sequence >= firstLive else { return false }
        return entry.element.map(filter) == true
    }

    private func nextReading(_ contents: Broadcast<Element>.Contents) -> Broadcast<Element>.Reading? {
        contents.readings.values
            .filter { $0.stamp > lastStamp && filter($0.element) }
            .min { $0.stamp < $1.stamp }
    }
}
