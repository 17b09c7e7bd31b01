private import Flow

/// What a server keeps in SQLite: tokens, how far event numbers are reserved, and how far sources were understood.
///
/// Runs on a thread of its own, since a disk may take its time.
package actor Database {
    /// The file in the data folder.
    package static let fileName = "hearsay.db"

    let connection: SQLiteConnection
    private let thread = DedicatedThread(label: "database")

    /// The thread on which SQLite runs.
    package nonisolated var unownedExecutor: UnownedSerialExecutor { unsafe thread.asUnownedSerialExecutor() }

    /// Opens `hearsay.db` in the folder and brings it to the newest schema.
    package init(in folder: DataFolder) throws(StoreError) {
        let path = folder.file(Self.fileName)
        let connection = try SQLiteConnection(path: path)
        try Schema.check(connection, path: path)
        try connection.makeShrinkable()
        try connection.prepareForSharing()
        try Schema.migrate(connection, path: path)
        self.connection = connection
    }
}

extension SQLiteConnection {
    /// What a file can give back to the disk without being written anew (`PRAGMA auto_vacuum`).
    private static let incremental: Int64 = 2

    /// In KiB, of each connection's memory for pages of the file.
    ///
    /// SQLite's own 2,000 would fill over days. What is looked for by its key is found as fast, and a search through all
    /// goes through the system's cache.
    private static let cacheSize = 512

    /// One writer and many readers at a time; what was written survives a killed process.
    func prepareForSharing() throws(StoreError) {
        try run("PRAGMA journal_mode = WAL")
        try run("PRAGMA synchronous = NORMAL")
        try run("PRAGMA foreign_keys = ON")
        try run("PRAGMA cache_size = -\(Self.cacheSize)")
    }

    /// Lets the file give room back bit by bit; an older file is written anew once.
    fileprivate func makeShrinkable() throws(StoreError) {
        guard try run("PRAGMA auto_vacuum").first?.first?.integer != Self.incremental else { return }
        try run("PRAGMA auto_vacuum = INCREMENTAL")
        try run("VACUUM")
    }
}
