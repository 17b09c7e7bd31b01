/// Why bytes are not an HTTP/1.1 message that we accept.
package enum HTTPParseError: Error, Hashable, CaseIterable {
    case malformedStartLine
    case unsupportedVersion
    case unknownMethod
    case invalidTarget
    case startLineTooLong
    case headTooLarge
    case tooManyFields
    /// A line that ends without a carriage return; lenient readers disagree about it, which allows smuggling.
    case bareLineFeed
    case bareCarriageReturn
    /// A field value continued on the next line (obs-fold).
    case foldedField
    case invalidField
    case invalidHost
    case invalidContentLength
    /// Two lengths, or a length together with chunking.
    case conflictingLength
    /// A transfer coding that hides where the body ends: without `chunked` at its end, or before HTTP/1.1.
    case invalidTransferCoding
    case unsupportedTransferCoding
    case bodyTooLarge
    /// The same where files are sent to, which has a limit of its own.
    case uploadTooLarge
    case invalidChunk
    case unknownExpectation
    /// The connection ended inside a message.
    case truncated

    /// The limit that was reached, by its name; nil for a fault of another kind.
    var limit: String? {
        switch self {
        case .startLineTooLong, .headTooLarge: "head_bytes"
        case .tooManyFields: "fields"
        case .bodyTooLarge: "body_bytes"
        case .uploadTooLarge: "upload_bytes"
        default: nil
        }
    }

    /// The status a server answers with.
    package var status: Int {
        switch self {
        case .unsupportedVersion: 505
        case .startLineTooLong: 414
        case .headTooLarge, .tooManyFields: 431
        case .unsupportedTransferCoding, .unknownMethod: 501
        case .bodyTooLarge, .uploadTooLarge: 413
        case .unknownExpectation: 417
        default: 400
        }
    }
}
