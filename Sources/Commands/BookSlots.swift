/// What a book says may be said for slots, for all its phrases: its section `[slots]`.
struct BookSlots {
    private(set) var values: [String: PhraseSlot] = [:]
    /// The lines of the section, from 1.
    private(set) var lines: Set<Int> = []

    private static let name = "[slots]"

    /// - Parameter book: The lines of a book, without comments and outer spaces.
    init(_ book: [String]) throws(BookError) {
        var isInside = false
        for (index, line) in book.enumerated() {
            if line.hasPrefix("[") { isInside = line.filter { !$0.isWhitespace } == Self.name }
            guard isInside, !line.isEmpty else { continue }
            lines.insert(index + 1)
            if !line.hasPrefix("[") { try read(line, index + 1) }
        }
    }

    private mutating func read(_ line: String, _ number: Int) throws(BookError) {
        let parts = line.split(separator: "=", maxSplits: 1).map { CommandBook.trimmed($0) }
        guard parts.count == 2 else { throw BookError(line: number, problem: .noValue) }
        guard !parts[0].isEmpty, parts[0].allSatisfy({ $0.isLetter || $0.isNumber || $0 == "_" }) else {
            throw BookError(line: number, problem: .badSlotName(parts[0]))
        }
        guard values[parts[0]] == nil else { throw BookError(line: number, problem: .twice(parts[0])) }
        do {
            values[parts[0]] = try PhraseSlot(parts[1])
        } catch {
            throw BookError(line: number, problem: .badPhrase(error))
        }
    }
}
