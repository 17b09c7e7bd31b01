internal import Flow

/// What waits to be written: of each key the newest value, or that it is forgotten.
///
/// Changes are taken at once and written soon, several in one step; there are never more of them than keys.
final class NewestChanges<Key: Hashable & Sendable, Value: Hashable & Sendable>: Sendable {
    enum Change: Hashable, Sendable {
        case keep(Value)
        case forget
    }

    private let waiting = Monitor<[Key: Change]>([:])

    func keep(_ value: Value, as key: Key) { waiting.update { $0[key] = .keep(value) } }

    func forget(_ key: Key) { waiting.update { $0[key] = .forget } }

    /// What waits to be written of a key; nil for nothing.
    subscript(_ key: Key) -> Change? { waiting.withLock { $0[key] } }

    /// Writes until cancelled, and then what is left.
    ///
    /// - Parameter write: Returns whether it could; what it could not write is tried again later.
    func run(_ timeline: Timeline, write: (_ kept: [Value], _ forgotten: [Key]) async -> Bool) async {
        await WritingLoop.run(timeline) {
            await waiting.wait { $0.isEmpty ? nil : true } != nil
        } write: {
            await writeSome(write)
        }
        _ = await writeSome(write)
    }

    /// - Returns: Whether some were written; nil if there were none.
    private func writeSome(_ write: (_ kept: [Value], _ forgotten: [Key]) async -> Bool) async -> Bool? {
        let changes = waiting.withLock { $0 }
        guard !changes.isEmpty else { return nil }
        let kept = changes.values.compactMap { if case .keep(let value) = $0 { value } else { nil } }
        let forgotten = changes.filter { $0.value == .forget }.map(\.key)
        guard await write(kept, forgotten) else { return false }
        waiting.withLock { waiting in
            for (key, change) in changes where waiting[key] == change { waiting.removeValue(forKey: key) }
        }
        return true
    }
}
