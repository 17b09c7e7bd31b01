/// Why a message could not be read.
package enum WireError: Error, Hashable, Sendable {
    case invalidUTF8
    case invalidJSON
    /// Nested too deep, or with a number too long.
    case tooComplex
    case unknownCommand(String)
    case unknownField(String)
    case unknownEvent(String)
    case missingField(String)
    case wrongType(field: String, wanted: String)
    case outOfRange(field: String, allowed: String)
    /// A command or field that the protocol knows and this server does not.
    case notSupported(String)
    /// No `multipart/form-data`, or one whose parts cannot be told apart.
    case invalidForm

    /// The stable code.
    package var code: ErrorCode {
        switch self {
        case .invalidUTF8: .invalidUTF8
        case .invalidJSON, .tooComplex: .invalidJSON
        case .unknownCommand: .unknownCommand
        case .unknownField: .unknownField
        case .unknownEvent: .unknownEvent
        case .missingField: .missingField
        case .wrongType: .wrongType
        case .outOfRange: .outOfRange
        case .notSupported: .notSupported
        case .invalidForm: .invalidForm
        }
    }

    /// What to do, where its code says it less well; empty where the description has said it.
    var advice: String? {
        if case .wrongType = self { "" } else { nil }
    }

    /// The field it is about.
    package var field: String? {
        switch self {
        case .unknownField(let field), .missingField(let field), .wrongType(let field, _), .outOfRange(let field, _):
            field.isEmpty ? nil : field.shortened
        case .invalidUTF8, .invalidJSON, .tooComplex, .unknownCommand, .unknownEvent, .notSupported, .invalidForm: nil
        }
    }
}

extension WireError: CustomStringConvertible {
    package var description: String {
        switch self {
        case .invalidUTF8: "the message is not UTF-8"
        case .invalidJSON: "the message is not JSON"
        case .tooComplex:
            "the message nests deeper than \(JSONText.depthLimit) levels or holds a number of more than "
                + "\(JSONText.numberLengthLimit) characters"
        case .unknownCommand(let name): "there is no command \"\(name.shortened)\""
        case .unknownField(let field): "there is no field \"\(field.shortened)\" here"
        case .unknownEvent(let name): "there is no event \"\(name.shortened)\""
        case .missingField(let field): "the field \"\(field)\" is missing"
        case .wrongType(let field, let wanted):
            field.isEmpty ? "the message must be \(wanted)" : "the field \"\(field)\" must be \(wanted)"
        case .outOfRange(let field, let allowed): "the field \"\(field)\" allows \(allowed)"
        case .invalidForm: "the body is no complete multipart/form-data"
        case .notSupported(let name): "\"\(name.shortened)\" is not supported by this server"
        }
    }
}

extension String {
    /// What a client sent, cut so that an answer never grows with it.
    fileprivate var shortened: String { count > 64 ? prefix(64) + "…" : self }
}
