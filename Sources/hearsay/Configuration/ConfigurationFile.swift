/// The user's settings: lines `key = value`, empty lines, and lines that begin with `#`.
struct ConfigurationFile: Hashable, Sendable {
    /// What is wrong with a configuration file.
    enum Problem: Error, Hashable, CustomStringConvertible {
        case noEqualsSign(line: Int)
        case unknownKey(String, line: Int, suggestion: String?)
        case repeatedKey(String, line: Int)

        var description: String {
            switch self {
            case .noEqualsSign(let line): "line \(line) is not of the form `key = value`"
            case .unknownKey(let key, let line, let suggestion):
                "line \(line) sets “\(key)”, which means nothing here"
                    + (suggestion.map { "; did you mean \($0)?" } ?? "")
            case .repeatedKey(let key, let line): "line \(line) sets “\(key)” a second time"
            }
        }
    }

    static let keys = ["server", "token", "data", "voice", "ca-file", "fingerprint"] + LimitOptions.keys

    /// `engine-NAME-key`: what is shown to the engine of that name.
    static func isEngineKey(_ key: String) -> Bool {
        key.hasPrefix("engine-") && key.hasSuffix("-key") && key.count > "engine--key".count
    }

    private(set) var values: [String: String] = [:]

    init() {}

    init(_ text: String) throws(Problem) {
        let (file, mistakes) = Self.understood(text)
        if let first = mistakes.first { throw first }
        self = file
    }

    /// Reads past every mistake.
    static func understood(_ text: String) -> (file: ConfigurationFile, mistakes: [Problem]) {
        var file = ConfigurationFile()
        var mistakes: [Problem] = []
        for (index, line) in text.split(separator: "\n", omittingEmptySubsequences: false).enumerated() {
            do throws(Problem) {
                try file.read(trimmed(line), number: index + 1)
            } catch {
                mistakes.append(error)
            }
        }
        return (file, mistakes)
    }

    /// The keys of engines, as written.
    var engineKeys: [String] { values.filter { Self.isEngineKey($0.key) }.map(\.value) }

    subscript(_ key: String) -> String? { values[key] }

    private mutating func read(_ line: Substring, number: Int) throws(Problem) {
        guard !line.isEmpty, !line.hasPrefix("#") else { return }
        guard let equals = line.firstIndex(of: "=") else { throw .noEqualsSign(line: number) }
        let key = String(Self.trimmed(line[..<equals]))
        guard Self.keys.contains(key) || Self.isEngineKey(key) else {
            throw .unknownKey(key, line: number, suggestion: Suggestion.nearest(to: key, among: Self.keys))
        }
        guard values[key] == nil else { throw .repeatedKey(key, line: number) }
        let value = Self.trimmed(line[line.index(after: equals)...])
        if !value.isEmpty { values[key] = String(value) }
    }

    private static func trimmed(_ text: Substring) -> Substring {
        var text = text.drop { $0.isWhitespace }
        while text.last?.isWhitespace == true { text.removeLast() }
        return text
    }
}
