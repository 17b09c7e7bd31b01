/// Values by key, of which only those used last are kept.
package struct RecentTable<Key: Hashable & Sendable, Value: Sendable>: Sendable {
    private struct Entry: Sendable {
        let key: Key
        var value: Value
        /// Places of the neighbours: used after this one, and before it; -1 at the ends.
        var newer = -1
        var older = -1
    }

    private let limit: Int
    private var places: [Key: Int] = [:]
    private var entries: [Entry] = []
    private var newest = -1
    private var oldest = -1

    /// - Parameter limit: How many are kept, at least 1.
    package init(limit: Int) {
        precondition(limit > 0, "a table for nothing keeps nothing")
        self.limit = limit
    }

    package var count: Int { entries.count }

    /// Changes the value of a key, which counts as used now; a key that is not there begins with `initial`.
    package mutating func update<Result>(
        _ key: Key, initial: @autoclosure () -> Value, _ body: (inout Value) -> Result
    ) -> Result {
        let place = place(of: key, initial())
        return body(&entries[place].value)
    }

    private mutating func place(of key: Key, _ initial: @autoclosure () -> Value) -> Int {
        if let place = places[key] {
            unlink(place)
            link(place)
            return place
        }
        let place: Int
        if entries.count < limit {
            place = entries.count
            entries.append(Entry(key: key, value: initial()))
        } else {
            place = oldest
            unlink(place)
            places.removeValue(forKey: entries[place].key)
            entries[place] = Entry(key: key, value: initial())
        }
        places[key] = place
        link(place)
        return place
    }

    private mutating func unlink(_ place: Int) {
        let entry = entries[place]
        if entry.newer >= 0 { entries[entry.newer].older = entry.older } else { newest = entry.older }
        if entry.older >= 0 { entries[entry.older].newer = entry.newer } else { oldest = entry.newer }
    }

    private mutating func link(_ place: Int) {
        entries[place].newer = -1
        entries[place].older = newest
        if newest >= 0 { entries[newest].newer = place } else { oldest = place }
        newest = place
    }
}
