/// Those who wait until little enough is unsent.
struct RoomQuestions {
    private struct Pending {
        let number: UInt64
        let byteCount: Int
    }

    private var pending: [Pending] = []

    /// Keeps a question until at most `byteCount` bytes are unsent.
    mutating func ask(_ number: UInt64, within byteCount: Int) {
        pending.append(Pending(number: number, byteCount: byteCount))
    }

    /// Takes out those that are answered by so many unsent bytes.
    mutating func answered(byUnsent unsent: Int) -> [UInt64] {
        guard !pending.isEmpty else { return [] }
        let answered = pending.filter { unsent <= $0.byteCount }
        pending.removeAll { unsent <= $0.byteCount }
        return answered.map(\.number)
    }
}
