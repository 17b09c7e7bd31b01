/// One look over JSON before it is decoded: is it bounded, and what stands behind a top-level member's name.
///
/// Bytes that are not JSON give some answer, never a fault.
package struct JSONScan: Sendable {
    /// What stands behind a name.
    package enum Member: Hashable, Sendable {
        case absent
        /// A string, number, truth value or null, exactly as written.
        case scalar([UInt8])
        case compound
    }

    private let bytes: [UInt8]

    package init(_ bytes: [UInt8]) {
        self.bytes = bytes
    }

    /// Whether depth and the length of numbers stay below the limits of `JSONText`.
    package var isBounded: Bool {
        var depth = 0
        var run = 0
        var index = 0
        while index < bytes.count {
            switch bytes[index] {
            case UInt8(ascii: "\""):
                index = endOfString(from: index)
                run = 0
                continue
            case UInt8(ascii: "{"), UInt8(ascii: "["): depth += 1
            case UInt8(ascii: "}"), UInt8(ascii: "]"): depth -= 1
            default: break
            }
            run = Self.isScalarByte(bytes[index]) ? run + 1 : 0
            if depth > JSONText.depthLimit || run > JSONText.numberLengthLimit { return false }
            index += 1
        }
        return true
    }

    /// The first member of the top-level object with this name, which is free of escapes.
    package func member(_ name: String) -> Member {
        let quoted = Array("\"\(name)\"".utf8)
        var depth = 0
        var index = 0
        while index < bytes.count {
            let start = index
            switch bytes[index] {
            case UInt8(ascii: "\""):
                index = endOfString(from: index)
                if depth == 1, bytes[start..<index].elementsEqual(quoted), let value = valueStart(after: index) {
                    return member(at: value)
                }
                continue
            case UInt8(ascii: "{"), UInt8(ascii: "["): depth += 1
            case UInt8(ascii: "}"), UInt8(ascii: "]"): depth -= 1
            default: break
            }
            index += 1
        }
        return .absent
    }

    /// - Returns: The index behind the closing quote, or the end.
    private func endOfString(from start: Int) -> Int {
        var index = start + 1
        while index < bytes.count, bytes[index] != UInt8(ascii: "\"") {
            index += bytes[index] == UInt8(ascii: "\\") ? 2 : 1
        }
        return min(index + 1, bytes.count)
    }

    private func valueStart(after name: Int) -> Int? {
        let colon = bytes[name...].firstIndex { !Self.isSpace($0) }
        guard let colon, bytes[colon] == UInt8(ascii: ":") else { return nil }
        return bytes[(colon + 1)...].firstIndex { !Self.isSpace($0) }
    }

    private func member(at start: Int) -> Member {
        if bytes[start] == UInt8(ascii: "\"") { return .scalar(Array(bytes[start..<endOfString(from: start)])) }
        let scalar = bytes[start...].prefix(while: Self.isScalarByte)
        return scalar.isEmpty ? .compound : .scalar(Array(scalar))
    }

    private static func isSpace(_ byte: UInt8) -> Bool {
        byte == 0x20 || byte == 0x09 || byte == 0x0A || byte == 0x0D
    }

    /// What numbers, `true`, `false` and `null` are made of.
    private static func isScalarByte(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "E"),
            UInt8(ascii: "+"), UInt8(ascii: "-"), UInt8(ascii: "."):
            true
        default: false
        }
    }
}
