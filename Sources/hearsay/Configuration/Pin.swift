import Secrets

/// The one certificate that a server is expected to show, and who says so.
struct Pin: Hashable, Sendable {
    enum Source: Hashable, Sendable {
        case option
        case environment
        case configuration
        /// The data folder of the server that runs on this machine.
        case dataFolder
        case knownServers
    }

    var fingerprint: Fingerprint
    var source: Source
}

extension Settings {
    /// What was asked for explicitly, for the server that is meant.
    ///
    /// A pin holds for the server that is named by the same means or a weaker one: a `--server` that is none of the
    /// configuration file's has not the certificate of that one.
    func explicitPin() throws(UsageError) -> Pin? {
        let isNamedByOption = arguments.has("server")
        let isNamedByEnvironment = environment["HEARSAY_SERVER"] != nil
        if let text = arguments.string("fingerprint") { return try Self.pin(text, .option, "--fingerprint") }
        if !isNamedByOption, let text = environment["HEARSAY_FINGERPRINT"] {
            return try Self.pin(text, .environment, "HEARSAY_FINGERPRINT")
        }
        if !isNamedByOption, !isNamedByEnvironment, let text = file["fingerprint"] {
            return try Self.pin(text, .configuration, "fingerprint")
        }
        return nil
    }

    private static func pin(_ text: String, _ source: Pin.Source, _ name: String) throws(UsageError) -> Pin {
        guard let fingerprint = Fingerprint(text) else {
            throw .badValue(
                option: name, value: text, expected: "a SHA-256, 64 hexadecimal digits with or without colons")
        }
        return Pin(fingerprint: fingerprint, source: source)
    }
}
