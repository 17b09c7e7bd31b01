import Commands
import JSON

/// The file of spoken commands, and which commands a server listens for.
struct CommandFacts: Hashable, Sendable {
    var path: String
    var isPresent = true
    var commandCount = 0
    /// Why it cannot be used; nil if it can.
    var problem: String?
    /// Commands in it that nobody can give.
    var warnings: [String] = []
    /// Whether a server listens for what the file said before.
    var holdsEarlier = false

    var findings: [Finding] {
        guard isPresent else { return [] }
        if let problem {
            let meanwhile =
                holdsEarlier ? "the server goes on with what it said before" : "Palaver's phrases hold instead"
            return [.warning("commands", "\(path) cannot be used, \(problem); \(meanwhile)", edit)]
        }
        let count = "\(commandCount) command\(commandCount == 1 ? "" : "s")"
        return warnings.isEmpty
            ? [.ok("commands", "\(path) has \(count)")]
            : warnings.map { .warning("commands", "\(path), \($0)", edit) }
    }

    private var edit: Finding.Remedy {
        .run("${EDITOR:-nano} \(path.shellWord)", "Mend it; it is read again at once")
    }

    /// - Returns: Nil where nobody knows which file it is.
    static func read(_ circumstances: Circumstances) -> CommandFacts? {
        let state = circumstances.server.status?["commands"]
        guard let path = state?["file"]?.text ?? circumstances.serveFile?.reading.options.commands else { return nil }
        var facts = CommandFacts(path: path)
        facts.holdsEarlier = state?["book"]?.text == "file"
        do {
            let book = try CommandBook(SmallFile.read(path))
            facts.commandCount = book.entries.count
            facts.warnings = book.warnings.map(\.description)
        } catch SmallFile.Problem.absent {
            facts.isPresent = false
        } catch let problem as BookError {
            facts.problem = problem.description
        } catch {
            facts.problem = "\(error)"
        }
        return facts
    }
}
