private import CSQLite

/// One open database file.
///
/// Used by one actor only; the library's own mutex makes closing from another thread safe too.
@safe struct SQLiteConnection: ~Copyable {
    private let handle: OpaquePointer
    private let path: String

    /// Opens the file, making it where it is missing.
    init(path: String) throws(StoreError) {
        unsafe handle = try Self.open(path)
        self.path = path
    }

    deinit {
        unsafe sqlite3_close_v2(handle)
    }

    /// Runs one statement and gathers its rows.
    ///
    /// - Parameter values: For the question marks, in order.
    @discardableResult
    func run(_ sql: String, _ values: [SQLiteValue] = []) throws(StoreError) -> [[SQLiteValue]] {
        var statement: OpaquePointer?
        unsafe try check(sqlite3_prepare_v2(handle, sql, -1, &statement, nil))
        guard let statement = unsafe statement else { return [] }
        defer { unsafe sqlite3_finalize(statement) }
        for (index, value) in values.enumerated() {
            unsafe try check(Self.bind(value, to: statement, at: Int32(index + 1)))
        }
        return unsafe try rows(of: statement)
    }

    /// How many rows the last statement changed.
    var changedRowCount: Int { unsafe Int(sqlite3_changes(handle)) }

    /// Runs several statements as one: all of them count, or none.
    func transaction<Result>(_ body: () throws(StoreError) -> Result) throws(StoreError) -> Result {
        try run("BEGIN IMMEDIATE")
        do throws(StoreError) {
            let result = try body()
            try run("COMMIT")
            return result
        } catch {
            // SQLite has rolled back by itself where this fails.
            _ = try? run("ROLLBACK")
            throw error
        }
    }

    private static func open(_ path: String) throws(StoreError) -> OpaquePointer {
        var handle: OpaquePointer?
        let flags = SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE | SQLITE_OPEN_FULLMUTEX
        let code = unsafe sqlite3_open_v2(path, &handle, flags, nil)
        guard code == SQLITE_OK, let handle = unsafe handle else {
            unsafe sqlite3_close_v2(handle)
            throw .sqlite(code, path: path)
        }
        unsafe sqlite3_busy_timeout(handle, 1_000)
        return unsafe handle
    }

    private func rows(of statement: OpaquePointer) throws(StoreError) -> [[SQLiteValue]] {
        var rows: [[SQLiteValue]] = []
        while true {
            let code = unsafe sqlite3_step(statement)
            guard code == SQLITE_ROW else {
                try check(code == SQLITE_DONE ? SQLITE_OK : code)
                return rows
            }
            unsafe rows.append((0..<sqlite3_column_count(statement)).map { unsafe Self.column($0, of: statement) })
        }
    }

    private func check(_ code: Int32) throws(StoreError) {
        guard code == SQLITE_OK else { throw .sqlite(code, path: path) }
    }

    private static func bind(_ value: SQLiteValue, to statement: OpaquePointer, at index: Int32) -> Int32 {
        switch value {
        case .null: unsafe sqlite3_bind_null(statement, index)
        case .integer(let number): unsafe sqlite3_bind_int64(statement, index, number)
        case .real(let number): unsafe sqlite3_bind_double(statement, index, number)
        case .text(let text): unsafe hearsay_bind_text(statement, index, text, Int32(text.utf8.count))
        case .blob(let bytes): unsafe hearsay_bind_blob(statement, index, bytes, Int32(bytes.count))
        }
    }

    private static func column(_ index: Int32, of statement: OpaquePointer) -> SQLiteValue {
        switch unsafe sqlite3_column_type(statement, index) {
        case SQLITE_INTEGER:
            return unsafe .integer(sqlite3_column_int64(statement, index))
        case SQLITE_FLOAT:
            return unsafe .real(sqlite3_column_double(statement, index))
        case SQLITE_TEXT:
            guard let bytes = unsafe sqlite3_column_text(statement, index) else { return .null }
            return unsafe .text(String(cString: bytes))
        case SQLITE_BLOB:
            let count = unsafe Int(sqlite3_column_bytes(statement, index))
            guard let bytes = unsafe sqlite3_column_blob(statement, index) else { return .blob([]) }
            return unsafe .blob(Array(UnsafeRawBufferPointer(start: bytes, count: count)))
        default:
            return .null
        }
    }
}
