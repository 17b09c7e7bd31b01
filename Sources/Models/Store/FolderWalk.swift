private import CSystem
private import Glibc

/// Folders and files, as the store needs them.
enum FolderWalk {
    /// Deeper than any model.
    private static let depthLimit = 16
    /// A manifest names some hundred files.
    private static let byteLimit = 16 << 20

    /// The names in a folder, those of hidden files included; empty where it cannot be read.
    static func names(in folder: String) -> [String] {
        guard let stream = unsafe opendir(folder) else { return [] }
        defer { unsafe closedir(stream) }
        var names: [String] = []
        while let entry = unsafe readdir(stream) {
            let name = unsafe withUnsafePointer(to: &entry.pointee.d_name) {
                unsafe $0.withMemoryRebound(to: CChar.self, capacity: 256) { unsafe String(cString: $0) }
            }
            if name != ".", name != ".." { names.append(name) }
        }
        return names
    }

    static func isFolder(_ path: String) -> Bool { kind(path) == S_IFDIR }

    /// - Returns: Nil where there is no file.
    static func byteCount(of path: String) -> Int? {
        var found = stat()
        guard unsafe lstat(path, &found) == 0, found.st_mode & S_IFMT == S_IFREG else { return nil }
        return Int(found.st_size)
    }

    /// The paths of all files below a folder; nil where there is anything but files and folders.
    static func files(in folder: String, depth: Int = 0) -> [String]? {
        guard depth < depthLimit else { return nil }
        var files: [String] = []
        for name in names(in: folder) {
            switch kind("\(folder)/\(name)") {
            case S_IFREG: files.append(name)
            case S_IFDIR:
                guard let inner = self.files(in: "\(folder)/\(name)", depth: depth + 1) else { return nil }
                files += inner.map { "\(name)/\($0)" }
            default: return nil
            }
        }
        return files
    }

    static func remove(_ path: String) {
        if isFolder(path) {
            for name in names(in: path) { remove("\(path)/\(name)") }
            unsafe rmdir(path)
        } else {
            unsafe unlink(path)
        }
    }

    static func read(_ path: String) -> [UInt8]? {
        let file = unsafe open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW)
        guard file >= 0 else { return nil }
        defer { close(file) }
        var bytes: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: 1 << 16)
        while bytes.count <= byteLimit {
            let count = unsafe Glibc.read(file, &buffer, buffer.count)
            if count == 0 { return bytes }
            if count < 0, errno != EINTR { return nil }
            bytes += buffer[..<max(0, count)]
        }
        return nil
    }

    /// Writes a new file, and sees to it that it is on the disk.
    static func write(_ bytes: [UInt8], to path: String) -> Bool {
        let file = unsafe open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOFOLLOW, 0o600)
        guard file >= 0 else { return false }
        defer { close(file) }
        return write(bytes[...], to: file) && fsync(file) == 0
    }

    /// Copies a file below a folder, making the folders between.
    static func copy(_ source: String, to folder: String, as path: String) -> Bool {
        var parent = folder
        for name in path.split(separator: "/").dropLast() {
            parent += "/" + name
            if unsafe mkdir(parent, 0o700) != 0, errno != EEXIST { return false }
        }
        let input = unsafe open(source, O_RDONLY | O_CLOEXEC)
        guard input >= 0 else { return false }
        defer { close(input) }
        let output = unsafe open("\(folder)/\(path)", O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o600)
        guard output >= 0 else { return false }
        defer { close(output) }
        var buffer = [UInt8](repeating: 0, count: 1 << 18)
        while true {
            let count = unsafe Glibc.read(input, &buffer, buffer.count)
            if count == 0 { return true }
            if count < 0, errno != EINTR { return false }
            guard write(buffer[..<max(0, count)], to: output) else { return false }
        }
    }

    private static func write(_ bytes: ArraySlice<UInt8>, to file: Int32) -> Bool {
        var rest = bytes
        while !rest.isEmpty {
            let count = unsafe rest.withUnsafeBytes { unsafe Glibc.write(file, $0.baseAddress, $0.count) }
            if count < 0, errno != EINTR { return false }
            rest = rest.dropFirst(max(0, count))
        }
        return true
    }

    private static func kind(_ path: String) -> mode_t {
        var found = stat()
        return unsafe lstat(path, &found) == 0 ? found.st_mode & S_IFMT : 0
    }
}
