/// Fetches models while the server runs.
package protocol ModelPuller: Sendable {
    /// Begins to fetch and install a model of the built-in list; events tell how it goes.
    ///
    /// - Parameters:
    ///   - id: As the list names it.
    ///   - acceptsLicence: Whether the caller agrees to a licence that asks for more than naming the makers.
    func pull(_ id: String, acceptsLicence: Bool) throws(ModelRefusal)
}

/// Why a model is not fetched.
package enum ModelRefusal: Error, Hashable, Sendable {
    case unknownModel(String)
    case alreadyInstalled(String)
    /// The licence, to which nobody has agreed.
    case needsConsent(licence: String)
    /// Nobody has told the hash of its file, and a server takes nothing on trust.
    case notPinned(String)
    /// One is being fetched.
    case busy
}
