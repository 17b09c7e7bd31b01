/// How the installation of a model goes.
package enum ModelState: Hashable, Sendable {
    /// Its file is on its way.
    case fetching
    case unpacking
    /// A worker loads it and says a word with it.
    case trying
    case installed
    /// Nothing was installed; the code is for programs, the sentence for people.
    case failed(code: String, message: String)

    /// The stable word.
    package var word: String {
        switch self {
        case .fetching: "fetching"
        case .unpacking: "unpacking"
        case .trying: "trying"
        case .installed: "installed"
        case .failed: "failed"
        }
    }
}

/// How far a model's file has come.
package struct ModelTransfer: Hashable, Sendable {
    package var receivedByteCount: Int
    /// Nil where nobody tells.
    package var totalByteCount: Int?
    /// Of the last seconds; nil until there is something to measure.
    package var bytesPerSecond: Int?
    package var timeLeft: Duration?

    package init(
        receivedByteCount: Int, totalByteCount: Int? = nil, bytesPerSecond: Int? = nil, timeLeft: Duration? = nil
    ) {
        self.receivedByteCount = receivedByteCount
        self.totalByteCount = totalByteCount
        self.bytesPerSecond = bytesPerSecond
        self.timeLeft = timeLeft
    }
}
