package import Net

/// The pages of the server: `/player`, `/listen`, and what they are made of below `/web/`.
///
/// They hold no secret and need no token: the player's token travels in the fragment of its link.
package struct Pages: Sendable {
    /// Only this server's own files run, and only in its own windows.
    private static let policy =
        "default-src 'self'; connect-src 'self'; img-src 'self' data:; media-src 'self' blob:; style-src 'self'; "
        + "script-src 'self'; worker-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'; object-src 'none'"

    /// What the pages ask of a browser; everything else that has a permission stays off.
    private static let permissions =
        "autoplay=(self), microphone=(self), speaker-selection=(self), camera=(), display-capture=(), geolocation=(), "
        + "payment=(), usb=(), serial=(), bluetooth=(), midi=()"

    private let pages: [String: Page]

    /// - Parameter pages: Those of the binary, unless a test brings its own.
    package init(_ pages: [Page] = Page.embedded()) {
        self.pages = Dictionary(pages.map { ($0.path, $0) }) { first, _ in first }
    }

    /// Answers GET and HEAD of a path that belongs to a page; nil for any other path.
    package func response(to request: HTTPRequest) -> HTTPResponse? {
        if request.path == "/" { return Self.redirect }
        guard let page = page(at: request.path) else { return nil }
        let isKnown = request.fields.items("If-None-Match").contains { tag in
            tag == "*" || tag == page.entityTag || tag == "W/" + page.entityTag
        }
        return isKnown
            ? HTTPResponse(status: 304, fields: Self.fields(of: page))
            : HTTPResponse(status: 200, fields: Self.fields(of: page), body: page.bytes)
    }

    /// Whether GET finds something at a path.
    package func hasPage(at path: String) -> Bool { path == "/" || page(at: path) != nil }

    private static let redirect = HTTPResponse(
        status: 302, fields: ["Location": "/player", "Cache-Control": "no-cache", "Referrer-Policy": "no-referrer"])

    private func page(at path: String) -> Page? {
        if path.hasPrefix("/web/") { return pages[String(path.dropFirst("/web/".count))] }
        return switch path {
        case "/player": pages["player/index.html"]
        case "/listen": pages["listen/index.html"]
        // Browsers ask for it beside each document that names no icon, a picture for instance.
        case "/favicon.ico": pages["icon.svg"]
        default: nil
        }
    }

    /// No name carries a hash, so a browser asks each time; the answer is nearly always 304.
    private static func fields(of page: Page) -> HTTPFields {
        [
            "Content-Type": page.contentType,
            "ETag": page.entityTag,
            "Cache-Control": "no-cache",
            "Content-Security-Policy": policy,
            "Permissions-Policy": permissions,
            "Cross-Origin-Resource-Policy": "same-origin",
            "Referrer-Policy": "no-referrer",
            "X-Content-Type-Options": "nosniff",
        ]
    }
}
