/// What goes over the connection of a detector, once `detect` was answered by `detecting`: records of one size each way.
///
/// Windows are so short and so many that events would cost more than the detector. Numbers are little-endian.
package enum DetectionRecord {
    /// Begins the records; both sides send them from `answer` on.
    package static let request = RawEvent(type: "detect")
    package static let answer = RawEvent(type: "detecting")

    /// Samples of a window.
    package static let sampleCount = 512
}

/// A window that is to be judged.
package struct DetectionQuestion: Hashable, Sendable {
    /// What is to be done with the window.
    package enum Purpose: UInt32, Sendable {
        /// The window follows the last one of its stream.
        case follows = 0
        /// Everything before is to be forgotten.
        case begins = 1
        /// There is no window and there will be none; not answered.
        case ends = 2
    }

    package var stream: UInt32
    package var sequence: UInt32
    package var purpose: Purpose
    /// `DetectionRecord.sampleCount` of them.
    package var samples: [Int16]

    package static let byteCount = 12 + 2 * DetectionRecord.sampleCount

    package init(stream: UInt32, sequence: UInt32, purpose: Purpose, samples: [Int16]) {
        self.stream = stream
        self.sequence = sequence
        self.purpose = purpose
        self.samples = samples
    }

    /// - Parameter bytes: `byteCount` of them.
    /// - Returns: Nil for an unknown purpose.
    package init?(_ bytes: ArraySlice<UInt8>) {
        precondition(bytes.count == Self.byteCount, "records are of one size")
        var numbers = NumberReader(bytes)
        stream = numbers.next()
        sequence = numbers.next()
        guard let purpose = Purpose(rawValue: numbers.next()) else { return nil }
        self.purpose = purpose
        samples = (0..<DetectionRecord.sampleCount).map { _ in numbers.next() }
    }

    /// Appends it as it goes over the wire.
    package func write(to bytes: inout [UInt8]) {
        bytes.append(number: stream)
        bytes.append(number: sequence)
        bytes.append(number: purpose.rawValue)
        for index in 0..<DetectionRecord.sampleCount {
            bytes.append(number: index < samples.count ? samples[index] : 0)
        }
    }
}

/// How likely a window holds speech.
package struct DetectionAnswer: Hashable, Sendable {
    package var stream: UInt32
    package var sequence: UInt32
    /// 0 to 1.
    package var probability: Float

    package static let byteCount = 12

    package init(stream: UInt32, sequence: UInt32, probability: Float) {
        self.stream = stream
        self.sequence = sequence
        self.probability = probability
    }

    /// - Parameter bytes: `byteCount` of them.
    package init(_ bytes: ArraySlice<UInt8>) {
        precondition(bytes.count == Self.byteCount, "records are of one size")
        var numbers = NumberReader(bytes)
        stream = numbers.next()
        sequence = numbers.next()
        probability = Float(bitPattern: numbers.next())
    }

    /// Appends it as it goes over the wire.
    package func write(to bytes: inout [UInt8]) {
        bytes.append(number: stream)
        bytes.append(number: sequence)
        bytes.append(number: probability.bitPattern)
    }
}

private struct NumberReader {
    private var rest: ArraySlice<UInt8>

    init(_ bytes: ArraySlice<UInt8>) {
        rest = bytes
    }

    mutating func next<Number: FixedWidthInteger>() -> Number {
        let size = Number.bitWidth / 8
        let number = rest.prefix(size).reversed().reduce(Number.zero) { $0 << 8 | Number(truncatingIfNeeded: $1) }
        rest = rest.dropFirst(size)
        return number
    }
}

extension [UInt8] {
    fileprivate mutating func append(number: some FixedWidthInteger) {
        var rest = number
        for _ in 0..<number.bitWidth / 8 {
            append(UInt8(truncatingIfNeeded: rest))
            rest >>= 8
        }
    }
}
