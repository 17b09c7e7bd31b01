/// Why a text is no JSON5, and where.
package struct JSON5Problem: Error, Hashable, CustomStringConvertible {
    /// What could have come instead.
    package enum Wanted: Hashable, Sendable {
        case value
        case name
        case colon
        case commaOrBrace
        case commaOrBracket
        case end
    }

    /// What is wrong.
    package enum Kind: Hashable, Sendable {
        /// More than so many bytes.
        case tooLong(limit: Int)
        /// More than so many arrays and objects in each other.
        case tooDeep(limit: Int)
        case notUTF8
        /// Nil for the end of the text.
        case unexpected(Unicode.Scalar?, wanted: Wanted)
        /// A word that is no value.
        case unknownWord(String)
        case unclosedText
        case unclosedComment
        case badEscape
        /// Half of a pair of escapes.
        case loneSurrogate
        case badNumber(String)
    }

    package let kind: Kind
    package let place: TextPlace

    package init(_ kind: Kind, at place: TextPlace) {
        self.kind = kind
        self.place = place
    }

    package var description: String { "\(place): \(kind)" }
}

extension JSON5Problem.Wanted: CustomStringConvertible {
    package var description: String {
        switch self {
        case .value: "a value"
        case .name: "a name, in quotes unless it is one word"
        case .colon: "a colon"
        case .commaOrBrace: "a comma or “}”"
        case .commaOrBracket: "a comma or “]”"
        case .end: "nothing more"
        }
    }
}

extension JSON5Problem.Kind: CustomStringConvertible {
    package var description: String {
        switch self {
        case .tooLong(let limit): "the text has more than \(limit) bytes"
        case .tooDeep(let limit): "more than \(limit) lists and objects lie in each other"
        case .notUTF8: "the text is not UTF-8; save it as such"
        case .unexpected(nil, let wanted): "the text ends here; put \(wanted)"
        case .unexpected(let scalar?, let wanted): "“\(Self.shown(scalar))” cannot stand here; put \(wanted)"
        case .unknownWord(let word): "“\(word)” means nothing; put texts in quotes"
        case .unclosedText: "this text has no end; close its quote on the same line"
        case .unclosedComment: "this comment has no end; close it with */"
        case .badEscape: "this escape means nothing; write \\\\ for a backslash"
        case .loneSurrogate: "this is half of a character; write it with two escapes, or as itself"
        case .badNumber(let text): "“\(text)” is no number; put texts in quotes"
        }
    }

    private static func shown(_ scalar: Unicode.Scalar) -> String {
        switch scalar.properties.generalCategory {
        case .control, .format, .lineSeparator, .paragraphSeparator, .unassigned, .privateUse, .surrogate:
            "U+" + String(scalar.value, radix: 16, uppercase: true)
        default: String(scalar)
        }
    }
}
