import Flow
import Gateway
import Glibc
import Net
import Secrets
import Store

/// The certificate a server shows: the user's, or one of its own that is made once and kept in the data folder.
struct ServerCertificate: Sendable {
    /// In the data folder, for its own certificate.
    static let certificateFile = "tls-certificate.pem"
    /// In the data folder, readable by its owner only.
    static let keyFile = "tls-key.pem"

    /// What connections are shown now.
    let tls: ServerTLS
    let files: ServeSecurity.Files
    private let folder: DataFolder

    /// - Throws: `Failure` for a certificate that cannot be used, or `StoreError`.
    init(_ options: ServeOptions, in folder: DataFolder) throws {
        self.folder = folder
        let own = ServeSecurity.Files(
            certificate: folder.file(Self.certificateFile), key: folder.file(Self.keyFile))
        files = options.security.files ?? own
        do {
            if files == own, try folder.read(Self.certificateFile) == nil {
                try Self.make(names: Self.names(options), in: folder)
            }
            tls = ServerTLS(try Self.read(files))
        } catch let error as CertificateError {
            throw Self.failure(error, files, isOwn: files == own)
        }
        try publish()
    }

    /// What is shown now.
    var certificate: Certificate { tls.context.certificate }

    /// Reads the files again and shows what is in them from now on.
    ///
    /// - Throws: `CertificateError`, and leaves everything as it was.
    func reload() throws {
        tls.replace(by: try Self.read(files))
        try publish()
    }

    /// Writes the fingerprint where the command line of this machine looks for it.
    private func publish() throws(StoreError) {
        try folder.write(Array("\(certificate.fingerprint)\n".utf8), to: LocalFolder.fingerprintFile)
    }

    private static func read(_ files: ServeSecurity.Files) throws(CertificateError) -> TLSServerContext {
        try .load(certificatePath: files.certificate, keyPath: files.key, now: WallTime.now().secondsSince1970)
    }

    /// The key first: a certificate that is there has its key.
    private static func make(names: [String], in folder: DataFolder) throws {
        let made = try SelfSignedCertificate.make(names: names, now: WallTime.now().secondsSince1970)
        try folder.write(made.key, to: keyFile)
        try folder.write(made.certificate, to: certificateFile)
    }

    /// Everything that somebody may have typed to get here.
    private static func names(_ options: ServeOptions) -> [String] {
        let machine = HostCheck.machineName() ?? "localhost"
        let first = String(machine.prefix { $0 != "." })
        let publicHost = [options.publicURL].compactMap { $0.flatMap { WebOrigin($0)?.hostName } }
        let listening = options.addresses.filter { !$0.isWildcard }.map(\.host)
        return [machine, first, first + ".local", "localhost"] + options.hosts + publicHost + listening
            + InterfaceAddresses.all() + ["127.0.0.1", "::1"]
    }

    private static func failure(_ error: CertificateError, _ files: ServeSecurity.Files, isOwn: Bool) -> Failure {
        var advice: [String] = []
        if isOwn {
            advice = [
                "Remove \(files.certificate) and \(files.key), and the next start makes new ones;",
                "those who have pinned the old one are asked anew.",
            ]
        } else if error == .encryptedKey {
            advice = ["Write it without: openssl pkey -in \(files.key) -out key.pem (and keep that file yours alone)."]
        } else {
            advice = ["They are \(files.certificate) (--tls-cert) and \(files.key) (--tls-key)."]
        }
        return Failure(
            exitCode: .usage, code: "bad_certificate", message: "the certificate cannot be used: \(error)",
            advice: advice)
    }
}
