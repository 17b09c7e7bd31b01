import JSON

/// What a message may contain, as its own parser asks for it: so no description of it can be out of date.
package struct MessageShape: Hashable, Sendable {
    /// One member.
    package struct Field: Hashable, Sendable {
        /// With a dot before each inner name.
        package let name: String
        package let kind: Kind
        package internal(set) var isRequired = false
    }

    /// What a member's value must be.
    package enum Kind: Hashable, Sendable {
        /// - Parameter limit: Bytes of UTF-8; nil for none beyond that of the message.
        case text(limit: Int?)
        /// As `Identifier.isAcceptable` has it.
        case id
        case word([String])
        case flag
        case whole(ClosedRange<Int>)
        case number(ClosedRange<Double>)
        /// A list of strings, or one string that stands for a list of one.
        case texts(limit: Int)
        /// Its members follow, with its name and a dot before theirs.
        case object
    }

    /// In the order in which they are asked for.
    package private(set) var fields: [Field] = []

    /// Learns the shape by reading a message without members, then one with those that were missed, and so on.
    ///
    /// - Parameter read: The parser of the message.
    /// - Returns: Nil if the parser finds something else to object to.
    package init?(_ read: (inout FieldReader) throws(WireError) -> Void) {
        var answers: [String: JSONValue] = [:]
        while true {
            let probe = FieldProbe(answers: answers)
            var reader = FieldReader(probe)
            do throws(WireError) {
                try read(&reader)
                fields = probe.fields.map { field in
                    var field = field
                    field.isRequired = answers[field.name] != nil
                    return field
                }
                return
            } catch {
                guard case .missingField(let name) = error, answers[name] == nil,
                    let kind = probe.fields.first(where: { $0.name == name })?.kind
                else { return nil }
                answers[name] = kind.example
            }
        }
    }
}

extension MessageShape.Kind {
    /// A value of this kind.
    fileprivate var example: JSONValue {
        switch self {
        case .text, .id: "x"
        case .word(let words): .string(words.first ?? "")
        case .flag: false
        case .whole(let range): .integer(range.lowerBound)
        case .number(let range): .double(range.lowerBound.isFinite ? range.lowerBound : 0)
        case .texts: .array(["*"])
        case .object: .object([:])
        }
    }
}
