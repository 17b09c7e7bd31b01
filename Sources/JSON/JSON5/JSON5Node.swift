/// A value of a JSON5 text, with the place where it begins.
package struct JSON5Node: Hashable, Sendable {
    /// What a node is.
    package indirect enum Content: Hashable, Sendable {
        /// Null, a truth value, a number or a text.
        case scalar(JSONValue)
        case array([JSON5Node])
        /// In the order of the text; a name may come twice.
        case object([JSON5Member])
    }

    package let place: TextPlace
    package let content: Content

    package init(place: TextPlace, content: Content) {
        self.place = place
        self.content = content
    }

    /// The value without its places; of two members with one name the later one counts, as in ECMAScript.
    package var value: JSONValue {
        switch content {
        case .scalar(let value): value
        case .array(let elements): .array(elements.map(\.value))
        case .object(let members):
            .object(Dictionary(members.map { ($0.name, $0.value.value) }) { _, later in later })
        }
    }
}

/// One member of an object in a JSON5 text.
package struct JSON5Member: Hashable, Sendable {
    /// As meant: without quotes, with what escapes stand for.
    package let name: String
    /// Where the name begins.
    package let place: TextPlace
    package let value: JSON5Node

    package init(name: String, place: TextPlace, value: JSON5Node) {
        self.name = name
        self.place = place
        self.value = value
    }
}
