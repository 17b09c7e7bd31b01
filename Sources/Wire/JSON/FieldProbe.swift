import JSON

/// Notes what a parser asks a `FieldReader` for, in place of a message.
///
/// It lives as long as one reading, in one task.
final class FieldProbe {
    private(set) var fields: [MessageShape.Field] = []
    /// What is answered for fields that must be there, by their names.
    let answers: [String: JSONValue]

    init(answers: [String: JSONValue]) {
        self.answers = answers
    }

    /// The first asking counts: an id is then read as a text.
    func note(_ name: String, _ kind: MessageShape.Kind) {
        if !fields.contains(where: { $0.name == name }) { fields.append(MessageShape.Field(name: name, kind: kind)) }
    }
}
