import Flow
package import VoiceCore

/// Reads the journal, on a connection and a thread of its own.
package actor JournalReader {
    private let connection: SQLiteConnection
    private let thread = DedicatedThread(label: "journal reader")

    /// The thread on which SQLite runs.
    package nonisolated var unownedExecutor: UnownedSerialExecutor { unsafe thread.asUnownedSerialExecutor() }

    /// - Parameter folder: Its database has the newest schema, as `Database` leaves it.
    package init(in folder: DataFolder) throws(StoreError) {
        connection = try SQLiteConnection(path: folder.file(Database.fileName))
        try connection.run("PRAGMA query_only = ON")
    }

    /// The jobs that a query wants, with their timelines.
    package func jobs(_ query: JobQuery) throws(StoreError) -> [ArchivedJob] {
        let (conditions, values) = Self.conditions(of: query)
        let order = query.after == nil ? "DESC" : "ASC"
        let rows = try connection.run(
            """
            SELECT \(JobRow.columns) FROM jobs \(conditions.isEmpty ? "" : "WHERE " + conditions.joined(separator: " AND "))
            ORDER BY number \(order) LIMIT ?
            """, values + [.integer(Int64(min(query.count, JobQuery.limit)))])
        return try archived(rows)
    }

    /// One job; nil if the journal does not know it.
    package func job(_ id: JobID) throws(StoreError) -> ArchivedJob? {
        let rows = try connection.run("SELECT \(JobRow.columns) FROM jobs WHERE id = ?", [.text(id.rawValue)])
        return try archived(rows).first
    }

    private func archived(_ rows: [[SQLiteValue]]) throws(StoreError) -> [ArchivedJob] {
        var jobs: [ArchivedJob] = []
        for row in rows.compactMap({ JobRow($0) }) { jobs.append(row.archived(try timeline(of: row.number))) }
        return jobs
    }

    private func timeline(of job: Int64) throws(StoreError) -> [ArchivedJob.Step] {
        try connection.run(
            "SELECT kind, at, position, listeners FROM job_steps WHERE job = ? ORDER BY number", [.integer(job)]
        ).compactMap { row in
            guard let kind = row[0].text.flatMap(ArchivedJob.Step.Kind.init(rawValue:)), let at = row[1].integer
            else { return nil }
            return ArchivedJob.Step(
                kind, at: WallTime(milliseconds: at), position: row[2].integer.map(Duration.microseconds),
                listeners: JournalText.listeners(row[3].text ?? ""))
        }
    }

    private static func conditions(of query: JobQuery) -> ([String], [SQLiteValue]) {
        var conditions: [String] = []
        var values: [SQLiteValue] = []
        func add(_ condition: String, _ new: [SQLiteValue]) {
            conditions.append(condition)
            values += new
        }
        if let session = query.session { add("session = ?", [.text(session.rawValue)]) }
        if let text = query.text { add("text LIKE ? ESCAPE '\\'", [.text(pattern(for: text))]) }
        if let phases = query.phases {
            let marks = phases.map { _ in "?" }.joined(separator: ", ")
            add("phase IN (\(marks))", phases.map { .text($0.rawValue) })
        }
        if let since = query.since { add("accepted_at >= ?", [.integer(since.milliseconds)]) }
        if let after = query.after {
            add("number > ?", [.integer(after)])
        } else if let before = query.before {
            add("number < ?", [.integer(before)])
        }
        return (conditions, values)
    }

    /// What `LIKE` takes for the text itself, anywhere.
    private static func pattern(for text: String) -> String {
        "%" + text.flatMap { "%_\\".contains($0) ? ["\\", $0] : [$0] } + "%"
    }
}
