import JSON

/// Turns samples of any type that NumPy knows into little-endian floats from -1 to 1, and back.
enum PalaverSamples {
    /// For people.
    static let typeNames = "float32, float64, int16 or int32"

    static func knows(_ type: String) -> Bool { floats(of: [], type) != nil }

    /// - Parameter type: As NumPy writes it: `float32`, `float64`, `int16` or `int32`, with `<` before it or without.
    /// - Returns: Nil for another type, and for bytes that are no whole number of samples.
    static func floats(of bytes: [UInt8], _ type: String) -> [UInt8]? {
        switch type.drop(while: { $0 == "<" || $0 == "=" }) {
        case "float32", "f4": bytes.count.isMultiple(of: 4) ? bytes : nil
        case "float64", "f8": convert(bytes, 8) { Float(Double(bitPattern: $0)) }
        case "int16", "i2": convert(bytes, 2) { Float(Int16(truncatingIfNeeded: $0)) / 32_768 }
        case "int32", "i4": convert(bytes, 4) { Float(Int32(truncatingIfNeeded: $0)) / 2_147_483_648 }
        default: nil
        }
    }

    /// - Parameter rows: Numbers, or lists of one number for each channel.
    /// - Returns: Nil where something else stands among them, or the lists' lengths differ.
    static func floats(ofRows rows: [JSONValue]) -> (floats: [UInt8], width: Int)? {
        let width = rows.first?.elements?.count ?? 1
        guard width > 0, rows.allSatisfy({ ($0.elements?.count ?? 1) == width }) else { return nil }
        var floats: [UInt8] = []
        floats.reserveCapacity(rows.count * width * 4)
        for row in rows {
            for value in row.elements ?? [row] {
                guard let number = value.number else { return nil }
                append(Float(number), to: &floats)
            }
        }
        return (floats, width)
    }

    /// Lists of one number for each channel, as the later version sends audio.
    static func rows(of floats: [UInt8], channelCount: Int) -> JSONValue {
        let values = stride(from: 0, to: floats.count, by: 4).map { place in
            var bits: UInt32 = 0
            for index in 0..<4 { bits |= UInt32(floats[place + index]) << UInt32(8 * index) }
            let value = Float(bitPattern: bits)
            return JSONValue.double(value.isFinite ? Double(value) : 0)
        }
        return .array(
            stride(from: 0, to: values.count, by: channelCount).map { .array(Array(values[$0..<$0 + channelCount])) })
    }

    private static func convert(_ bytes: [UInt8], _ width: Int, _ value: (UInt64) -> Float) -> [UInt8]? {
        guard bytes.count.isMultiple(of: width) else { return nil }
        var floats: [UInt8] = []
        floats.reserveCapacity(bytes.count / width * 4)
        for start in stride(from: 0, to: bytes.count, by: width) {
            var bits: UInt64 = 0
            for index in 0..<width { bits |= UInt64(bytes[start + index]) << UInt64(8 * index) }
            append(value(bits), to: &floats)
        }
        return floats
    }

    private static func append(_ value: Float, to floats: inout [UInt8]) {
        for index in 0..<4 { floats.append(UInt8(truncatingIfNeeded: value.bitPattern >> UInt32(8 * index))) }
    }
}
