import JSON
import Wire

/// What a server says about an error, in the shapes that speech servers use.
enum ErrorWords {
    private static let longest = 160

    /// `{"error":{"message":…}}`, `{"error":…}`, `{"detail":…}`, `{"detail":{"message":…}}` or `{"message":…}`; nil for
    /// anything else, such as a web page.
    static func read(_ body: [UInt8]) -> String? {
        guard let value = try? JSONText.value(JSONValue.self, of: body) else { return nil }
        let places = [
            value["error"]?["message"], value["error"], value["detail"]?["message"], value["detail"], value["message"],
        ]
        guard let text = places.lazy.compactMap({ $0?.text }).first else { return nil }
        let line = String(text.unicodeScalars.map { $0.value < 0x20 || $0.value == 0x7F ? " " : Character($0) })
        return line.count > longest ? line.prefix(longest) + "…" : line
    }
}
