import CSQLite
import Glibc
import Store

/// A new empty place for a test; removed with everything in it when the test is over.
final class Scratch: Sendable {
    let path: String

    init() {
        var template = Array("/tmp/hearsay-test-XXXXXX".utf8CString)
        path = unsafe mkdtemp(&template).map { unsafe String(cString: $0) } ?? "/tmp"
    }

    deinit {
        guard path != "/tmp" else { return }
        Self.remove(path)
    }

    /// The path of a data folder in it.
    var folder: String { path + "/data" }

    func mode(_ name: String) -> mode_t {
        var status = stat()
        guard unsafe stat(path + "/" + name, &status) == 0 else { return 0 }
        return status.st_mode & 0o777
    }

    func exists(_ name: String) -> Bool { unsafe access(path + "/" + name, F_OK) == 0 }

    func writeFile(_ name: String, _ text: String = "") {
        let descriptor = unsafe open(path + "/" + name, O_WRONLY | O_CREAT | O_TRUNC, 0o600)
        _ = unsafe write(descriptor, text, text.utf8.count)
        close(descriptor)
    }

    func makeFolder(_ name: String) { _ = unsafe mkdir(path + "/" + name, 0o755) }

    /// Makes every write to the file fail as on a full disk.
    func fillUp(_ name: String) { _ = unsafe symlink("/dev/full", path + "/" + name) }

    /// Changes a database behind the back of its server.
    func run(_ sql: String, on name: String) {
        var handle: OpaquePointer?
        if unsafe sqlite3_open(path + "/" + name, &handle) == SQLITE_OK {
            unsafe sqlite3_exec(handle, sql, nil, nil, nil)
        }
        unsafe sqlite3_close_v2(handle)
    }

    /// Whether the database or a file beside it holds these letters.
    func holds(_ letters: String) -> Bool {
        ["", "-wal", "-shm"].contains { suffix in
            guard let file = unsafe fopen(folder + "/hearsay.db" + suffix, "r") else { return false }
            defer { unsafe fclose(file) }
            var bytes = [UInt8](repeating: 0, count: 16 << 20)
            let count = unsafe fread(&bytes, 1, bytes.count, file)
            return bytes[..<count].firstRange(of: Array(letters.utf8)) != nil
        }
    }

    private static func remove(_ path: String) {
        if let folder = unsafe opendir(path) {
            while let entry = unsafe readdir(folder) {
                let name = unsafe withUnsafeBytes(of: entry.pointee.d_name) { bytes in
                    unsafe String(decoding: bytes.prefix { $0 != 0 }, as: UTF8.self)
                }
                if name != "." && name != ".." { remove(path + "/" + name) }
            }
            unsafe closedir(folder)
        }
        _ = unsafe Glibc.remove(path)
    }
}

/// What a call throws.
func failure<Result>(_ body: () throws(StoreError) -> Result) -> StoreError? {
    do throws(StoreError) {
        _ = try body()
        return nil
    } catch {
        return error
    }
}
