import Flow
import Glibc
import Net
import Secrets

/// The certificate that other machines are shown, and its key.
struct CertificateFacts: Hashable, Sendable {
    enum Content: Hashable, Sendable {
        /// Neither file is there yet.
        case absent
        case usable(Certificate)
        case unusable(CertificateError)
    }

    /// A renewal that fails for a month has been seen by nobody.
    private static let renewal = 30 * 86_400

    var files: ServeSecurity.Files
    /// Whether Hearsay made it.
    var isOwn: Bool
    var content: Content
    var key: FileStatus?
    /// What the running server shows; nil where it has none.
    var shown: Fingerprint?
    /// Names and addresses by which others reach this machine now.
    var wanted: [String] = []
    /// Seconds since 1970.
    var now: Int

    var findings: [Finding] {
        switch content {
        case .absent: [.ok(subject, "none needed yet; one is made when other machines are answered")]
        case .unusable(let error): [unusable(error), openKey].compactMap { $0 }
        case .usable(let certificate):
            [validity(certificate), openKey, otherShown(certificate), missingNames(certificate)].compactMap { $0 }
        }
    }

    private let subject = "certificate"

    private func unusable(_ error: CertificateError) -> Finding {
        let isInTheWay = shown != nil || !isOwn
        let remedy =
            isOwn ? anew : .advice("Give a certificate with its key: --tls-cert FILE --tls-key FILE.")
        return Finding(
            subject: subject, state: isInTheWay ? .problem : .warning, text: "\(error) (\(files.certificate))",
            remedies: [remedy], exitCode: isInTheWay ? .certificateRefused : .success)
    }

    private func validity(_ certificate: Certificate) -> Finding {
        let end = Self.date(certificate.validUntil)
        guard certificate.validUntil - now >= Self.renewal else {
            return .warning(
                subject, "ends on \(end)", isOwn ? anew : .advice("Renew it; the server notices new files."))
        }
        let names = certificate.names.prefix(3).joined(separator: ", ")
        let more = certificate.names.count > 3 ? " and \(certificate.names.count - 3) more" : ""
        return .ok(subject, "valid until \(end) for \(names.isEmpty ? "no name" : names)\(more)")
    }

    private var openKey: Finding? {
        guard let key, key.isOpenToOthers else { return nil }
        return .warning(
            subject, "its key can be read by others (mode \(key.mode))",
            .run("chmod 600 \(files.key.shellWord)", "Keep it to yourself"))
    }

    private func otherShown(_ certificate: Certificate) -> Finding? {
        guard let shown, shown != certificate.fingerprint else { return nil }
        return .note(
            subject, "the running server shows another one, \(String(shown.description.prefix(11)))…",
            .advice("If that is given with --tls-cert, give it here too."))
    }

    private func missingNames(_ certificate: Certificate) -> Finding? {
        let known = Set(certificate.names.map { $0.lowercased() })
        // A certificate of an authority is for its own name; how that leads here is not seen from here.
        let missing = isOwn ? wanted.filter { !known.contains($0.lowercased()) } : []
        guard !missing.isEmpty else { return nil }
        return .note(
            subject, "it is not for \(missing.joined(separator: ", ")); browsers warn there once more", anew)
    }

    private var anew: Finding.Remedy {
        .run(
            "rm \(files.certificate.shellWord) \(files.key.shellWord)",
            "The next start makes a new one, to be accepted anew, after")
    }

    private static func date(_ seconds: Int) -> String {
        String(WallTime(milliseconds: Int64(seconds) * 1_000).iso8601.prefix(10))
    }

    init(files: ServeSecurity.Files, isOwn: Bool, content: Content, now: Int) {
        self.files = files
        self.isOwn = isOwn
        self.content = content
        self.now = now
    }
}

extension CertificateFacts {
    static func read(_ circumstances: Circumstances) -> CertificateFacts {
        let folder = circumstances.settings.dataFolder
        let files = files(circumstances.settings)
        let now = WallTime.now().secondsSince1970
        var facts = CertificateFacts(files: files.used, isOwn: files.areOwn, content: .absent, now: now)
        facts.key = FileStatus(files.used.key)
        if !files.areOwn || FileStatus(files.used.certificate) != nil {
            do throws(CertificateError) {
                let context = try TLSServerContext.load(
                    certificatePath: files.used.certificate, keyPath: files.used.key, now: now)
                facts.content = .usable(context.certificate)
            } catch {
                facts.content = .unusable(error)
            }
        }
        facts.shown = folder.shownFingerprint
        facts.wanted = Interface.all().filter(\.leadsOutside).map(\.address)
        return facts
    }

    /// Those given with the options of `serve`, else the server's own.
    static func files(_ settings: Settings) -> (used: ServeSecurity.Files, areOwn: Bool) {
        let arguments = settings.arguments
        if let certificate = arguments.string("tls-cert"), let key = arguments.string("tls-key") {
            return (ServeSecurity.Files(certificate: certificate, key: key), false)
        }
        let folder = settings.dataFolder.path
        let own = ServeSecurity.Files(
            certificate: "\(folder)/\(ServerCertificate.certificateFile)", key: "\(folder)/\(ServerCertificate.keyFile)"
        )
        return (own, true)
    }

    /// The certificates of a PEM file, which may hold a private key too.
    static func publicPart(of pem: String) -> String {
        var isInside = false
        return pem.split(separator: "\n").filter { line in
            if line.hasPrefix("-----BEGIN CERTIFICATE-----") { isInside = true }
            defer { if line.hasPrefix("-----END ") { isInside = false } }
            return isInside
        }.map { $0 + "\n" }.joined()
    }
}
