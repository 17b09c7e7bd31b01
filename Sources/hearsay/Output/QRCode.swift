import CQREncode

/// A QR code as dark and light squares.
struct QRCode: Hashable, Sendable {
    /// Squares on each side, without the light margin.
    let width: Int
    /// Row by row; true is dark.
    private let modules: [Bool]

    /// - Returns: nil when the text does not fit into a code.
    init?(_ text: String) {
        guard let code = unsafe QRcode_encodeString8bit(text, 0, QR_ECLEVEL_L) else { return nil }
        defer { unsafe QRcode_free(code) }
        width = unsafe Int(code.pointee.width)
        let bytes = unsafe UnsafeBufferPointer(start: code.pointee.data, count: width * width)
        // The lowest bit tells dark from light (qrencode.h, struct QRcode).
        modules = unsafe bytes.map { $0 & 1 == 1 }
    }

    /// Lines for a terminal, two squares a character, black on white whatever its colours are.
    func lines(margin: Int = 2) -> [String] {
        let range = -margin..<(width + margin)
        return stride(from: range.lowerBound, to: range.upperBound, by: 2).map { row in
            let squares = range.map { Self.glyph(top: isDark(row, $0), bottom: isDark(row + 1, $0)) }
            return "\u{1B}[38;5;16;48;5;231m" + squares.joined() + "\u{1B}[0m"
        }
    }

    func isDark(_ row: Int, _ column: Int) -> Bool {
        (0..<width).contains(row) && (0..<width).contains(column) && modules[row * width + column]
    }

    private static func glyph(top: Bool, bottom: Bool) -> String {
        switch (top, bottom) {
        case (true, true): "█"
        case (true, false): "▀"
        case (false, true): "▄"
        case (false, false): " "
        }
    }
}
