/// Hands bytes over in pieces whose sizes follow from a seed, mostly small.
struct Pieces: Sequence, IteratorProtocol {
    private var rest: ArraySlice<UInt8>
    private var state: UInt64

    init(_ bytes: ArraySlice<UInt8>, seed: UInt8) {
        rest = bytes
        state = UInt64(seed) &* 0x9E37_79B9_7F4A_7C15 | 1
    }

    mutating func next() -> [UInt8]? {
        guard !rest.isEmpty else { return nil }
        // Xorshift (Marsaglia, 2003).
        state ^= state << 13
        state ^= state >> 7
        state ^= state << 17
        let size = state & 0x300 == 0 ? Int(state & 0xFF) + 1 : Int(state & 0x7) + 1
        let piece = Array(rest.prefix(size))
        rest = rest.dropFirst(size)
        return piece
    }
}
