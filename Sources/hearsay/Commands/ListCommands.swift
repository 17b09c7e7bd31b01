import JSON

extension Output {
    /// Writes a list: one object a line as JSON, else a table.
    func list(_ values: [JSONValue], header: [String], row: (JSONValue) -> [String]) {
        if isJSON {
            for value in values { json(value) }
        } else if values.isEmpty {
            line("none")
        } else {
            for text in Table.lines([header] + values.map(row)) { line(text) }
        }
    }
}

extension String {
    /// The text as a cell of a table: control characters would move the cursor.
    var onOneLine: String {
        String(map { $0.isNewline || $0.unicodeScalars.contains { $0.value < 0x20 } ? " " : $0 })
    }
}

extension JSONValue {
    /// A member as a cell of a table; `-` where it is absent.
    func shown(_ name: String) -> String {
        let value = self[name]
        if let text = value?.text { return text }
        if let number = value?.whole { return String(number) }
        if let elements = value?.elements { return elements.compactMap(\.text).joined(separator: ",") }
        return value?.flag.map { $0 ? "yes" : "no" } ?? "-"
    }
}
