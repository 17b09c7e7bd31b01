private import Flow

/// What a server keeps in SQLite: tokens, and how far event numbers are reserved.
///
/// Runs on a thread of its own, since a disk may take its time.
package actor Database {
    let connection: SQLiteConnection
    private let thread = DedicatedThread(label: "database")

    /// The thread on which SQLite runs.
    package nonisolated var unownedExecutor: UnownedSerialExecutor { unsafe thread.asUnownedSerialExecutor() }

    /// Opens `hearsay.db` in the folder and brings it to the newest schema.
    package init(in folder: DataFolder) throws(StoreError) {
        let path = folder.file("hearsay.db")
        let connection = try SQLiteConnection(path: path)
        try connection.run("PRAGMA journal_mode = WAL")
        try connection.run("PRAGMA synchronous = NORMAL")
        try connection.run("PRAGMA foreign_keys = ON")
        try Schema.migrate(connection, path: path)
        self.connection = connection
    }
}
