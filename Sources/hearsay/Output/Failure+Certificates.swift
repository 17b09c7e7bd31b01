import Flow
import Secrets

extension Failure {
    /// What a certificate that was not accepted means, and how to go on.
    init(_ refusal: CertificateRefusal, url: String, settings: Settings) {
        let trusted = "If that is yours, trust it all the same: --fingerprint \(refusal.fingerprint)"
        func failure(_ code: String, _ message: String, _ advice: [String]) -> Failure {
            Failure(exitCode: .certificateRefused, code: code, message: message, advice: advice)
        }
        switch refusal.reason {
        case .unknownIssuer:
            self = failure(
                "certificate_unknown", "the certificate of \(url) is not known here",
                [
                    "Its SHA-256 is \(refusal.fingerprint)",
                    "If the server printed the same when it started: --fingerprint with that, or HEARSAY_FINGERPRINT,",
                    "or `fingerprint = …` in \(settings.environment.configurationPath). On a terminal you are asked once.",
                ] + Self.badLines(settings))
        case .changed(let expected):
            self = failure(
                "certificate_changed",
                "\(url) shows another certificate than the one known here; it may be somebody else",
                [
                    "known: \(expected.map(\.description).joined(separator: ", "))",
                    "shown: \(refusal.fingerprint)",
                    "If the server has a new one, as it prints when it starts: \(Self.remedy(url, settings))",
                ])
        case .expired(let time):
            self = failure(
                "certificate_expired", "the certificate of \(url) expired on \(Self.day(time))",
                ["Renew it on the server, and look at the clock of this machine.", trusted])
        case .notValidBefore(let time):
            self = failure(
                "certificate_not_yet_valid", "the certificate of \(url) is valid from \(Self.day(time)) on",
                ["Look at the clock of this machine.", trusted])
        case .wrongHost(let names):
            self = failure(
                "certificate_wrong_host",
                "the certificate of \(url) is for \(names.isEmpty ? "no host" : names.joined(separator: ", "))",
                ["Use a name that it is for.", trusted])
        case .other(let words):
            self = failure("certificate_invalid", "the certificate of \(url) is not valid: \(words)", [trusted])
        }
    }

    /// The day of a time in seconds since 1970.
    static func day(_ seconds: Int) -> String {
        String(WallTime(milliseconds: Int64(seconds) * 1000).iso8601.prefix(10))
    }

    private static func remedy(_ url: String, _ settings: Settings) -> String {
        switch settings.pin?.source {
        case .option: "give that one with --fingerprint."
        case .environment: "change HEARSAY_FINGERPRINT."
        case .configuration: "change `fingerprint` in \(settings.environment.configurationPath)."
        case .dataFolder: "ask again; if that does not help, restart it."
        case .knownServers, nil:
            "remove the line of \(KnownServers.name(of: url) ?? url) from \(settings.environment.knownServersPath)."
        }
    }

    private static func badLines(_ settings: Settings) -> [String] {
        let lines = settings.knownServers.badLines
        guard !lines.isEmpty else { return [] }
        let numbers = lines.map(String.init).joined(separator: ", ")
        return ["\(settings.environment.knownServersPath) cannot be understood in line \(numbers)."]
    }
}
