import Commands
import Drafting
import Flow

/// Reads the book of commands, and reads it again when its file has changed.
final class CommandKeeper: Service {
    /// The name of the file in the data folder that is used where none is given.
    static let fileName = "commands.txt"
    /// People try what they saved at once; one look costs a few microseconds.
    private static let interval = Duration.seconds(1)

    let shelf: CommandShelf
    private let path: String
    private let usual: CommandBook
    private let timeline: Timeline
    private let log: Log
    /// Nil for a file that is not there, or was not looked at yet.
    private let known = Monitor<FileStamp?>(nil)

    init(path: String, timeline: Timeline, log: Log) {
        self.path = path
        self.timeline = timeline
        self.log = log
        usual = CommandBook.palaver
        shelf = CommandShelf(usual)
    }

    func run() async throws {
        while !Task.isCancelled {
            look()
            await timeline.sleep(until: timeline.now + Self.interval)
        }
    }

    /// Reads the file if it is another one than last time.
    ///
    /// A file with a mistake changes nothing: what was known stays until it is mended. Without a file Palaver's commands
    /// hold.
    func look() {
        let stamp = FileStamp(path)
        let hasChanged = known.withLock { known in
            defer { known = stamp }
            return known != stamp
        }
        guard hasChanged else { return }
        guard stamp != nil else { return shelf.replace(with: usual) }
        do {
            let book = try CommandBook(SmallFile.read(path))
            shelf.replace(with: book)
            log.info("commands.read", ["file": path, "commands": book.entries.count])
        } catch let problem as BookError {
            log.warning("commands.problem", ["file": path, "line": problem.line, "problem": "\(problem)"])
        } catch {
            log.warning("commands.unreadable", ["file": path, "error": "\(error)"])
        }
    }
}
