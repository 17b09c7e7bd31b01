internal import Flow
private import Glibc
internal import VoiceCore

/// The folder of one recording: `block-20261121_005803`, as Palaver names it, with the files that Palaver writes and one
/// of our own.
struct BlockFolder: Hashable, Sendable {
    /// The files of a recording; there are no others.
    enum File: String, CaseIterable, Sendable {
        case audio = "block.wav"
        case text = "first_draft.txt"
        case metaEvents = "meta_events.json"
        case fullEvents = "full_events.json"
        case betterText = "rescan_draft.txt"
        case betterMetaEvents = "rescan_meta_events.json"
        /// In our own words.
        case draft = "draft.json"
    }

    /// So many recordings may begin in the same second.
    private static let attemptLimit = 1_000

    let path: String

    /// Makes a new folder.
    ///
    /// - Parameter root: Made too where it is missing.
    /// - Throws: `errno` of what failed.
    static func make(in root: String, at time: WallTime) throws(SystemFault) -> BlockFolder {
        guard unsafe mkdir(root, 0o700) == 0 || errno == EEXIST else { throw SystemFault(number: errno) }
        for attempt in 1...attemptLimit {
            let path = "\(root)/\(name(at: time))" + (attempt == 1 ? "" : "-\(attempt)")
            if unsafe mkdir(path, 0o700) == 0 { return BlockFolder(path: path) }
            guard errno == EEXIST else { break }
        }
        throw SystemFault(number: errno)
    }

    /// Those that lie in a folder of recordings.
    static func all(in root: String) -> [BlockFolder] {
        guard let listing = unsafe opendir(root) else { return [] }
        defer { unsafe closedir(listing) }
        var folders: [BlockFolder] = []
        while let entry = unsafe readdir(listing) {
            let name = unsafe withUnsafeBytes(of: entry.pointee.d_name) { bytes in
                unsafe String(decoding: bytes.prefix { $0 != 0 }, as: UTF8.self)
            }
            if name.hasPrefix("block-") { folders.append(BlockFolder(path: root + "/" + name)) }
        }
        return folders
    }

    /// Such as `block-20261121_005803`, in UTC.
    static func name(at time: WallTime) -> String {
        let parts = time.iso8601.prefix(19).split(separator: "T").map { $0.filter(\.isNumber) }
        return "block-" + parts.joined(separator: "_")
    }

    func path(of file: File) -> String { path + "/" + file.rawValue }

    func has(_ file: File) -> Bool { unsafe access(path(of: file), F_OK) == 0 }

    /// Writes a whole file.
    func write(_ bytes: [UInt8], to file: File) throws(SystemFault) {
        let descriptor = unsafe Glibc.open(path(of: file), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else { throw SystemFault(number: errno) }
        defer { close(descriptor) }
        try Self.write(bytes, to: descriptor)
    }

    /// Writes the texts of a draft that has ended.
    ///
    /// - Parameter places: Where its utterances lie in the audio.
    func write(_ draft: Draft, places: [UtteranceID: ClosedRange<Duration>]) throws(SystemFault) {
        try write(BlockText.text(draft), to: .text)
        try write(BlockText.metaEvents(draft), to: .metaEvents)
        try write(BlockText.fullEvents(draft, places: places), to: .fullEvents)
        try write(BlockText.about(draft, places: places), to: .draft)
    }

    /// Removes the files and the folder; what lies there beside them stays, and the folder with it.
    ///
    /// - Throws: What keeps one of the files.
    func remove() throws(SystemFault) {
        var fault: SystemFault?
        for file in File.allCases where unsafe unlink(path(of: file)) != 0 && errno != ENOENT {
            fault = SystemFault(number: errno)
        }
        if let fault { throw fault }
        unsafe rmdir(path)
    }

    static func write(_ bytes: [UInt8], to descriptor: Int32) throws(SystemFault) {
        var rest = bytes[...]
        while !rest.isEmpty {
            let count = unsafe rest.withUnsafeBytes { unsafe Glibc.write(descriptor, $0.baseAddress, $0.count) }
            guard count >= 0 || errno == EINTR else { throw SystemFault(number: errno) }
            rest = rest.dropFirst(max(0, count))
        }
    }
}

/// What the system refused.
struct SystemFault: Error, Hashable, CustomStringConvertible {
    /// `errno`.
    var number: Int32

    var description: String { unsafe String(cString: strerror(number)) }
}
