import Sound

/// The 16 bytes before the payload of a binary frame (PROTOCOL.md, section 4), little-endian.
package struct AudioFrameHeader: Hashable, Sendable {
    package static let byteCount = 16
    package static let version: UInt8 = 1

    /// What a frame is.
    package enum Kind: UInt8, Hashable, Sendable {
        case audioIn = 1
        case audioOut = 2
        /// Nothing follows on the channel.
        case end = 3
        /// The channel is to be emptied at once; channel 0 stands for all of the connection.
        case flush = 4
    }

    /// What is special about a frame.
    package struct Flags: OptionSet, Hashable, Sendable {
        package let rawValue: UInt16

        package init(rawValue: UInt16) { self.rawValue = rawValue }

        /// The first frame of a channel.
        package static let first = Flags(rawValue: 1)
        /// The sender takes this for speech.
        package static let inSpeech = Flags(rawValue: 4)
    }

    package var kind: Kind
    package var flags: Flags
    package var channel: UInt32
    /// Counts modulo 2³².
    package var sequence: UInt32
    /// In samples of the channel, modulo 2³².
    package var timestamp: UInt32

    package init(kind: Kind, flags: Flags = [], channel: UInt32, sequence: UInt32 = 0, timestamp: UInt32 = 0) {
        self.kind = kind
        self.flags = flags
        self.channel = channel
        self.sequence = sequence
        self.timestamp = timestamp
    }

    /// Reads the header of a frame; nil if it is too short, of another version or of an unknown kind.
    package init?(_ bytes: some Collection<UInt8>) {
        let header = Array(bytes.prefix(Self.byteCount))
        guard header.count == Self.byteCount, header[0] == Self.version, let kind = Kind(rawValue: header[1]) else {
            return nil
        }
        self.kind = kind
        flags = Flags(rawValue: UInt16(truncatingIfNeeded: Self.number(header[2..<4])))
        channel = Self.number(header[4..<8])
        sequence = Self.number(header[8..<12])
        timestamp = Self.number(header[12..<16])
    }

    /// The header and `samples` behind it.
    package func bytes(samples: some Collection<Int16>) -> [UInt8] { bytes(payload: PCM16.bytes(of: Array(samples))) }

    /// The header and `payload` behind it.
    package func bytes(payload: [UInt8] = []) -> [UInt8] {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(Self.byteCount + payload.count)
        bytes.append(Self.version)
        bytes.append(kind.rawValue)
        Self.append(flags.rawValue, to: &bytes)
        Self.append(channel, to: &bytes)
        Self.append(sequence, to: &bytes)
        Self.append(timestamp, to: &bytes)
        bytes += payload
        return bytes
    }

    /// What stands behind the header of a frame.
    package static func payload(of frame: some Collection<UInt8>) -> [UInt8] { Array(frame.dropFirst(byteCount)) }

    /// The samples behind the header of a frame of PCM; an odd last byte is left out.
    package static func samples(of frame: some Collection<UInt8>) -> [Int16] {
        let payload = payload(of: frame)
        return PCM16.samples(of: payload.prefix(payload.count / 2 * 2)) ?? []
    }

    private static func number(_ bytes: ArraySlice<UInt8>) -> UInt32 {
        bytes.reversed().reduce(0) { $0 << 8 | UInt32($1) }
    }

    private static func append<Number: FixedWidthInteger>(_ number: Number, to bytes: inout [UInt8]) {
        for shift in stride(from: 0, to: Number.bitWidth, by: 8) {
            bytes.append(UInt8(truncatingIfNeeded: number >> Number(shift)))
        }
    }
}
