import Glibc
import JSON
import Models
import Wire

/// What a program that was called said on its standard output, and how it ended.
struct ProgramAnswer: Sendable {
    /// Nil if it took too long.
    let status: Int32?
    let text: String

    /// The first line as JSON; nil for anything else.
    var json: JSONValue? { try? JSONText.value(of: Array(text.utf8)) }

    /// Calls a program and waits for its end.
    static func of(_ words: [String], within limit: Duration) async throws -> ProgramAnswer {
        guard let folder = TemporaryFolder() else { throw ModelError.system("temporary files", number: errno) }
        let path = folder.path + "/output"
        let file = unsafe open(path, O_WRONLY | O_CREAT | O_CLOEXEC, 0o600)
        guard file >= 0 else { throw ModelError.system(path, number: errno) }
        defer { close(file) }
        let status = await ProgramCall(words: words, output: file).run(within: limit)
        let text = try SmallFile.read(path)
        return withExtendedLifetime(folder) { ProgramAnswer(status: status, text: text) }
    }
}
