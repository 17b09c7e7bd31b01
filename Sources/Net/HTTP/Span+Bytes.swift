extension Span where Element == UInt8 {
    /// A copy of these bytes.
    func copied() -> [UInt8] { unsafe withUnsafeBufferPointer { unsafe Array($0) } }

    /// The bytes as text: UTF-8 where valid, else one scalar per byte, so that nothing is lost.
    func text() -> String {
        if let text = unsafe withUnsafeBufferPointer({ unsafe String(validating: $0, as: UTF8.self) }) { return text }
        var text = ""
        for byte in copied() { text.unicodeScalars.append(Unicode.Scalar(byte)) }
        return text
    }

    /// Whether all bytes pass `test`.
    func allPass(_ test: (UInt8) -> Bool) -> Bool {
        var index = 0
        while index < count {
            if !test(self[index]) { return false }
            index += 1
        }
        return true
    }

    /// The place of the first `byte`.
    func firstIndex(of byte: UInt8, from start: Int = 0) -> Int? {
        var index = start
        while index < count {
            if self[index] == byte { return index }
            index += 1
        }
        return nil
    }
}

extension [UInt8] {
    /// Appends a copy of `bytes`.
    mutating func append(copying bytes: Span<UInt8>) {
        unsafe bytes.withUnsafeBufferPointer { unsafe append(contentsOf: $0) }
    }
}
