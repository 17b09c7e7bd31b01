/// One log line before it is written.
package struct LogLine: Sendable {
    package var level: LogLevel
    package var label: String
    package var event: String
    package var fields: [(name: String, value: String)]

    /// How a line is written.
    package enum Style: Hashable, Sendable {
        /// `12:00:01.250 info net connection.opened peer=127.0.0.1:5012`
        case logfmt
        /// One JSON object a line.
        case json
    }

    /// Field names whose value is never shown.
    private static let secretNames: Set<String> = [
        "token", "authorization", "cookie", "secret", "password", "key", "bearer",
    ]
    /// What precedes a secret inside a value, such as a URL or a header.
    private static let secretMarks = ["bearer.", "Bearer ", "bearer ", "token="]

    /// - Parameter time: As shown, such as `12:00:01.250` or an ISO 8601 time.
    package func text(_ style: Style, time: String) -> String {
        let shown = fields.map { (name: $0.name, value: Self.redacted($0.value, name: $0.name)) }
        switch style {
        case .logfmt:
            let tail = shown.map { " \($0.name)=\(Self.logfmtValue($0.value))" }.joined()
            return "\(time) \(level.rawValue) \(label) \(event)\(tail)"
        case .json:
            let all =
                [("at", time), ("level", level.rawValue), ("part", label), ("event", event)]
                + shown.map { ($0.name, $0.value) }
            return "{" + all.map { "\(Self.quoted($0.0)):\(Self.quoted($0.1))" }.joined(separator: ",") + "}"
        }
    }

    /// Hides a secret: a whole value by its name, or what stands behind a mark such as `token=`.
    static func redacted(_ value: String, name: String) -> String {
        if secretNames.contains(name.lowercased()) { return "[redacted]" }
        var result = value
        for mark in secretMarks {
            result = redacted(result, behind: mark)
        }
        return result
    }

    private static func redacted(_ value: String, behind mark: String) -> String {
        let pieces = value.split(separator: mark, omittingEmptySubsequences: false)
        guard pieces.count > 1 else { return value }
        let cleaned = pieces.dropFirst().map { piece in
            "[redacted]" + piece.drop { $0.isLetter || $0.isNumber || "-_.~+/=".contains($0) }
        }
        return ([String(pieces[0])] + cleaned).joined(separator: mark)
    }

    private static func logfmtValue(_ value: String) -> String {
        let isPlain = !value.isEmpty && value.utf8.allSatisfy { $0 > 0x20 && $0 != 0x22 && $0 != 0x3D && $0 < 0x7F }
        return isPlain ? value : quoted(value)
    }

    /// A JSON string; control characters are escaped, so one event is always one line.
    private static func quoted(_ value: String) -> String {
        var result = "\""
        for scalar in value.unicodeScalars {
            switch scalar {
            case "\"": result += "\\\""
            case "\\": result += "\\\\"
            case "\n": result += "\\n"
            case "\r": result += "\\r"
            case "\t": result += "\\t"
            case _ where scalar.value < 0x20 || scalar.value == 0x7F:
                let hex = String(scalar.value, radix: 16)
                result += "\\u" + String(repeating: "0", count: 4 - hex.count) + hex
            default: result.unicodeScalars.append(scalar)
            }
        }
        return result + "\""
    }
}
