/// Bytes that were read and not used yet.
struct InputBuffer {
    private(set) var bytes: [UInt8] = []
    /// Where the unused part begins.
    private(set) var start = 0

    var count: Int { bytes.count - start }

    mutating func append(copying piece: Span<UInt8>) {
        if start > 0, start >= bytes.count / 2 {
            bytes.removeFirst(start)
            start = 0
        }
        bytes.append(copying: piece)
    }

    /// Marks the first `count` unused bytes as used; an empty buffer owns no memory.
    mutating func consume(_ count: Int) {
        start += count
        if start == bytes.count { self = InputBuffer() }
    }
}
