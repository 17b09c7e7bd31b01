/// The pieces of a SentencePiece model and how likely each is.
///
/// The file is a sequence of tagged fields (sentencepiece_model.proto, message ModelProto), the pieces among them.
package struct SentencePieces: Hashable, Sendable {
    /// Logarithms, by the piece.
    package private(set) var scores: [String: Float] = [:]

    /// - Returns: Nil for bytes that are no such model.
    package init?(_ bytes: [UInt8]) {
        var rest = bytes[...]
        while !rest.isEmpty {
            guard let field = Self.takeField(&rest) else { return nil }
            // ModelProto.pieces
            guard field.number == 1, let content = field.content else { continue }
            guard let piece = Self.piece(content) else { return nil }
            scores[piece.text] = piece.score
        }
        if scores.isEmpty { return nil }
    }

    private static func piece(_ bytes: ArraySlice<UInt8>) -> (text: String, score: Float)? {
        var rest = bytes
        var piece = (text: "", score: Float(0))
        while !rest.isEmpty {
            guard let field = takeField(&rest) else { return nil }
            switch field.number {
            case 1: piece.text = String(decoding: field.content ?? [], as: UTF8.self)
            case 2: piece.score = Float(bitPattern: UInt32(truncatingIfNeeded: field.value))
            default: break
            }
        }
        return piece
    }

    private struct Field {
        var number: UInt64
        var value: UInt64 = 0
        /// Nil for a number.
        var content: ArraySlice<UInt8>?
    }

    private static func takeField(_ rest: inout ArraySlice<UInt8>) -> Field? {
        guard let tag = takeNumber(&rest) else { return nil }
        var field = Field(number: tag >> 3)
        switch tag & 7 {
        case 0:
            guard let value = takeNumber(&rest) else { return nil }
            field.value = value
        case 1, 5:
            let size = tag & 7 == 1 ? 8 : 4
            guard rest.count >= size else { return nil }
            field.value = rest.prefix(size).reversed().reduce(0) { $0 << 8 | UInt64($1) }
            rest = rest.dropFirst(size)
        case 2:
            guard let count = takeNumber(&rest), count <= UInt64(rest.count) else { return nil }
            field.content = rest.prefix(Int(count))
            rest = rest.dropFirst(Int(count))
        default: return nil
        }
        return field
    }

    /// A number of seven bits in each byte, the lowest first.
    private static func takeNumber(_ rest: inout ArraySlice<UInt8>) -> UInt64? {
        var value: UInt64 = 0
        for shift in stride(from: UInt64(0), to: 64, by: 7) {
            guard let byte = rest.popFirst() else { return nil }
            value |= UInt64(byte & 0x7F) << shift
            if byte < 0x80 { return value }
        }
        return nil
    }
}
