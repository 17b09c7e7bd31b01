import Flow
import Glibc
import Speaking
import SpokenText

/// Reads the pronunciation dictionary, and reads it again when its file has changed.
final class PronunciationKeeper: Service {
    /// The name of the file in the data folder that is used where none is given.
    static let fileName = "pronunciations.json"
    /// People expect what they saved to hold for the next sentence; one look costs a few microseconds.
    private static let interval = Duration.seconds(1)

    let shelf = PronunciationShelf()
    private let path: String
    private let timeline: Timeline
    private let log: Log
    /// Nil for a file that is not there, or was not looked at yet.
    private let known = Monitor<FileStamp?>(nil)

    init(path: String, timeline: Timeline, log: Log) {
        self.path = path
        self.timeline = timeline
        self.log = log
    }

    func run() async throws {
        while !Task.isCancelled {
            look()
            await timeline.sleep(until: timeline.now + Self.interval)
        }
    }

    /// Reads the file if it is another one than last time.
    ///
    /// A file that cannot be used changes nothing: what was known stays until it is mended. Without a file there is no
    /// dictionary.
    func look() {
        let stamp = FileStamp(path)
        let hasChanged = known.withLock { known in
            defer { known = stamp }
            return known != stamp
        }
        guard hasChanged else { return }
        do {
            let file = try PronunciationFile(stamp == nil ? "{}" : SmallFile.read(path))
            for problem in file.problems { warn(problem.line, problem) }
            shelf.replace(with: file.pronunciations)
            log.info("pronunciations.read", ["file": path, "entries": file.pronunciations.count])
        } catch let problem as PronunciationProblem {
            warn(problem.line, problem)
        } catch {
            log.warning("pronunciations.unreadable", ["file": path, "error": "\(error)"])
        }
    }

    private func warn(_ line: Int, _ problem: PronunciationProblem) {
        log.warning("pronunciations.problem", ["file": path, "line": line, "problem": "\(problem)"])
    }
}
