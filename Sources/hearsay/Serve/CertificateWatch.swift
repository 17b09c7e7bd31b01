import Flow
import Secrets

/// Notices that the files of a certificate have changed, as they do when it is renewed, and has it read again.
struct CertificateWatch: Service {
    /// Renewals happen weeks before they are needed; this is for those who watch.
    static let interval = Duration.seconds(2)

    let certificate: ServerCertificate
    let timeline: Timeline
    let log: Log

    /// Looks until cancelled; files that cannot be used are told once, and what was shown stays.
    func run() async throws {
        var known = stamps
        while !Task.isCancelled {
            await timeline.sleep(until: timeline.now + Self.interval)
            let current = stamps
            guard current != known else { continue }
            known = current
            do {
                try certificate.reload()
                log.info("certificate.reloaded", ["sha256": "\(certificate.certificate.fingerprint)"])
            } catch {
                log.error(
                    "certificate.unusable", ["error": "\(error)", "kept": "\(certificate.certificate.fingerprint)"])
            }
        }
    }

    private var stamps: [FileStamp?] {
        [certificate.files.certificate, certificate.files.key].map { FileStamp($0) }
    }
}
