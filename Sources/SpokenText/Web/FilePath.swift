/// Paths and names of files.
enum FilePath {
    /// How many names of a path are spoken: of a longer one, the last two.
    static let longestWhole = 3
    private static let limit = 1_024

    /// `/usr/local/bin`, `~/notes.txt`, `Sources/Net/Loop.swift:42`, `C:\Users`, `.env`, `README.md`.
    static func read(_ text: TextWindow, _ index: Int) -> Reading? {
        var end = text.end(from: index, limit: limit) { $0.isWordPart || signs.contains($0) }
        if text[index + 1] == ":", text[index].isLetter, text[index + 2] == "\\" {
            end = text.end(from: index + 2, limit: limit) { $0.isWordPart || signs.contains($0) }
        }
        while end > index, text[end - 1].isClosing || text[end - 1] == "-" || text[end - 1] == "*" { end -= 1 }
        guard end > index + 1, isPath(text, index..<end), let words = words(of: text, index..<end) else { return nil }
        if let line = LinePlace.behind(text, end) { return Reading(words + " " + line.words, to: line.end) }
        if text[end] == "?", text[end + 1].isLetter { end = endOfQuery(text, end) }
        return text[end] == "(" || text[end] == "@" ? nil : Reading(words, to: end)
    }

    /// The end of `?page=2&all`, which is not spoken; the place itself where nothing is set.
    private static func endOfQuery(_ text: TextWindow, _ index: Int) -> Int {
        var end = text.end(from: index + 1, limit: limit) { $0.isWordPart || querySigns.contains($0) }
        guard text[index + 1..<end].contains("=") else { return index }
        while text[end - 1].isClosing { end -= 1 }
        return end
    }

    private static let querySigns: Set<Unicode.Scalar> = ["=", "&", "%", "-", "_", ".", "+", ",", ":", "~"]

    private static let signs: Set<Unicode.Scalar> = ["/", "\\", ".", "-", "_", "+", "~", "@", "*", "%"]

    private static func isPath(_ text: TextWindow, _ range: Range<Int>) -> Bool {
        let (first, second) = (text[range.lowerBound], text[range.lowerBound + 1])
        let path = text.scalars[range]
        let hasLetter = path.contains(where: \.isLetter)
        guard hasLetter else { return false }
        let last = path.split(whereSeparator: isSlash).last ?? []
        if path.contains(where: isSlash) {
            if first == "/" { return second.isWordPart || second == "." || second == "_" || second == "*" }
            if first == "~" { return isSlash(second) }
            if first == "." { return true }
            if second == ":", isSlash(text[range.lowerBound + 2]) { return true }
            return hasExtension(last) || last.first == "." || isSlash(text[range.upperBound - 1]) && path.count > 2
        }
        return hasExtension(last) && first.isWordPart || first == "." && second.isLower && path.count > 3
    }

    private static func isSlash(_ scalar: Unicode.Scalar) -> Bool { scalar == "/" || scalar == "\\" }

    private static func hasExtension(_ name: ArraySlice<Unicode.Scalar>) -> Bool {
        guard let dot = name.lastIndex(of: "."), dot > name.startIndex else { return false }
        return FileExtension.names[text(name[(dot + 1)...]).lowercased()] != nil
    }

    private static func text(_ scalars: ArraySlice<Unicode.Scalar>) -> String {
        var view = String.UnicodeScalarView()
        view.append(contentsOf: scalars)
        return String(view)
    }

    /// - Returns: nil where there is nothing to say.
    static func words(of text: TextWindow, _ range: Range<Int>) -> String? {
        let path = text.scalars[range]
        let isAbsolute = path.first.map(isSlash) ?? false
        let names = path.split { isSlash($0) || $0 == ":" }.map(name).filter { !$0.isEmpty }
        guard !names.isEmpty else { return nil }
        if names.count > longestWhole { return names.suffix(2).joined(separator: " slash ") }
        return (isAbsolute ? "slash " : "") + names.joined(separator: " slash ")
    }

    private static func name(_ scalars: ArraySlice<Unicode.Scalar>) -> String {
        switch text(scalars) {
        case ".": return ""
        case "..": return "up"
        case "~": return "home"
        default: break
        }
        let parts = scalars.split(separator: ".").enumerated().map { index, part in
            let isLast = part.endIndex == scalars.endIndex && part.startIndex > scalars.startIndex
            if isLast, let name = FileExtension.names[text(part).lowercased()] { return name }
            return Identifier.words(part)
        }
        return (scalars.first == "." ? "dot " : "") + parts.filter { !$0.isEmpty }.joined(separator: " dot ")
    }
}

/// The endings of file names, and how they are said.
enum FileExtension {
    static let names: [String: String] = {
        var names = [
            "txt": "text", "json": "jason", "yaml": "yammel", "yml": "yammel", "toml": "tommel", "jpg": "jay peg",
            "jpeg": "jay peg", "gif": "gif", "zip": "zip", "swift": "swift", "java": "java", "bash": "bash",
            "bin": "bin", "conf": "conf", "config": "config", "log": "log", "lock": "lock", "wav": "wave",
            "dart": "dart", "lua": "lua", "env": "env", "bak": "back", "tmp": "temp", "tar": "tar", "opus": "opus",
            "webp": "web P", "scss": "S C S S", "sqlite": "S Q lite", "plist": "P list", "ini": "I N I", "vue": "view",
            "jsonl": "jason L", "ipynb": "notebook", "proto": "proto", "gradle": "gradle", "docx": "doc X",
            "doc": "doc",
        ]
        for spelled in [
            "md", "py", "js", "ts", "tsx", "jsx", "rs", "go", "rb", "sh", "c", "h", "cc", "cpp", "hpp", "cs", "kt",
            "php",
            "html", "htm", "css", "xml", "csv", "tsv", "pdf", "png", "svg", "mp3", "mp4", "exe", "dll", "so", "gz",
            "sql",
            "db", "ps1", "mjs", "cjs", "xls", "xlsx", "ppt", "pptx", "deb", "rpm", "iso", "ogg", "webm", "tf", "ex",
        ] { names[spelled] = Spelling.words(Array(spelled.unicodeScalars)[...]) }
        return names
    }()
}
