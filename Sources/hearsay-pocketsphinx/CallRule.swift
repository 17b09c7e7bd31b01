/// The calls for attention that a grammar knows: its rule `<call>`.
struct CallRule {
    private let words: Set<String>

    /// - Parameter grammar: May have no such rule.
    init(in grammar: String) {
        guard let start = grammar.firstRange(of: "<call> = ")?.upperBound,
            let end = grammar[start...].firstIndex(of: ";")
        else {
            words = []
            return
        }
        words = Set(grammar[start..<end].split { !$0.isLetter && $0 != "'" }.map(String.init))
    }

    /// How many words at the beginning of an order belong to a call.
    func count(in order: [String]) -> Int { order.prefix { words.contains($0) }.count }
}
