import Gateway
import Glibc
import Net
import Testing

@Suite struct PagesTests {
    let pages = Pages([
        Page(path: "player/index.html", bytes: Array("<p>hello".utf8)),
        Page(path: "link/link.js", bytes: Array("export {}".utf8)), Page(path: "icon.svg", bytes: Array("<svg/>".utf8)),
    ])

    @Test func `the player is where its link points`() throws {
        let response = try #require(get("/player"))
        #expect(response.status == 200)
        #expect(response.body == Array("<p>hello".utf8))
        #expect(response.fields["Content-Type"] == "text/html; charset=utf-8")
        #expect(get("/")?.fields["Location"] == "/player")
    }

    @Test func `the icon is where browsers look for one by themselves`() throws {
        let response = try #require(get("/favicon.ico"))
        #expect(response.body == Array("<svg/>".utf8) && response.fields["Content-Type"] == "image/svg+xml")
    }

    @Test func `modules come as modules`() throws {
        let response = try #require(get("/web/link/link.js"))
        #expect(response.fields["Content-Type"] == "text/javascript; charset=utf-8")
        #expect(response.fields["X-Content-Type-Options"] == "nosniff")
    }

    @Test(arguments: ["/player", "/web/link/link.js"])
    func `nothing foreign runs in a page, and it tells nobody where it was`(_ path: String) throws {
        let fields = try #require(get(path)).fields
        let policy = try #require(fields["Content-Security-Policy"])
        #expect(
            policy
                == "default-src 'self'; connect-src 'self'; img-src 'self' data:; media-src 'self' blob:; style-src 'self'; "
                + "script-src 'self'; worker-src 'self'; base-uri 'none'; form-action 'none'; "
                + "frame-ancestors 'none'; object-src 'none'")
        #expect(fields["Referrer-Policy"] == "no-referrer")
    }

    @Test func `a page that the browser has is not sent again`() throws {
        let tag = try #require(get("/player")?.fields["ETag"])
        #expect(tag.hasPrefix("\"") && tag != get("/web/link/link.js")?.fields["ETag"])
        for known in [tag, "W/\(tag)", "\"other\", \(tag)", "*"] {
            let response = try #require(get("/player", ["If-None-Match": known]))
            #expect(response.status == 304 && response.body.isEmpty)
            #expect(response.fields["ETag"] == tag)
        }
        #expect(get("/player", ["If-None-Match": "\"other\""])?.status == 200)
    }

    @Test(arguments: [
        "/web/", "/web", "/web/none.js", "/web/../player/index.html", "/player/", "/Player", "/index.html",
    ])
    func `other paths are no pages`(_ path: String) {
        #expect(get(path) == nil)
    }

    @Test func `every file of Web that browsers load is in the binary`() throws {
        let root = String(#filePath.dropLast("Tests/GatewayTests/Pages/PagesTests.swift".count)) + "Web"
        let embedded = Dictionary(uniqueKeysWithValues: Page.embedded().map { ($0.path, $0.bytes) })
        let files = files(in: root).filter { file in
            [".html", ".css", ".js", ".svg", ".png", ".flac", ".woff2", ".webmanifest", ".wasm"].contains {
                file.hasSuffix($0)
            }
        }
        #expect(Set(embedded.keys) == Set(files), "run Scripts/embed-pages and commit the table it writes")
        for file in files { #expect(embedded[file] == bytes(of: root + "/" + file), "\(file)") }
    }

    private func get(_ path: String, _ fields: HTTPFields = [:]) -> HTTPResponse? {
        pages.response(to: HTTPRequest(method: "GET", path: path, fields: fields))
    }

    private func files(in folder: String, below prefix: String = "") -> [String] {
        guard let handle = unsafe opendir(folder) else { return [] }
        defer { unsafe closedir(handle) }
        var found: [String] = []
        while let entry = unsafe readdir(handle) {
            let name = unsafe withUnsafeBytes(of: entry.pointee.d_name) { bytes in
                unsafe String(decoding: bytes.prefix { $0 != 0 }, as: UTF8.self)
            }
            guard !name.hasPrefix(".") else { continue }
            if unsafe entry.pointee.d_type == UInt8(DT_DIR) {
                found += files(in: folder + "/" + name, below: prefix + name + "/")
            } else {
                found.append(prefix + name)
            }
        }
        return found
    }

    private func bytes(of path: String) -> [UInt8] {
        let descriptor = unsafe open(path, O_RDONLY)
        defer { close(descriptor) }
        var bytes = [UInt8](repeating: 0, count: 1 << 22)
        let count = unsafe read(descriptor, &bytes, bytes.count)
        return Array(bytes.prefix(max(0, count)))
    }
}
