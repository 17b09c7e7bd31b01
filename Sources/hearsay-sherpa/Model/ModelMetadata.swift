private import Glibc

/// What the makers of an ONNX file wrote into it about itself.
///
/// The file is a sequence of tagged fields (onnx.proto, message ModelProto); the graph, which is nearly all of it, is
/// passed over.
package struct ModelMetadata: Hashable, Sendable {
    package private(set) var values: [String: String] = [:]

    /// A real file has some twenty entries, of which the longest names a few hundred speakers.
    private static let entryLimit = 1_000
    private static let entryByteLimit = 1 << 20
    /// Field numbers of ModelProto and of its entries.
    private static let entryField: UInt64 = 14
    private static let keyField: UInt64 = 1
    private static let valueField: UInt64 = 2

    /// - Returns: Nil for a file that cannot be read, or is no ONNX model.
    package init?(file path: String) {
        guard var reader = FieldReader(path: path) else { return nil }
        var fieldCount = 0
        while let field = reader.next() {
            fieldCount += 1
            guard field.number == Self.entryField else {
                reader.skip(field)
                continue
            }
            guard field.byteCount <= Self.entryByteLimit, values.count < Self.entryLimit,
                let bytes = reader.bytes(of: field), let entry = Self.entry(bytes)
            else { return nil }
            values[entry.key] = entry.value
        }
        guard reader.isAtEnd, fieldCount > 0 else { return nil }
    }

    package subscript(_ name: String) -> String? { values[name].flatMap { $0.isEmpty ? nil : $0 } }

    private static func entry(_ bytes: [UInt8]) -> (key: String, value: String)? {
        var rest = bytes[...]
        var texts: [UInt64: String] = [:]
        while !rest.isEmpty {
            guard let tag = rest.takeVariableLength(), tag & 7 == 2, let count = rest.takeVariableLength(),
                count <= rest.count
            else { return nil }
            texts[tag >> 3] = String(decoding: rest.prefix(Int(count)), as: UTF8.self)
            rest = rest.dropFirst(Int(count))
        }
        return texts[keyField].map { ($0, texts[valueField] ?? "") }
    }
}

/// One field of a message, by its number and the bytes of its content.
private struct Field {
    var number: UInt64
    var byteCount: Int
}

/// Walks over the fields of a file without reading what they hold.
private struct FieldReader: ~Copyable {
    private let file: Int32
    private let byteCount: Int
    private var position = 0

    /// A tag and a length have at most ten bytes each (protobuf, variable-length integers).
    private static let headByteCount = 20

    init?(path: String) {
        file = unsafe open(path, O_RDONLY | O_CLOEXEC)
        guard file >= 0 else { return nil }
        byteCount = Int(lseek(file, 0, SEEK_END))
    }

    deinit { if file >= 0 { close(file) } }

    var isAtEnd: Bool { position == byteCount }

    mutating func next() -> Field? {
        guard position < byteCount else { return nil }
        let bytes = read(min(Self.headByteCount, byteCount - position))
        var head = bytes[...]
        guard let tag = head.takeVariableLength() else { return nil }
        let length: Int
        switch tag & 7 {
        case 0:
            guard head.takeVariableLength() != nil else { return nil }
            length = 0
        case 1: length = 8
        case 2:
            guard let count = head.takeVariableLength(), count <= UInt64(byteCount) else { return nil }
            length = Int(count)
        case 5: length = 4
        default: return nil
        }
        let start = position + bytes.count - head.count
        guard start + length <= byteCount else { return nil }
        position = start
        return Field(number: tag >> 3, byteCount: length)
    }

    mutating func skip(_ field: Field) { position += field.byteCount }

    mutating func bytes(of field: Field) -> [UInt8]? {
        let bytes = read(field.byteCount)
        position += field.byteCount
        return bytes.count == field.byteCount ? bytes : nil
    }

    private func read(_ count: Int) -> [UInt8] {
        unsafe [UInt8](unsafeUninitializedCapacity: count) { buffer, filled in
            filled = max(0, unsafe pread(file, buffer.baseAddress, count, off_t(position)))
        }
    }
}

extension ArraySlice<UInt8> {
    /// The number that the bytes begin with, seven bits in each, the lowest first.
    fileprivate mutating func takeVariableLength() -> UInt64? {
        var value: UInt64 = 0
        for shift in stride(from: UInt64(0), to: 64, by: 7) {
            guard let byte = popFirst() else { return nil }
            value |= UInt64(byte & 0x7F) << shift
            if byte < 0x80 { return value }
        }
        return nil
    }
}
