private import Glibc

/// The parts of a `multipart/form-data` body (RFC 7578).
package struct MultipartForm: Sendable {
    /// One part.
    package struct Part: Sendable {
        package var name: String
        package var fileName: String?
        /// Within the body, which is not copied.
        package var content: ArraySlice<UInt8>
    }

    /// Of one form, and of the head of one part.
    private static let partLimit = 100
    private static let headLimit = 8 << 10

    /// In their order.
    package let parts: [Part]

    /// - Parameter contentType: With its `boundary`.
    /// - Throws: `invalidForm`, also for another content type.
    package init(_ body: [UInt8], contentType: String?) throws(WireError) {
        guard let boundary = Self.boundary(contentType ?? "") else { throw .invalidForm }
        let mark = Array("--\(boundary)".utf8)
        let lineMark = [0x0D, 0x0A] + mark
        var parts: [Part] = []
        var place = mark.count
        if !body.starts(with: mark) {
            // A preamble is allowed, and mostly absent.
            guard let start = Self.find(lineMark, in: body, from: 0) else { throw .invalidForm }
            place = start + lineMark.count
        }
        while !body[place...].starts(with: [0x2D, 0x2D]) {
            guard let end = Self.find(lineMark, in: body, from: place), parts.count < Self.partLimit else {
                throw .invalidForm
            }
            parts.append(try Self.part(body[place..<end]))
            place = end + lineMark.count
        }
        self.parts = parts
    }

    /// The text of the first part of a name; nil where there is none.
    ///
    /// - Throws: `invalidUTF8`.
    package func text(_ name: String) throws(WireError) -> String? { try texts(name).first }

    /// The texts of all parts of a name.
    package func texts(_ name: String) throws(WireError) -> [String] {
        var texts: [String] = []
        for part in parts where part.name == name {
            guard let text = String(validating: part.content, as: UTF8.self) else { throw .invalidUTF8 }
            texts.append(text)
        }
        return texts
    }

    /// A part behind the line of its boundary.
    private static func part(_ bytes: ArraySlice<UInt8>) throws(WireError) -> Part {
        let head = bytes.prefix(headLimit)
        let whole = Array(head)
        guard whole.starts(with: [0x0D, 0x0A]), let end = find([0x0D, 0x0A, 0x0D, 0x0A], in: whole, from: 0),
            let text = String(validating: whole[..<end], as: UTF8.self)
        else { throw .invalidForm }
        for line in text.split(separator: "\r\n") {
            guard let colon = line.firstIndex(of: ":"), line[..<colon].lowercased() == "content-disposition" else {
                continue
            }
            let disposition = line[line.index(after: colon)...]
            guard let name = parameter("name", of: disposition) else { throw .invalidForm }
            return Part(
                name: name, fileName: parameter("filename", of: disposition),
                content: bytes[(bytes.startIndex + end + 4)...])
        }
        throw .invalidForm
    }

    private static func boundary(_ contentType: String) -> String? {
        guard contentType.lowercased().hasPrefix("multipart/form-data"),
            let boundary = parameter("boundary", of: contentType[...])
        else { return nil }
        // RFC 2046, section 5.1.1.
        return (1...70).contains(boundary.utf8.count) ? boundary : nil
    }

    /// The value of a parameter, quoted or not.
    private static func parameter(_ name: String, of field: Substring) -> String? {
        var rest = field
        while let semicolon = rest.firstIndex(of: ";") {
            rest = rest[rest.index(after: semicolon)...].drop { $0 == " " || $0 == "\t" }
            guard let equals = rest.firstIndex(of: "=") else { return nil }
            let isWanted = rest[..<equals].lowercased() == name
            rest = rest[rest.index(after: equals)...]
            let value: String
            if rest.first == "\"" {
                (value, rest) = quoted(rest.dropFirst())
            } else {
                value = String(rest.prefix { $0 != ";" && $0 != " " })
            }
            if isWanted { return value }
        }
        return nil
    }

    /// - Returns: The text up to the closing quote, and what follows it.
    private static func quoted(_ text: Substring) -> (String, Substring) {
        var (value, rest) = ("", text)
        while let character = rest.popFirst(), character != "\"" {
            value.append(character == "\\" ? rest.popFirst() ?? "\\" : character)
        }
        return (value, rest)
    }

    private static func find(_ wanted: [UInt8], in bytes: [UInt8], from start: Int) -> Int? {
        var place = start
        while place + wanted.count <= bytes.count {
            // The library finds a byte faster than any loop here.
            let found = unsafe bytes.withUnsafeBytes { bytes -> Int? in
                guard let base = bytes.baseAddress else { return nil }
                let rest = bytes.count - place
                guard let hit = unsafe memchr(base + place, Int32(wanted[0]), rest) else { return nil }
                return unsafe UnsafeRawPointer(hit) - base
            }
            guard let found else { return nil }
            if bytes[found...].starts(with: wanted) { return found }
            place = found + 1
        }
        return nil
    }
}
