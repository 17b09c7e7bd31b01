import Flow
import Gateway
import Speaking
import SpokenText

/// Where the files of PAI's voice server lie below a folder.
struct PAIFolder: Hashable, Sendable {
    /// The folder of PAI itself, such as `~/.claude`, or the one of its voice server.
    let path: String

    /// As PAI, and later LifeOS, lay them out.
    private static let places = ["", "VoiceServer/", "PULSE/VoiceServer/", "LIFEOS/PULSE/VoiceServer/"]

    /// The places of a file, those that are looked at first before the others.
    func places(of name: String) -> [String] { Self.places.map { path + "/" + $0 + name } }

    /// The dictionary, if there is one.
    var pronunciations: String? { first(of: "pronunciations.json") }

    /// Where a file is; nil if it is nowhere.
    func first(of name: String) -> String? { places(of: name).first { FileStamp($0) != nil } }
}

/// Reads PAI's own files, and reads them again when they have changed.
final class PAIFolderKeeper: Sendable {
    private static let interval = Duration.seconds(1)

    let shelf = PAIShelf()
    private let folder: PAIFolder?
    private let timeline: Timeline
    private let log: Log
    /// What the files were like last time.
    private let known = Monitor<[FileStamp?]>([])

    init(_ path: String?, timeline: Timeline, log: Log) {
        folder = path.map { PAIFolder(path: $0) }
        self.timeline = timeline
        self.log = log
    }

    /// What looks again and again, until cancelled.
    func service(with dictionary: PronunciationShelf) -> any Service { Watch(keeper: self, dictionary: dictionary) }

    private struct Watch: Service {
        let keeper: PAIFolderKeeper
        let dictionary: PronunciationShelf

        func run() async throws {
            while !Task.isCancelled {
                keeper.look(dictionary)
                await keeper.timeline.sleep(until: keeper.timeline.now + PAIFolderKeeper.interval)
            }
        }
    }

    /// Reads the files if they are others than last time; files that cannot be used change nothing.
    func look(_ dictionary: PronunciationShelf) {
        shelf.note(ruleCount: dictionary.pronunciations.count)
        guard let folder else { return }
        let paths = ["settings.json", "voices.json"].map { folder.first(of: $0) }
        let stamps = paths.map { $0.flatMap { FileStamp($0) } }
        let hasChanged = known.withLock { known in
            defer { known = stamps }
            return known != stamps
        }
        guard hasChanged else { return }
        do {
            let texts = try paths.map { try $0.map { Array(try SmallFile.read($0).utf8) } }
            shelf.replace(with: try PAISettings(settings: texts[0], voices: texts[1]))
            log.info("pai.read", ["settings": paths[0] ?? "none", "voices": paths[1] ?? "none"])
        } catch let problem as PAIFileProblem {
            log.warning("pai.unreadable", ["file": problem.file, "problem": "this is no JSON object"])
        } catch {
            log.warning("pai.unreadable", ["folder": folder.path, "problem": "\(error)"])
        }
    }
}
