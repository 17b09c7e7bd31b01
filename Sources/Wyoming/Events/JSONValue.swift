/// Any JSON value, since an event's data may hold keys that we do not know.
package enum JSONValue: Hashable, Sendable {
    case null
    case bool(Bool)
    case integer(Int)
    case double(Double)
    case string(String)
    case array([JSONValue])
    case object(JSONObject)
}

/// The data of an event, by key.
package typealias JSONObject = [String: JSONValue]

extension JSONValue {
    /// The text, or nil for any other kind of value.
    package var text: String? {
        if case .string(let text) = self { text } else { nil }
    }

    /// The whole number, or nil for any other kind of value; `3.0` counts as 3, since JSON knows one kind of number.
    package var whole: Int? {
        switch self {
        case .integer(let number): number
        case .double(let number): Int(exactly: number)
        default: nil
        }
    }

    /// The number, or nil for any other kind of value.
    package var number: Double? {
        switch self {
        case .integer(let number): Double(number)
        case .double(let number): number
        default: nil
        }
    }

    /// The truth value, or nil for any other kind of value.
    package var flag: Bool? {
        if case .bool(let flag) = self { flag } else { nil }
    }

    /// The elements, or none for any other kind of value.
    package var elements: [JSONValue] {
        if case .array(let elements) = self { elements } else { [] }
    }

    /// The members, or none for any other kind of value.
    package var members: JSONObject {
        if case .object(let members) = self { members } else { [:] }
    }
}

extension JSONValue: Codable {
    package init(from decoder: any Decoder) throws {
        if let members = try? decoder.container(keyedBy: AnyKey.self) {
            self = .object(try Self.members(of: members))
        } else if var list = try? decoder.unkeyedContainer() {
            self = .array(try Self.elements(of: &list))
        } else {
            self = try Self.scalar(in: decoder.singleValueContainer())
        }
    }

    package func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        switch self {
        case .null: try container.encodeNil()
        case .bool(let flag): try container.encode(flag)
        case .integer(let number): try container.encode(number)
        case .double(let number): try container.encode(number)
        case .string(let text): try container.encode(text)
        case .array(let elements): try container.encode(elements)
        case .object(let members): try container.encode(members)
        }
    }

    private struct AnyKey: CodingKey {
        let stringValue: String
        var intValue: Int? { nil }
        init(stringValue: String) { self.stringValue = stringValue }
        init?(intValue: Int) { nil }
    }

    private static func members(of container: KeyedDecodingContainer<AnyKey>) throws -> JSONObject {
        var members = JSONObject(minimumCapacity: container.allKeys.count)
        for key in container.allKeys {
            members[key.stringValue] = try container.decode(JSONValue.self, forKey: key)
        }
        return members
    }

    private static func elements(of container: inout any UnkeyedDecodingContainer) throws -> [JSONValue] {
        var elements: [JSONValue] = []
        while !container.isAtEnd { elements.append(try container.decode(JSONValue.self)) }
        return elements
    }

    private static func scalar(in container: any SingleValueDecodingContainer) throws -> JSONValue {
        if container.decodeNil() { return .null }
        if let number = try? container.decode(Int.self) { return .integer(number) }
        if let text = try? container.decode(String.self) { return .string(text) }
        if let flag = try? container.decode(Bool.self) { return .bool(flag) }
        return .double(try container.decode(Double.self))
    }
}
