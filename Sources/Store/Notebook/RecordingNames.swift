/// Recordings by the names of their folders: so the notebook keeps them, since the data folder may be moved.
struct RecordingNames: Hashable, Sendable {
    private let root: String

    init(in folder: DataFolder) {
        root = folder.recordings
    }

    /// The last part of a path.
    func name(of path: String) -> String { path.split(separator: "/").last.map(String.init) ?? "" }

    /// Where a folder of that name lies now.
    func path(of name: String) -> String { root + "/" + name }
}
