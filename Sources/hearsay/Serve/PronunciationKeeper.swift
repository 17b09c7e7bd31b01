import Flow
import Glibc
import Speaking
import SpokenText

/// Reads the pronunciation dictionary, and reads it again when its file has changed.
final class PronunciationKeeper: Service {
    /// The name of the file in the data folder that is used where none is given.
    static let fileName = "pronunciations.json"

    let shelf = PronunciationShelf()
    private let file: WatchedFile
    private let log: Log

    init(path: String, timeline: Timeline, log: Log) {
        file = WatchedFile(path: path, timeline: timeline)
        self.log = log
    }

    func run() async throws {
        await file.follow { look() }
    }

    /// Reads the file if it is another one than last time.
    ///
    /// A file that cannot be used changes nothing: what was known stays until it is mended. Without a file there is no
    /// dictionary.
    func look() {
        guard let exists = file.change() else { return }
        do {
            let read = try PronunciationFile(exists ? SmallFile.read(file.path) : "{}")
            for problem in read.problems { warn(problem.line, problem) }
            shelf.replace(with: read.pronunciations)
            log.info("pronunciations.read", ["file": file.path, "entries": read.pronunciations.count])
        } catch let problem as PronunciationProblem {
            warn(problem.line, problem)
        } catch {
            log.warning("pronunciations.unreadable", ["file": file.path, "error": "\(error)"])
        }
    }

    private func warn(_ line: Int, _ problem: PronunciationProblem) {
        log.warning("pronunciations.problem", ["file": file.path, "line": line, "problem": "\(problem)"])
    }
}
