private import CAssets
private import Secrets

/// One embedded file of `Web/`, ready to be served.
package struct Page: Sendable {
    /// Below `Web/`, such as `player/index.html`.
    package let path: String
    /// The whole file.
    package let bytes: [UInt8]
    /// By the ending of its name.
    package let contentType: String
    /// Strong: it changes with every byte (RFC 9110, section 8.8.3).
    package let entityTag: String

    package init(path: String, bytes: [UInt8]) {
        self.path = path
        self.bytes = bytes
        contentType = Self.contentType(of: path)
        entityTag = "\"" + Base64URL.encode(Array(SHA256.digest(bytes).prefix(16))) + "\""
    }

    /// All files in the binary.
    package static func embedded() -> [Page] {
        var pages: [Page] = []
        while let asset = unsafe hearsay_asset_at(pages.count) {
            let bytes = unsafe UnsafeBufferPointer(start: asset.pointee.bytes, count: asset.pointee.byte_count)
            unsafe pages.append(Page(path: String(cString: asset.pointee.path), bytes: Array(bytes)))
        }
        return pages
    }

    private static func contentType(of path: String) -> String {
        switch path.split(separator: ".").last {
        case "html": "text/html; charset=utf-8"
        case "css": "text/css; charset=utf-8"
        case "js": "text/javascript; charset=utf-8"
        case "svg": "image/svg+xml"
        case "png": "image/png"
        case "flac": "audio/flac"
        case "woff2": "font/woff2"
        case "wasm": "application/wasm"
        case "webmanifest": "application/manifest+json"
        default: "application/octet-stream"
        }
    }
}
