import Commands
import Drafting
import Flow
import VoiceCore

/// Reads the book of commands, and reads it again when its file has changed.
final class CommandKeeper: Service {
    /// The name of the file in the data folder that is used where none is given.
    static let fileName = "commands.txt"

    let shelf: CommandShelf
    /// Which book holds, and what is wrong with the file.
    let state: Monitor<CommandsState>
    private let file: WatchedFile
    private let events: Broadcast<Event>
    private let log: Log

    init(path: String, events: Broadcast<Event>, timeline: Timeline, log: Log) {
        file = WatchedFile(path: path, timeline: timeline)
        self.events = events
        self.log = log
        shelf = CommandShelf(.palaver)
        state = Monitor(CommandsState(file: path.absolutePath, book: .usual, count: CommandBook.palaver.entries.count))
    }

    func run() async throws {
        await file.follow { look() }
    }

    /// Reads the file if it is another one than last time, and tells what came of it.
    ///
    /// A file with a mistake changes nothing: what was known stays until it is mended. Without a file Palaver's commands
    /// hold.
    func look() {
        guard let exists = file.change() else { return }
        guard exists else { return hold(.palaver, from: .usual) }
        do {
            let book = try CommandBook(SmallFile.read(file.path))
            log.info("commands.read", ["file": file.path, "commands": book.entries.count])
            for warning in book.warnings {
                log.warning(
                    "commands.warning", ["file": file.path, "line": warning.line, "problem": "\(warning)"])
            }
            hold(book, from: .file)
        } catch let problem as BookError {
            log.warning("commands.problem", ["file": file.path, "line": problem.line, "problem": "\(problem)"])
            tell { $0.mistakes = [problem.line] }
        } catch {
            log.warning("commands.unreadable", ["file": file.path, "error": "\(error)"])
            tell { $0.mistakes = [nil] }
        }
    }

    private func hold(_ book: CommandBook, from origin: CommandsState.Book) {
        shelf.replace(with: book)
        tell { state in
            state = CommandsState(file: state.file, book: origin, count: book.entries.count)
            state.warnings = book.warnings.map(\.line)
        }
    }

    private func tell(_ change: (inout CommandsState) -> Void) {
        let new = state.withLock { state in
            change(&state)
            return state
        }
        events.publish(event: Event(.commandsChanged(new)))
    }
}
