import JSON
import Store
import Wire

extension Command {
    static let backup = Command(
        name: "backup",
        summary: "copy the server's database into a file",
        operands: Operands(usage: "FILE", count: 1...1),
        options: [
            .value("data", "DIR", nil, "the data folder; default: ~/.local/share/hearsay"),
            .flag("json", nil, "one JSON object a line instead of text"),
        ],
        discussion: [
            "Whole and consistent, also while the server runs and speaks: jobs, tokens (as hashes)",
            "and event numbers, as they are at that moment. It reads the data folder itself, so it",
            "runs on the server's machine, as the user who runs the server.",
            "To restore it: stop the server, remove hearsay.db, hearsay.db-wal and hearsay.db-shm",
            "from the data folder, copy FILE there as hearsay.db, and start the server.",
        ],
        examples: [Example(line: "hearsay backup hearsay-2026-11-21.db", meaning: "a file that must not exist yet")],
        run: { invocation in
            let folder = try Settings(invocation).dataFolder.path
            let file = invocation.arguments.operands[0]
            let byteCount: Int
            do {
                byteCount = try Backup.make(ofFolderAt: folder, to: file)
            } catch let error as BackupError {
                throw Failure(exitCode: .refused, code: error.code, message: error.description)
            }
            if invocation.output.isJSON {
                invocation.output.json(.object(["file": .string(file), "bytes": .integer(byteCount)]))
            } else {
                invocation.output.line("\(file): \((byteCount + 1_023) / 1_024) KiB")
            }
            return .success
        })
}
