import CSystem

/// What tells one content of a file from another without reading it.
struct FileStamp: Hashable, Sendable {
    private let node: UInt64
    private let byteCount: Int64
    private let nanoseconds: Int64

    /// - Returns: nil where there is no file, or this user may not look.
    init?(_ path: String) {
        let stamp = unsafe hearsay_stamp_of(path)
        guard stamp.inode != 0 else { return nil }
        (node, byteCount, nanoseconds) = (stamp.inode, stamp.size, stamp.nanoseconds)
    }

    /// When the content last changed, in seconds since 1970.
    var seconds: Int { Int(nanoseconds / 1_000_000_000) }
}
