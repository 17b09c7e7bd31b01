/// How much of a message a parser accepts.
package struct ParseLimits: Sendable, Hashable {
    /// Start line and fields together, in bytes; also bounds the trailer of a chunked body.
    package var headBytes = 16 * 1024
    /// Field lines in a head, and again in a trailer.
    package var fieldCount = 100
    /// The decoded body, in bytes.
    package var bodyBytes = 8 * 1024 * 1024
    /// The same where files are sent to.
    package var uploadBytes = 8 * 1024 * 1024
    /// The paths that files are sent to.
    package var uploadPaths: Set<String> = []

    /// The default limits.
    package init() {}

    /// The limits as they are at a path.
    func at(_ path: String) -> ParseLimits {
        guard uploadPaths.contains(path) else { return self }
        var limits = self
        limits.bodyBytes = uploadBytes
        return limits
    }
}
