/// Every way to hand over `bytes` that a parser must not notice: whole, in two at each place, and byte by byte.
func splits(of bytes: [UInt8]) -> [[[UInt8]]] {
    let inTwo = bytes.indices.dropFirst().map { [Array(bytes[..<$0]), Array(bytes[$0...])] }
    return [[bytes]] + inTwo + [bytes.map { [$0] }]
}
