import Net
import Wire
import JSON

/// An answer with its JSON read.
struct Answer: Sendable {
    let status: Int
    let fields: HTTPFields
    let json: JSONValue
    let text: String

    init(_ response: HTTPResponse) {
        status = response.status
        fields = response.fields
        text = String(decoding: response.body, as: UTF8.self)
        json = (try? JSONText.value(of: response.body)) ?? .null
    }

    subscript(name: String) -> JSONValue? { json[name] }

    /// The stable code of an error.
    var code: String? { json["error"]?["code"]?.text }

    /// The field an error is about.
    var field: String? { json["error"]?["field"]?.text }

    /// A member of every object in a list.
    func all(_ list: String, _ name: String) -> [String] {
        json[list]?.elements?.compactMap { $0[name]?.text } ?? []
    }
}
