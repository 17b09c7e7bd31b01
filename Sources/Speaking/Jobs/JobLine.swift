import VoiceCore

/// The waiting jobs in the order in which they take their turn, kept while jobs come and go.
///
/// It holds ranks and ids only, so that a thousand jobs are moved in microseconds.
struct JobLine: Sendable {
    /// Where a job stands among others: the smaller the sooner, compared from the first member on.
    struct Rank: Comparable, Sendable {
        /// 0 for a job that took another one's turn, 1 for one that had begun, 2 for all others.
        let group: Int
        var turn = 0.0
        var place: UInt64 = 0
        let number: UInt64

        static func < (left: Rank, right: Rank) -> Bool {
            if left.group != right.group { return left.group < right.group }
            if left.turn != right.turn { return left.turn < right.turn }
            if left.place != right.place { return left.place < right.place }
            return left.number < right.number
        }
    }

    private struct Entry: Sendable {
        let rank: Rank
        let id: JobID
    }

    private var entries: [Entry]

    /// - Parameter ranked: In any order.
    init(_ ranked: [(rank: Rank, id: JobID)]) {
        entries = ranked.map { Entry(rank: $0.rank, id: $0.id) }.sorted { $0.rank < $1.rank }
    }

    /// The next one first.
    var ids: some Collection<JobID> { entries.lazy.map(\.id) }

    mutating func insert(_ id: JobID, at rank: Rank) {
        entries.insert(Entry(rank: rank, id: id), at: place(of: rank))
    }

    /// - Returns: False if the job does not stand at this rank.
    mutating func remove(_ id: JobID, at rank: Rank) -> Bool {
        let place = place(of: rank)
        guard place < entries.count, entries[place].id == id else { return false }
        entries.remove(at: place)
        return true
    }

    /// Where the first job that does not go before this rank stands.
    private func place(of rank: Rank) -> Int {
        var (low, high) = (0, entries.count)
        while low < high {
            let middle = (low + high) / 2
            if entries[middle].rank < rank { low = middle + 1 } else { high = middle }
        }
        return low
    }
}
