import JSON

/// What all findings together mean.
struct Diagnosis: Hashable, Sendable {
    let findings: [Finding]

    /// From what stops everything to what stops only the last step: speech is heard when none of these is in the way.
    private static let obstacles: [ExitCode] = [
        .usage, .refused, .engineFailed, .certificateRefused, .unreachable, .nobodyHeard,
    ]

    /// The code of the obstacle that comes first, or success.
    var exitCode: ExitCode {
        let codes = findings.filter { $0.state == .problem }.map(\.exitCode)
        return Self.obstacles.first { codes.contains($0) } ?? .success
    }

    /// One sentence, and how many findings are worth a look.
    var text: String {
        let problems = findings.count { $0.state == .problem }
        let warnings = findings.count { $0.state == .warning }
        let counts = [Self.count(problems, "problem"), Self.count(warnings, "warning")].compactMap { $0 }
        return sentence + (counts.isEmpty ? "" : " (\(counts.joined(separator: ", ")))")
    }

    /// Members: `type, exit_code, text`.
    var json: JSONValue {
        .object(["type": "verdict", "exit_code": .integer(Int(exitCode.rawValue)), "text": .string(text)])
    }

    private var sentence: String {
        switch exitCode {
        case .success: "Speech can be heard."
        case .usage: "The settings cannot be understood, so every command stops there."
        case .refused: "A token or the data folder is refused, so nothing can be said."
        case .engineFailed: "No engine speaks."
        case .certificateRefused: "The server's certificate is refused, so nothing can be said to it."
        case .unreachable: "No server answers, so nothing can be said."
        default: "Nobody would hear a word now."
        }
    }

    private static func count(_ number: Int, _ noun: String) -> String? {
        number == 0 ? nil : "\(number) \(noun)\(number == 1 ? "" : "s")"
    }
}
