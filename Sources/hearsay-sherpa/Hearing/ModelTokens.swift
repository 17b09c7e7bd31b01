private import Glibc

/// The pieces of text that a model knows, from its file of a piece and a number in each line.
package struct ModelTokens: Hashable, Sendable {
    /// In the file's order.
    package private(set) var pieces: [String] = []

    /// The largest vocabularies have 150,000 pieces.
    private static let byteLimit = 8 << 20

    /// - Returns: Nil for a file that cannot be read.
    package init?(file path: String) {
        guard let text = Self.text(ofFileAt: path) else { return nil }
        self.init(text)
    }

    package init(_ text: String) {
        pieces = text.split(whereSeparator: \.isNewline).compactMap { line in
            line.lastIndex(of: " ").map { String(line[..<$0]) }
        }
    }

    /// Whether it writes capital letters alone, which say nothing then.
    package var isUppercase: Bool {
        let letters = pieces.lazy.filter { !$0.hasPrefix("<") }.flatMap(\.unicodeScalars)
        return letters.contains { $0.properties.isUppercase } && !letters.contains { $0.properties.isLowercase }
    }

    /// A file's text; nil for one that cannot be read, or is too large.
    static func text(ofFileAt path: String) -> String? {
        let file = unsafe open(path, O_RDONLY | O_CLOEXEC)
        guard file >= 0 else { return nil }
        defer { close(file) }
        let size = Int(lseek(file, 0, SEEK_END))
        guard size >= 0, size <= byteLimit else { return nil }
        let bytes = unsafe [UInt8](unsafeUninitializedCapacity: size) { buffer, filled in
            filled = max(0, unsafe pread(file, buffer.baseAddress, size, 0))
        }
        return String(decoding: bytes, as: UTF8.self)
    }
}
