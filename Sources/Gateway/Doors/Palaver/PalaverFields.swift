import JSON
import Wire

/// The members of a message of Palaver's: what is absent or null is nil, what is of another kind is an error.
struct PalaverFields: Sendable {
    let members: JSONObject

    init(_ members: JSONObject) {
        self.members = members
    }

    private subscript(_ name: String) -> JSONValue? {
        guard let value = members[name], value != .null else { return nil }
        return value
    }

    func text(_ name: String) throws(WireError) -> String? {
        guard let value = self[name] else { return nil }
        guard let text = value.text else { throw .wrongType(field: name, wanted: "a string") }
        return text
    }

    func number(_ name: String) throws(WireError) -> Double? {
        guard let value = self[name] else { return nil }
        guard let number = value.number else { throw .wrongType(field: name, wanted: "a number") }
        return number
    }

    func flag(_ name: String) throws(WireError) -> Bool? {
        guard let value = self[name] else { return nil }
        guard let flag = value.flag else { throw .wrongType(field: name, wanted: "true or false") }
        return flag
    }

    /// A count; of a pair the first one.
    ///
    /// Palaver's microphone opens its device for both directions, and sends for what it records and for what it plays.
    func count(_ name: String) throws(WireError) -> Int? {
        guard let value = self[name] else { return nil }
        guard let count = Self.input(of: value).whole else { throw .wrongType(field: name, wanted: "a whole number") }
        return count
    }

    /// A rate in Hz, which the device may have told with a fraction.
    func rate(_ name: String) throws(WireError) -> Int? {
        guard let number = try number(name) else { return nil }
        guard let rate = Int(exactly: number.rounded()) else { throw Self.badRate(name) }
        return rate
    }

    /// The type of samples; of a pair the first one, as with counts.
    func sampleType(_ name: String) throws(WireError) -> String? {
        guard let value = self[name] else { return nil }
        guard let type = Self.input(of: value).text else { throw .wrongType(field: name, wanted: "a string") }
        guard PalaverSamples.knows(type) else { throw .outOfRange(field: name, allowed: PalaverSamples.typeNames) }
        return type
    }

    static func badRate(_ name: String) -> WireError { .outOfRange(field: name, allowed: "8000 to 192000") }

    private static func input(of value: JSONValue) -> JSONValue {
        guard let pair = value.elements, pair.count == 2 else { return value }
        return pair[0]
    }
}
