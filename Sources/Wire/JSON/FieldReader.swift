package import VoiceCore
import JSON

/// Reads the members of a JSON object one by one, and knows at the end which were not asked for.
///
/// `null` counts as absent. Every failure names the field, with a dot before each inner name.
package struct FieldReader {
    private var members: [String: JSONValue]
    private let prefix: String
    /// Who wants to know what is asked for; nil where a message is read.
    private let probe: FieldProbe?

    /// - Throws: `invalidUTF8`, `invalidJSON`, `tooComplex`, or `wrongType` if it is no object.
    package init(_ bytes: [UInt8]) throws(WireError) {
        let value: JSONValue = try JSONText.value(of: bytes)
        guard case .object(let members) = value else { throw .wrongType(field: "", wanted: "an object") }
        self.init(members: members, prefix: "")
    }

    private init(members: [String: JSONValue], prefix: String, probe: FieldProbe? = nil) {
        self.members = members
        self.prefix = prefix
        self.probe = probe
    }

    /// Reads a message that nobody wrote, to learn what is asked for.
    init(_ probe: FieldProbe) {
        self.init(members: [:], prefix: "", probe: probe)
    }

    /// - Throws: `unknownField` for a member that nobody has taken.
    package func end() throws(WireError) {
        if let name = members.keys.min() { throw .unknownField(prefix + name) }
    }

    /// Refuses fields that are documented but not built.
    package func refuse(_ names: String...) throws(WireError) {
        for name in names where members[name] != nil && members[name] != .null {
            throw .notSupported(prefix + name)
        }
    }

    /// Leaves a member out of account.
    package mutating func skip(_ name: String) {
        members.removeValue(forKey: name)
    }

    /// - Throws: `missingField` if the value is nil.
    package func need<Value>(_ name: String, _ value: Value?) throws(WireError) -> Value {
        guard let value else { throw .missingField(prefix + name) }
        return value
    }

    /// - Parameter limit: Bytes of UTF-8; nil for none beyond that of the message.
    package mutating func text(_ name: String, limit: Int? = 256) throws(WireError) -> String? {
        probe?.note(prefix + name, .text(limit: limit))
        guard let value = take(name) else { return nil }
        guard let text = value.text else { throw wrongType(name, "a string") }
        if let limit, text.utf8.count > limit {
            throw .outOfRange(field: prefix + name, allowed: "at most \(limit) bytes")
        }
        return text
    }

    /// True or false.
    package mutating func flag(_ name: String) throws(WireError) -> Bool? {
        probe?.note(prefix + name, .flag)
        guard let value = take(name) else { return nil }
        guard let flag = value.flag else { throw wrongType(name, "true or false") }
        return flag
    }

    /// A number without a fraction.
    package mutating func whole(_ name: String, in range: ClosedRange<Int>) throws(WireError) -> Int? {
        probe?.note(prefix + name, .whole(range))
        guard let value = take(name) else { return nil }
        guard value.number != nil else { throw wrongType(name, "a whole number") }
        guard let number = value.whole else { throw wrongType(name, "a whole number") }
        guard range.contains(number) else { throw outOfRange(name, range.lowerBound, range.upperBound) }
        return number
    }

    /// Any number.
    package mutating func number(_ name: String, in range: ClosedRange<Double>) throws(WireError) -> Double? {
        probe?.note(prefix + name, .number(range))
        guard let value = take(name) else { return nil }
        guard let number = value.number else { throw wrongType(name, "a number") }
        guard range.contains(number) else { throw outOfRange(name, range.lowerBound, range.upperBound) }
        return number
    }

    /// A length of time; fractions of a millisecond are kept.
    package mutating func milliseconds(_ name: String, upTo limit: Double) throws(WireError) -> Duration? {
        try number(name, in: 0...limit).map { .microseconds(Int64($0 * 1_000)) }
    }

    /// A list of strings, or one string that stands for a list of one.
    package mutating func texts(_ name: String, limit: Int = 64) throws(WireError) -> [String]? {
        probe?.note(prefix + name, .texts(limit: limit))
        guard let value = take(name) else { return nil }
        guard let elements = value.text.map({ [.string($0)] }) ?? value.elements else {
            throw wrongType(name, "a list of strings")
        }
        guard elements.count <= limit else {
            throw .outOfRange(field: prefix + name, allowed: "at most \(limit) items")
        }
        return try elements.map { element throws(WireError) in
            guard let text = element.text else { throw wrongType(name, "a list of strings") }
            return text
        }
    }

    /// An id, as `Identifier.isAcceptable` has it.
    package mutating func id<Subject>(
        _ name: String, as type: Identifier<Subject>.Type = Identifier<Subject>.self
    ) throws(WireError) -> Identifier<Subject>? {
        probe?.note(prefix + name, .id)
        guard let text = try text(name) else { return nil }
        let id = Identifier<Subject>(text)
        guard id.isAcceptable else {
            throw .outOfRange(field: prefix + name, allowed: Identifier<Subject>.allowed)
        }
        return id
    }

    /// One of the words that a type knows.
    package mutating func word<Word: RawRepresentable & CaseIterable>(
        _ name: String, as type: Word.Type = Word.self
    ) throws(WireError) -> Word? where Word.RawValue == String {
        probe?.note(prefix + name, .word(Word.allCases.map(\.rawValue)))
        guard let text = try text(name) else { return nil }
        guard let word = Word(rawValue: text) else {
            let words = Word.allCases.map(\.rawValue).joined(separator: ", ")
            throw .outOfRange(field: prefix + name, allowed: words)
        }
        return word
    }

    /// An object inside; its own `end` must be asked for too.
    package mutating func object(_ name: String) throws(WireError) -> FieldReader? {
        if let probe {
            probe.note(prefix + name, .object)
            return FieldReader(members: [:], prefix: prefix + name + ".", probe: probe)
        }
        guard let value = take(name) else { return nil }
        guard case .object(let members) = value else { throw wrongType(name, "an object") }
        return FieldReader(members: members, prefix: prefix + name + ".")
    }

    private mutating func take(_ name: String) -> JSONValue? {
        let value = members.removeValue(forKey: name) ?? probe?.answers[prefix + name]
        return value == .null ? nil : value
    }

    private func wrongType(_ name: String, _ wanted: String) -> WireError {
        .wrongType(field: prefix + name, wanted: wanted)
    }

    private func outOfRange(_ name: String, _ low: some Any, _ high: some Any) -> WireError {
        .outOfRange(field: prefix + name, allowed: "\(low) to \(high)")
    }
}
