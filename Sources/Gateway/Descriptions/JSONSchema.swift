import JSON
import Wire

/// JSON Schema of messages, in the dialect of 2020-12 that OpenAPI 3.1 and AsyncAPI 3.0 share.
enum JSONSchema {
    static let text: JSONValue = .object(["type": "string"])
    static let flag: JSONValue = .object(["type": "boolean"])
    static let anything: JSONValue = .object(["type": "object"])

    static func word(_ words: [String]) -> JSONValue {
        .object(["type": "string", "enum": .array(words.map(JSONValue.string))])
    }

    static func reference(_ name: String) -> JSONValue { .object(["$ref": .string("#/components/schemas/\(name)")]) }

    /// An object whose members are all known, since the server refuses any other.
    static func object(_ properties: JSONObject, required: [String] = []) -> JSONValue {
        var members: JSONObject = ["type": "object", "properties": .object(properties), "additionalProperties": false]
        if !required.isEmpty { members["required"] = .array(required.map(JSONValue.string)) }
        return .object(members)
    }

    /// - Parameter fixed: Members that stand beside those of the shape, all of them required.
    static func object(_ shape: MessageShape, fixed: JSONObject = [:], optional: JSONObject = [:]) -> JSONValue {
        let own = members(of: shape, below: "")
        let required = fixed.keys.sorted() + own.required
        return object(own.properties.merging(fixed) { $1 }.merging(optional) { $1 }, required: required)
    }

    /// - Parameter prefix: Of the names of an inner object, with the dot.
    private static func members(of shape: MessageShape, below prefix: String) -> (
        properties: JSONObject, required: [String]
    ) {
        var properties: JSONObject = [:]
        var required: [String] = []
        for field in shape.fields where field.name.hasPrefix(prefix) {
            let name = String(field.name.dropFirst(prefix.count))
            guard !name.contains(".") else { continue }
            if field.kind == .object {
                let inner = members(of: shape, below: field.name + ".")
                properties[name] = object(inner.properties, required: inner.required)
            } else {
                properties[name] = schema(of: field.kind)
            }
            if field.isRequired { required.append(name) }
        }
        return (properties, required)
    }

    private static func schema(of kind: MessageShape.Kind) -> JSONValue {
        switch kind {
        case .text(nil): text
        // As many bytes at most, so no more characters.
        case .text(let limit?): .object(["type": "string", "maxLength": .integer(limit)])
        case .id:
            .object([
                "type": "string", "pattern": "^[!-~]{1,64}$", "not": .object(["enum": .array([".", ".."])]),
            ])
        case .word(let words): word(words)
        case .flag: flag
        case .whole(let range):
            .object([
                "type": "integer", "minimum": .integer(range.lowerBound), "maximum": .integer(range.upperBound),
            ])
        case .number(let range): number(range)
        case .texts(let limit):
            .object([
                "oneOf": .array([
                    text, .object(["type": "array", "items": text, "maxItems": .integer(limit)]),
                ])
            ])
        case .object: anything
        }
    }

    private static func number(_ range: ClosedRange<Double>) -> JSONValue {
        var members: JSONObject = ["type": "number"]
        if range.lowerBound.isFinite { members["minimum"] = .double(range.lowerBound) }
        if range.upperBound.isFinite { members["maximum"] = .double(range.upperBound) }
        return .object(members)
    }
}
