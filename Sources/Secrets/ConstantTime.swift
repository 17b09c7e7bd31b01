/// Comparison whose duration tells nothing about where two secrets differ.
package enum ConstantTime {
    /// Only the lengths may be learnt from how long it takes.
    package static func areEqual(_ left: [UInt8], _ right: [UInt8]) -> Bool {
        guard left.count == right.count else { return false }
        var difference: UInt8 = 0
        for index in left.indices { difference |= left[index] ^ right[index] }
        return difference == 0
    }
}
