import CSystem
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

    /// What tells one content of a file from another without reading it.
    private struct Stamp: Hashable {
        var inode: UInt64
        var size: Int64
        var nanoseconds: Int64
    }

    private var stamps: [Stamp] {
        [certificate.files.certificate, certificate.files.key].map { path in
            let stamp = unsafe hearsay_stamp_of(path)
            return Stamp(inode: stamp.inode, size: stamp.size, nanoseconds: stamp.nanoseconds)
        }
    }
}
