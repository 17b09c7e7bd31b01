package import Flow
private import Glibc
internal import Net
package import Secrets

/// Fetches one file over HTTP, going on where an earlier try or an earlier program broke off.
package struct Download: Sendable {
    package var url: String
    /// The model's name, for what is told.
    package var id: String
    /// Where the file grows.
    package var path: String
    package var isPinned: Bool
    package var trust: ServerTrust
    package var timeline: Timeline

    package init(
        url: String, id: String, path: String, isPinned: Bool, trust: ServerTrust, timeline: Timeline = .live()
    ) {
        self.url = url
        self.id = id
        self.path = path
        self.isPinned = isPinned
        self.trust = trust
        self.timeline = timeline
    }

    /// Tries without a single new byte, before it is given up.
    private static let idleTryLimit = 5
    /// A server that sends nothing for so long has forgotten us.
    private static let silence = Duration.seconds(30)
    /// As browsers do.
    private static let redirectLimit = 10
    /// The file and what it unpacks to, since neural weights hardly shrink when packed, and 64 MB that stay free.
    private static func room(for count: Int) -> Int { count * 5 / 2 + 64 << 20 }

    /// What became of one request.
    private enum Step {
        case done
        /// The connection broke or the server was busy; wait this long.
        case again(Duration?)
    }

    /// Fetches the file.
    ///
    /// - Parameter report: Called as bytes come.
    /// - Returns: Its SHA-256 in hexadecimal digits.
    package func run(report: (TransferProgress) -> Void) async throws(ModelError) -> String {
        var part = try PartialFile.open(path, id: id, source: url)
        var idleTryCount = 0
        var backoff = Backoff(first: .milliseconds(200), cap: .seconds(10))
        while true {
            let before = part.byteCount
            let step = try await fetch(&part, report)
            guard case .again(let wait) = step else { break }
            if part.byteCount > before {
                idleTryCount = 0
                backoff.reset()
            } else {
                idleTryCount += 1
            }
            guard idleTryCount < Self.idleTryLimit else { throw .cut(url, after: part.byteCount, of: nil) }
            await timeline.sleep(until: timeline.now + (wait ?? backoff.next()))
            if Task.isCancelled { throw .unreachable(url, .cancelled) }
        }
        let (hash, isWebPage) = try part.digest()
        if isWebPage {
            Self.forget(path)
            throw .webPage(url)
        }
        return hash
    }

    /// Removes what was fetched if it is nothing.
    package static func forgetNothing(_ path: String) {
        if FolderWalk.byteCount(of: path) == 0 { forget(path) }
    }

    /// Removes what was fetched.
    package static func forget(_ path: String) {
        unsafe unlink(path)
        unsafe unlink(path + ".from")
    }

    /// The SHA-256 of a file in hexadecimal digits; nil where it cannot be read.
    package static func digest(ofFileAt path: String) -> String? { FileDigest.sha256(ofFileAt: path) }

    private func fetch(
        _ part: inout PartialFile, _ report: (TransferProgress) -> Void
    ) async throws(ModelError) -> Step {
        guard let answer = try await ask(for: part) else { return .again(nil) }
        switch answer.status {
        case 200:
            try part.restart(validator: Self.validator(answer.fields))
        case 206:
            guard Self.begin(answer.fields["Content-Range"]) == part.byteCount else {
                try part.restart(validator: nil)
                return .again(.zero)
            }
        case 416:
            // All of it is there already, or the file has become shorter.
            if Self.total(answer.fields["Content-Range"]) == part.byteCount { return .done }
            try part.restart(validator: nil)
            return .again(.zero)
        case 429, 500...599: return .again(Self.wait(answer.fields))
        default: throw .refused(url, status: answer.status)
        }
        return try await read(answer, into: &part, report)
    }

    /// Follows the server to wherever the file is.
    ///
    /// - Returns: Nil where the connection broke.
    private func ask(for part: borrowing PartialFile) async throws(ModelError) -> HTTPBodyStream? {
        var place = url
        for _ in 0...Self.redirectLimit {
            guard let parts = try? URLParts(place) else { throw .badURL(place) }
            guard parts.isSecure || isPinned || Self.isThisMachine(parts.host) else { throw .insecure(place) }
            var origin = parts
            origin.target = "/"
            let answer: HTTPBodyStream
            do throws(ClientError) {
                answer = try await HTTPClient(base: origin, trust: trust).stream(
                    "GET", parts.target, fields: fields(for: part), timeout: Self.silence,
                    connectTimeout: .seconds(15))
            } catch {
                if error == .timedOut || error == .closed { return nil }
                throw .unreachable(place, error)
            }
            guard [301, 302, 303, 307, 308].contains(answer.status), let target = answer.fields["Location"] else {
                return answer
            }
            place = Self.resolve(target, from: parts)
        }
        throw .tooManyRedirects(url)
    }

    private func fields(for part: borrowing PartialFile) -> HTTPFields {
        var fields: HTTPFields = ["Accept-Encoding": "identity", "User-Agent": "hearsay"]
        // Parts of two versions would be joined if nothing told them apart, neither the server nor a hash.
        guard part.byteCount > 0, part.validator != nil || isPinned else { return fields }
        fields.set("Range", "bytes=\(part.byteCount)-")
        if let validator = part.validator { fields.set("If-Range", validator) }
        return fields
    }

    /// Where a `Location` leads (RFC 9110, section 10.2.2).
    static func resolve(_ target: String, from parts: URLParts) -> String {
        let scheme = parts.isSecure ? "https" : "http"
        if target.contains("://") { return target }
        if target.hasPrefix("//") { return "\(scheme):\(target)" }
        if target.hasPrefix("/") { return "\(scheme)://\(parts.authority)\(target)" }
        let path = parts.target.prefix { $0 != "?" }
        let folder = path.prefix(through: path.lastIndex(of: "/") ?? path.startIndex)
        return "\(scheme)://\(parts.authority)\(folder)\(target)"
    }

    private static func isThisMachine(_ host: String) -> Bool {
        host == "localhost" || host == "::1" || host.hasPrefix("127.")
    }

    /// What the server calls this version of the file; a weak name will not do (RFC 9110, section 13.1.5).
    private static func validator(_ fields: HTTPFields) -> String? {
        if let tag = fields["ETag"], !tag.hasPrefix("W/") { return tag }
        return fields["Last-Modified"]
    }

    /// The place of the first byte in `bytes 100-199/200`.
    static func begin(_ range: String?) -> Int? {
        guard let range, range.hasPrefix("bytes ") else { return nil }
        return Int(range.dropFirst(6).prefix { $0.isNumber })
    }

    /// The length of the whole in `bytes 100-199/200`.
    static func total(_ range: String?) -> Int? {
        range?.split(separator: "/").last.flatMap { Int($0) }
    }

    /// How long the server asks us to wait, up to a minute.
    private static func wait(_ fields: HTTPFields) -> Duration? {
        fields["Retry-After"].flatMap { Int($0) }.map { .seconds(min(60, max(0, $0))) }
    }

    private func read(
        _ answer: HTTPBodyStream, into part: inout PartialFile, _ report: (TransferProgress) -> Void
    ) async throws(ModelError) -> Step {
        let rest = answer.fields["Content-Length"].flatMap { Int($0) }
        let total = rest.map { $0 + part.byteCount }
        try checkRoom(total ?? part.byteCount, received: part.byteCount)
        var progress = TransferProgress(receivedByteCount: part.byteCount, totalByteCount: total, at: timeline.now)
        report(progress)
        while true {
            let piece: Result<[UInt8]?, ClientError>? = await timeline.limit(Self.silence) {
                do throws(ClientError) {
                    return .success(try await answer.next())
                } catch {
                    return .failure(error)
                }
            }
            if Task.isCancelled { throw .unreachable(url, .cancelled) }
            switch piece {
            case .success(let bytes?):
                try part.append(bytes)
                progress.add(bytes.count, at: timeline.now)
                report(progress)
            case .success(nil): return .done
            case .failure, nil: return .again(nil)
            }
        }
    }

    private func checkRoom(_ total: Int, received: Int) throws(ModelError) {
        var space = statvfs()
        guard unsafe statvfs(path, &space) == 0 else { throw .system(path, number: errno) }
        let free = Int(space.f_bavail) * Int(space.f_frsize)
        let needed = Self.room(for: total) - received
        if free < needed { throw .noRoom(needed: needed, free: free) }
    }
}
