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

    /// A word that can be written with the pieces; nil where there is none.
    var sample: String? {
        let begins = pieces.filter { $0.hasPrefix("\u{2581}") }.map { String($0.dropFirst()) }
        return begins.first { $0.contains(where: \.isLetter) } ?? pieces.first { $0.allSatisfy(\.isLetter) }
    }

    /// A file's text; nil for one that cannot be read, or is too large.
    static func text(ofFileAt path: String) -> String? {
        bytes(ofFileAt: path).map { String(decoding: $0, as: UTF8.self) }
    }

    /// A file's bytes; nil for one that cannot be read, or is too large.
    static func bytes(ofFileAt path: String) -> [UInt8]? {
        let file = unsafe open(path, O_RDONLY | O_CLOEXEC)
        guard file >= 0 else { return nil }
        defer { close(file) }
        let size = Int(lseek(file, 0, SEEK_END))
        guard size >= 0, size <= byteLimit else { return nil }
        return unsafe [UInt8](unsafeUninitializedCapacity: size) { buffer, filled in
            filled = max(0, unsafe pread(file, buffer.baseAddress, size, 0))
        }
    }
}
