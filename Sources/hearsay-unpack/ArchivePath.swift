/// Where an entry of an archive goes, below the folder it is unpacked into.
package struct ArchivePath: Hashable, Sendable {
    /// Names of folders, and last that of the entry; none of them leads anywhere else.
    package let parts: [String]

    /// Deeper than any model; the system's paths end at 4,096 bytes.
    private static let depthLimit = 16
    /// Linux, NAME_MAX.
    private static let nameByteLimit = 255

    /// - Returns: Nil for a name that could lead out of the folder, or that no file system takes.
    package init?(_ name: String) {
        guard !name.hasPrefix("/"), !name.utf8.contains(0), !name.contains("\\") else { return nil }
        let parts = name.split(separator: "/").filter { $0 != "." }.map(String.init)
        guard parts.count <= Self.depthLimit,
            parts.allSatisfy({ $0 != ".." && $0.utf8.count <= Self.nameByteLimit })
        else { return nil }
        self.parts = parts
    }
}
