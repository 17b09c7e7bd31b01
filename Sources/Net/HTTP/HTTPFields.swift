/// The header fields of one message, in the order they came; names compare without case.
package struct HTTPFields: Sendable, Hashable, ExpressibleByDictionaryLiteral {
    /// One field line.
    package struct Field: Sendable, Hashable {
        /// As written; compare without case.
        package var name: String
        /// Without surrounding white space.
        package var value: String
    }

    /// Every field line, in order.
    package private(set) var lines: [Field]

    /// No fields.
    package init() { lines = [] }

    /// Fields in the order of the literal; a name may occur twice.
    package init(dictionaryLiteral elements: (String, String)...) {
        lines = elements.map { Field(name: $0.0, value: $0.1) }
    }

    /// The first value of `name`; setting replaces all its lines, nil removes them.
    package subscript(_ name: String) -> String? {
        get { lines.first { Self.isSame($0.name, name) }?.value }
        set {
            lines.removeAll { Self.isSame($0.name, name) }
            if let newValue { lines.append(Field(name: name, value: newValue)) }
        }
    }

    /// All values of `name`, in order.
    package func all(_ name: String) -> [String] {
        lines.filter { Self.isSame($0.name, name) }.map(\.value)
    }

    /// Replaces every line of `name` by one.
    package mutating func set(_ name: String, _ value: String) { self[name] = value }

    /// Adds a line, keeping those of the same name.
    package mutating func append(_ name: String, _ value: String) {
        lines.append(Field(name: name, value: value))
    }

    /// Adds to the value of the last line.
    mutating func extendLast(by text: String) {
        guard let last = lines.indices.last else { return }
        lines[last].value += text
    }

    /// The lower-case items of a comma-separated list field, over all its lines.
    package func tokens(_ name: String) -> [String] {
        items(name).map { $0.lowercased() }
    }

    /// The items of a comma-separated list field, over all its lines, empty ones left out.
    package func items(_ name: String) -> [String] {
        var items: [String] = []
        for line in lines where Self.isSame(line.name, name) {
            for item in line.value.utf8.split(separator: UInt8(ascii: ",")) {
                let text = Self.trimmed(item)
                if !text.isEmpty { items.append(text) }
            }
        }
        return items
    }

    private static func trimmed(_ text: Substring.UTF8View) -> String {
        var rest = text
        while let first = rest.first, HTTPSyntax.isBlank(first) { rest.removeFirst() }
        while let last = rest.last, HTTPSyntax.isBlank(last) { rest.removeLast() }
        return String(Substring(rest))
    }

    private static func isSame(_ left: String, _ right: String) -> Bool {
        left.utf8.count == right.utf8.count
            && left.utf8.elementsEqual(right.utf8) { HTTPSyntax.lowercase($0) == HTTPSyntax.lowercase($1) }
    }
}
