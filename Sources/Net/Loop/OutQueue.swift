/// Encoded messages on their way out; whole ones may be put in front or dropped, one that has begun may not.
struct OutQueue {
    private struct Item {
        /// Shared with everybody else who sends the same.
        var bytes: [UInt8]
        let tag: UInt32
        let isUrgent: Bool
    }

    /// What goes out next; a queue of one owns no array, and at a live rate most are that short.
    private var first: Item?
    /// How much of it is out.
    private var firstSent = 0
    /// What goes out behind it, from `start` on.
    private var rest: [Item] = []
    private var start = 0
    /// Bytes that are not out.
    private(set) var byteCount = 0

    var isEmpty: Bool { byteCount == 0 }

    /// Items larger than this are written from where they lie.
    private static let gatherLimit = 16 * 1024

    mutating func append(_ bytes: [UInt8], tag: UInt32 = 0) {
        guard !bytes.isEmpty else { return }
        let item = Item(bytes: bytes, tag: tag, isUrgent: false)
        if first == nil { first = item } else { rest.append(item) }
        byteCount += bytes.count
    }

    /// Puts a message before everything that has not begun, behind earlier urgent ones.
    mutating func appendUrgent(_ bytes: [UInt8]) {
        guard !bytes.isEmpty else { return }
        byteCount += bytes.count
        let item = Item(bytes: bytes, tag: 0, isUrgent: true)
        guard let first else { return first = item }
        if firstSent == 0, !first.isUrgent {
            rest.insert(first, at: start)
            self.first = item
        } else {
            rest.insert(item, at: rest[start...].firstIndex { !$0.isUrgent } ?? rest.count)
        }
    }

    /// Drops what carries `tag` and has not begun.
    ///
    /// - Returns: How many messages that were.
    @discardableResult
    mutating func discard(tag: UInt32) -> Int { discard { $0.tag == tag } }

    /// Drops everything that has not begun.
    mutating func discardAll() { _ = discard { _ in true } }

    /// Hands the next bytes to `write`: one large item, or as many small ones as `scratch` holds.
    ///
    /// - Parameter write: Returns how much went out.
    mutating func writeNext(
        gatheringIn scratch: inout [UInt8], _ write: (Span<UInt8>) -> TransferOutcome
    ) -> TransferOutcome {
        guard let bytes = first?.bytes else { return .transferred(0) }
        let outcome: TransferOutcome
        if rest.isEmpty || bytes.count - firstSent >= Self.gatherLimit {
            outcome = write(bytes.span.extracting(firstSent..<bytes.count))
        } else {
            let count = gather(into: &scratch)
            outcome = write(scratch.span.extracting(0..<count))
        }
        if case .transferred(let count) = outcome { advance(count) }
        return outcome
    }

    private mutating func discard(_ isUnwanted: (Item) -> Bool) -> Int {
        let countBefore = rest.count - start
        rest = rest[start...].filter { !isUnwanted($0) }
        start = 0
        var dropped = countBefore - rest.count
        if firstSent == 0, let item = first, isUnwanted(item) {
            shift()
            dropped += 1
        }
        byteCount = rest[start...].reduce((first?.bytes.count ?? 0) - firstSent) { $0 + $1.bytes.count }
        return dropped
    }

    private func gather(into scratch: inout [UInt8]) -> Int {
        var filled = 0
        if let first { filled += Self.copy(first.bytes, from: firstSent, into: &scratch, at: 0) }
        for item in rest[start...] where filled < scratch.count {
            filled += Self.copy(item.bytes, from: 0, into: &scratch, at: filled)
        }
        return filled
    }

    private static func copy(_ bytes: [UInt8], from offset: Int, into scratch: inout [UInt8], at place: Int) -> Int {
        let count = min(bytes.count - offset, scratch.count - place)
        unsafe scratch.withUnsafeMutableBytes { target in
            unsafe bytes.withUnsafeBytes { source in
                unsafe target[place..<(place + count)].copyBytes(from: source[offset..<(offset + count)])
            }
        }
        return count
    }

    private mutating func advance(_ count: Int) {
        byteCount -= count
        firstSent += count
        while let item = first, firstSent >= item.bytes.count {
            firstSent -= item.bytes.count
            shift()
        }
    }

    /// Lets go of the first.
    private mutating func shift() {
        guard start < rest.count else { return first = nil }
        first = rest[start]
        rest[start].bytes = []
        start += 1
        if start == rest.count {
            rest = []
            start = 0
        } else if start >= 64, start * 2 >= rest.count {
            rest.removeFirst(start)
            start = 0
        }
    }
}
