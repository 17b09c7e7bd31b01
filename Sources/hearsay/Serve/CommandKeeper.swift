import Commands
import Drafting
import Flow

/// Reads the book of commands, and reads it again when its file has changed.
final class CommandKeeper: Service {
    /// The name of the file in the data folder that is used where none is given.
    static let fileName = "commands.txt"

    let shelf: CommandShelf
    private let file: WatchedFile
    private let usual: CommandBook
    private let log: Log

    init(path: String, timeline: Timeline, log: Log) {
        file = WatchedFile(path: path, timeline: timeline)
        self.log = log
        usual = CommandBook.palaver
        shelf = CommandShelf(usual)
    }

    func run() async throws {
        await file.follow { look() }
    }

    /// Reads the file if it is another one than last time.
    ///
    /// A file with a mistake changes nothing: what was known stays until it is mended. Without a file Palaver's commands
    /// hold.
    func look() {
        guard let exists = file.change() else { return }
        guard exists else { return shelf.replace(with: usual) }
        do {
            let book = try CommandBook(SmallFile.read(file.path))
            shelf.replace(with: book)
            log.info("commands.read", ["file": file.path, "commands": book.entries.count])
        } catch let problem as BookError {
            log.warning("commands.problem", ["file": file.path, "line": problem.line, "problem": "\(problem)"])
        } catch {
            log.warning("commands.unreadable", ["file": file.path, "error": "\(error)"])
        }
    }
}
