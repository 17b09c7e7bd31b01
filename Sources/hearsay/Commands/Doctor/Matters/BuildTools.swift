import Glibc

/// What is needed to build Hearsay; of interest only where it runs from its source folder.
struct BuildTools: Hashable, Sendable {
    static let names = ["swift", "make", "pkg-config"]

    var missing: [String]

    var findings: [Finding] {
        guard !missing.isEmpty else { return [.ok("build tools", "swift, make and pkg-config are there")] }
        return [
            .note(
                "build tools", "not in PATH: \(missing.joined(separator: ", "))",
                .run("make deps", "Swift comes from https://www.swift.org/install/linux, the others with"))
        ]
    }

    /// - Returns: nil where the program was installed.
    static func read() -> BuildTools? {
        guard let own = Installation.ownPath, let slash = own.lastIndex(of: "/") else { return nil }
        guard unsafe access("\(own[..<slash])/../Package.swift", F_OK) == 0 else { return nil }
        let folders = (unsafe getenv("PATH").map { unsafe String(cString: $0) } ?? "").split(separator: ":")
        return BuildTools(
            missing: names.filter { tool in !folders.contains { unsafe access("\($0)/\(tool)", X_OK) == 0 } })
    }
}
