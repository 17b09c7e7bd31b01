/// Encoded messages on their way out; whole ones may be put in front or dropped, one that has begun may not.
struct OutQueue {
    private struct Item {
        let bytes: [UInt8]
        let tag: UInt32
        let isUrgent: Bool
    }

    private var items: [Item] = []
    /// The first item that is not out.
    private var head = 0
    /// How much of it is out.
    private var headSent = 0
    /// Bytes that are not out.
    private(set) var byteCount = 0

    var isEmpty: Bool { byteCount == 0 }

    /// Items larger than this are written from where they lie.
    private static let gatherLimit = 16 * 1024

    mutating func append(_ bytes: [UInt8], tag: UInt32 = 0) {
        guard !bytes.isEmpty else { return }
        items.append(Item(bytes: bytes, tag: tag, isUrgent: false))
        byteCount += bytes.count
    }

    /// Puts a message before everything that has not begun, behind earlier urgent ones.
    mutating func appendUrgent(_ bytes: [UInt8]) {
        guard !bytes.isEmpty else { return }
        var index = firstWhole
        while index < items.count, items[index].isUrgent { index += 1 }
        items.insert(Item(bytes: bytes, tag: 0, isUrgent: true), at: index)
        byteCount += bytes.count
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
        guard !isEmpty else { return .transferred(0) }
        let first = items[head].bytes
        let outcome: TransferOutcome
        if items.count - head == 1 || first.count - headSent >= Self.gatherLimit {
            outcome = write(first.span.extracting(headSent..<first.count))
        } else {
            let count = gather(into: &scratch)
            outcome = write(scratch.span.extracting(0..<count))
        }
        if case .transferred(let count) = outcome { advance(count) }
        return outcome
    }

    private var firstWhole: Int { headSent > 0 ? head + 1 : head }

    private mutating func discard(_ isUnwanted: (Item) -> Bool) -> Int {
        let countBefore = items.count
        let kept = items[firstWhole...].filter { !isUnwanted($0) }
        items.replaceSubrange(firstWhole..., with: kept)
        byteCount = items[head...].reduce(-headSent) { $0 + $1.bytes.count }
        return countBefore - items.count
    }

    private func gather(into scratch: inout [UInt8]) -> Int {
        var filled = 0
        var offset = headSent
        for item in items[head...] {
            let count = min(item.bytes.count - offset, scratch.count - filled)
            guard count > 0 else { break }
            scratch.replaceSubrange(filled..<(filled + count), with: item.bytes[offset..<(offset + count)])
            filled += count
            offset = 0
        }
        return filled
    }

    private mutating func advance(_ count: Int) {
        byteCount -= count
        headSent += count
        while head < items.count, headSent >= items[head].bytes.count {
            headSent -= items[head].bytes.count
            head += 1
        }
        if head == items.count {
            items = []
            head = 0
        } else if head >= 64, head * 2 >= items.count {
            items.removeFirst(head)
            head = 0
        }
    }
}
