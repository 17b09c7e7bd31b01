import Flow
import Secrets
import VoiceCore

/// The UUID by which Palaver's programs know an event.
struct PalaverEventID: Hashable, Sendable {
    private let high: UInt64
    private let low: UInt64

    /// Unlike any other (RFC 9562, section 5.4).
    static func random() -> PalaverEventID {
        PalaverEventID(.random(in: 0...UInt64.max), .random(in: 0...UInt64.max), version: 4)
    }

    /// The same for everybody who is told of the same fact (RFC 9562, section 5.8).
    init(_ event: Event, sequence: UInt64) {
        let name = "\(sequence)/\(event.at.milliseconds)/\(event.source?.rawValue ?? "")"
        let digest = SHA256.digest(Array(name.utf8))
        self.init(Self.number(digest[0..<8]), Self.number(digest[8..<16]), version: 8)
    }

    private init(_ high: UInt64, _ low: UInt64, version: UInt64) {
        self.high = high & ~0xF000 | version << 12
        self.low = low >> 2 | 1 << 63
    }

    /// In groups of 8, 4, 4, 4 and 12 digits.
    var text: String {
        let digits = Array(Self.hex(high) + Self.hex(low))
        return [0..<8, 8..<12, 12..<16, 16..<20, 20..<32].map { String(digits[$0]) }.joined(separator: "-")
    }

    private static func number(_ bytes: ArraySlice<UInt8>) -> UInt64 { bytes.reduce(0) { $0 << 8 | UInt64($1) } }

    private static func hex(_ number: UInt64) -> String {
        let digits = String(number, radix: 16)
        return String(repeating: "0", count: 16 - digits.count) + digits
    }
}
