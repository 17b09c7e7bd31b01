/// How the end of a body is found (RFC 9112, section 6).
package enum BodyFraming: Sendable, Hashable {
    case none
    case length(Int)
    case chunked
    /// A response that ends with its connection.
    case untilClose

    /// What `fields` say, or nil where they say nothing.
    ///
    /// Two lengths, or a length with a transfer coding, are refused even where they agree.
    static func declared(by fields: HTTPFields) throws(HTTPParseError) -> BodyFraming? {
        let lengths = fields.all("Content-Length")
        let codings = fields.all("Transfer-Encoding")
        if !codings.isEmpty {
            guard lengths.isEmpty else { throw .conflictingLength }
            if codings.count == 1, codings[0].lowercased() == "chunked" { return .chunked }
            throw fault(inCodings: fields.tokens("Transfer-Encoding"))
        }
        guard let length = lengths.first else { return nil }
        guard lengths.count == 1 else { throw .conflictingLength }
        // 18 digits fit into an Int; a larger length exceeds every limit anyway.
        guard !length.isEmpty, length.utf8.count <= 18, length.utf8.allSatisfy({ HTTPSyntax.decimal($0) != nil }),
            let count = Int(length)
        else { throw .invalidContentLength }
        return .length(count)
    }

    /// Codings that end in one `chunked` could be understood by somebody; of others nobody knows where the body ends.
    ///
    /// The list is not mended: `chunked,` is refused, since readers differ over empty items.
    private static func fault(inCodings codings: [String]) -> HTTPParseError {
        let isFramed =
            codings.count > 1 && codings.last == "chunked" && codings.dropLast().allSatisfy { $0 != "chunked" }
        return isFramed ? .unsupportedTransferCoding : .invalidTransferCoding
    }
}
