import JSON
import Store
import Wire

extension Command {
    static let backup = Command(
        name: "backup",
        summary: "copy the server's database into a file, or with its recordings into a folder",
        operands: Operands(usage: "FILE | FOLDER/", count: 1...1),
        options: [
            .value("data", "DIR", nil, "the data folder; default: ~/.local/share/hearsay"),
            .flag("json", nil, "one JSON object a line instead of text"),
        ],
        discussion: [
            "Whole and consistent, also while the server runs and speaks: jobs, tokens (as hashes)",
            "and event numbers, as they are at that moment. It reads the data folder itself, so it",
            "runs on the server's machine, as the user who runs the server.",
            "A name that ends in a slash makes a folder, with the database and the recordings of drafts.",
            "To restore it: stop the server, remove hearsay.db, hearsay.db-wal and hearsay.db-shm",
            "from the data folder, copy FILE there as hearsay.db (or all that is in FOLDER), and start",
            "the server. The data folder may be another one than before.",
        ],
        examples: [
            Example(line: "hearsay backup hearsay-2026-11-21.db", meaning: "a file that must not exist yet"),
            Example(line: "hearsay backup backup-2026-11-21/", meaning: "a folder, with the recordings"),
        ],
        run: { invocation in
            let folder = try Settings(invocation).dataFolder.path
            let file = invocation.arguments.operands[0]
            let isFolder = file.count > 1 && file.hasSuffix("/")
            let made: Backup.Contents
            do {
                made =
                    isFolder
                    ? try Backup.makeFolder(ofFolderAt: folder, to: String(file.dropLast()))
                    : Backup.Contents(byteCount: try Backup.make(ofFolderAt: folder, to: file), recordingCount: 0)
            } catch let error as BackupError {
                throw Failure(exitCode: .refused, code: error.code, message: error.description)
            }
            if invocation.output.isJSON {
                var fields: [String: JSONValue] = ["file": .string(file), "bytes": .integer(made.byteCount)]
                if isFolder { fields["recordings"] = .integer(made.recordingCount) }
                invocation.output.json(.object(fields))
            } else {
                let recordings = isFolder ? ", \(made.recordingCount) recordings" : ""
                invocation.output.line("\(file): \((made.byteCount + 1_023) / 1_024) KiB\(recordings)")
            }
            return .success
        })
}
