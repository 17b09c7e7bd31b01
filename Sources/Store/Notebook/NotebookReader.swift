import Flow
import VoiceCore

/// Reads what was said, on a connection and a thread of its own.
package actor NotebookReader {
    private let connection: SQLiteConnection
    private let names: RecordingNames
    private let thread = DedicatedThread(label: "notebook reader")

    /// The thread on which SQLite runs.
    package nonisolated var unownedExecutor: UnownedSerialExecutor { unsafe thread.asUnownedSerialExecutor() }

    /// - Parameter folder: Its database has the newest schema, as `Database` leaves it.
    package init(in folder: DataFolder) throws(StoreError) {
        connection = try SQLiteConnection(path: folder.file(Database.fileName))
        try connection.run("PRAGMA query_only = ON")
        names = RecordingNames(in: folder)
    }

    func drafts(_ query: NoteQuery) throws(StoreError) -> DraftPage {
        let all = Condition(query, in: "drafts", time: "started_at", isPaged: false)
        let total = try connection.run("SELECT count(*) FROM drafts \(all.text)", all.values).first?.first?.integer
        let rows = try rows(query, of: "drafts", columns: DraftColumns.list, time: "started_at")
        return DraftPage(drafts: try noted(rows), total: Int(total ?? 0))
    }

    func draft(_ id: DraftID) throws(StoreError) -> NotedDraft? {
        try noted(
            connection.run("SELECT \(DraftColumns.list) FROM drafts WHERE id = ?", [.text(id.rawValue)])
        ).first
    }

    func said(_ query: NoteQuery) throws(StoreError) -> [NotedUtterance] {
        let rows =
            query.group == nil
            ? try rows(query, of: "utterances", columns: UtteranceColumns.list, time: "at")
            : try rowsOfGroup(query)
        return rows.compactMap(UtteranceColumns.utterance)
    }

    /// What was said in a group, by when it began: a short sentence has its text before a long one that began earlier.
    private func rowsOfGroup(_ query: NoteQuery) throws(StoreError) -> [[SQLiteValue]] {
        var condition = Condition(query, in: "utterances", time: "at", isPaged: false)
        let isForward = query.after != nil
        if let place = try place(query) {
            condition.add("(said_at, number) \(isForward ? ">" : "<") (?, ?)", place)
        }
        let way = isForward ? "ASC" : "DESC"
        return try connection.run(
            """
            SELECT \(UtteranceColumns.list) FROM utterances \(condition.text)
            ORDER BY said_at \(way), number \(way) LIMIT ?
            """, condition.values + [.integer(Int64(min(query.count, NoteQuery.limit)))])
    }

    /// Where the last page ended: when what has the number was said; the next that is left, where it was forgotten.
    private func place(_ query: NoteQuery) throws(StoreError) -> [SQLiteValue]? {
        if let after = query.after { return try place("number <= ? ORDER BY number DESC", after) }
        guard let before = query.before else { return nil }
        if let place = try place("number >= ? ORDER BY number ASC", before) { return place }
        // Behind the one that is left, so that it is read too.
        return try place("number < ? ORDER BY number DESC", before).map { [$0[0], .integer(.max)] }
    }

    private func place(_ condition: String, _ number: Int64) throws(StoreError) -> [SQLiteValue]? {
        try connection.run(
            "SELECT said_at, number FROM utterances WHERE \(condition) LIMIT 1", [.integer(number)]
        ).first
    }

    private func rows(
        _ query: NoteQuery, of table: String, columns: String, time: String
    ) throws(StoreError) -> [[SQLiteValue]] {
        let condition = Condition(query, in: table, time: time, isPaged: true)
        return try connection.run(
            """
            SELECT \(columns) FROM \(table) \(condition.text)
            ORDER BY \(Self.order(query, of: table, time: time)) LIMIT ? OFFSET ?
            """,
            condition.values + [.integer(Int64(min(query.count, NoteQuery.limit))), .integer(Int64(query.offset))])
    }

    private static func order(_ query: NoteQuery, of table: String, time: String) -> String {
        guard let isOldestFirst = query.isOldestFirst else {
            return "\(table).number \(query.after == nil ? "DESC" : "ASC")"
        }
        let way = isOldestFirst ? "ASC" : "DESC"
        return "\(table).\(time) \(way), \(table).number \(way)"
    }

    private func noted(_ rows: [[SQLiteValue]]) throws(StoreError) -> [NotedDraft] {
        var drafts: [NotedDraft] = []
        for row in rows {
            guard let (number, bare) = DraftColumns.draft(row) else { continue }
            var draft = bare
            draft.parts = try parts(of: number)
            drafts.append(NotedDraft(number: number, draft: draft, recording: try recording(of: number, draft.id)))
        }
        return drafts
    }

    private func parts(of draft: Int64) throws(StoreError) -> [Draft.Part] {
        try connection.run(
            "SELECT utterance, \(SaidColumns.list) FROM draft_parts WHERE draft = ? ORDER BY place", [.integer(draft)]
        ).compactMap { row in
            guard let utterance = row[0].text, let said = SaidColumns.said(row[1...]) else { return nil }
            return Draft.Part(utterance: UtteranceID(utterance), said: said)
        }
    }

    private func recording(of number: Int64, _ draft: DraftID) throws(StoreError) -> Recording? {
        let row = try connection.run(
            "SELECT path, duration, bytes, utterances FROM recordings WHERE draft = ?", [.integer(number)]
        ).first
        guard let row, let name = row[0].text, let duration = row[1].integer else { return nil }
        return Recording(
            draft: draft, path: names.path(of: name), duration: .microseconds(duration),
            byteCount: Int(row[2].integer ?? 0),
            utteranceCount: Int(row[3].integer ?? 0))
    }
}

/// What a query asks of a table, with the values for its question marks.
private struct Condition {
    private var conditions: [String] = []
    private(set) var values: [SQLiteValue] = []

    init(_ query: NoteQuery, in table: String, time: String, isPaged: Bool) {
        if let session = query.session { add("session = ?", .text(session.rawValue)) }
        if let source = query.source { add("source = ?", .text(source.rawValue)) }
        if let since = query.since { add("\(time) >= ?", .integer(since.milliseconds)) }
        if table == "drafts" {
            if query.isEnded { conditions.append("ended_at IS NOT NULL") }
            if let parent = query.parent { add("parent = ?", .text(parent.rawValue)) }
        } else if let group = query.group {
            add("in_group = ?", .text(group.rawValue))
        }
        if let text = query.text {
            // A text without a word is in nothing.
            let question = NotebookText.question(text)
            add(
                "number IN (SELECT rowid FROM \(table)_words WHERE \(table)_words MATCH ?)",
                .text(question ?? "\"\""))
        }
        guard isPaged else { return }
        if let after = query.after {
            add("number > ?", .integer(after))
        } else if let before = query.before {
            add("number < ?", .integer(before))
        }
    }

    private mutating func add(_ condition: String, _ value: SQLiteValue) { add(condition, [value]) }

    /// - Parameter values: One for each question mark.
    mutating func add(_ condition: String, _ values: [SQLiteValue]) {
        conditions.append(condition)
        self.values += values
    }

    var text: String { conditions.isEmpty ? "" : "WHERE " + conditions.joined(separator: " AND ") }
}
