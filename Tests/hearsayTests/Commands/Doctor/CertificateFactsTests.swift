import Secrets
import Testing

@testable import hearsay

@Suite struct CertificateFactsTests {
    private let files = ServeSecurity.Files(certificate: "/d/c.pem", key: "/d/k.pem")
    private let now = 1_795_000_000

    /// A certificate that is really made, since only OpenSSL makes one.
    private func certificate(_ names: String...) throws -> Certificate {
        let made = try SelfSignedCertificate.make(names: names, now: now)
        return try TLSServerContext(certificates: made.certificate, key: made.key, now: now).certificate
    }

    private func facts(_ content: CertificateFacts.Content, isOwn: Bool = true) -> CertificateFacts {
        CertificateFacts(files: files, isOwn: isOwn, content: content, now: now)
    }

    @Test func `none is needed before other machines are answered`() {
        #expect(facts(.absent).findings.map(\.state) == [.ok])
    }

    @Test func `a good one is told with its end and its names`() throws {
        let findings = facts(.usable(try certificate("attic", "attic.local", "localhost", "192.168.1.5"))).findings
        #expect(findings.count == 1 && findings[0].state == .ok)
        #expect(findings[0].text.hasSuffix("for attic, attic.local, localhost and 1 more"))
        #expect(findings[0].text.hasPrefix("valid until 2036-"))
    }

    @Test func `one that ends within a month is to be renewed`() throws {
        var ending = facts(.usable(try certificate("attic")))
        ending.now = now + SelfSignedCertificate.lifetime - 86_400
        #expect(ending.findings.map(\.state) == [.warning])
        #expect(ending.findings[0].remedies[0].command == "rm /d/c.pem /d/k.pem")
        ending.isOwn = false
        #expect(ending.findings[0].remedies[0].command == nil)
    }

    @Test(arguments: [
        CertificateError.keyDoesNotMatch, .noKey, .expired(at: 0), .unreadable(path: "/d/k.pem", code: 13),
    ])
    func `one that cannot be used is a problem where it is shown or given`(error: CertificateError) throws {
        var unusable = facts(.unusable(error))
        #expect(unusable.findings.map(\.state) == [.warning])
        unusable.shown = try certificate("attic").fingerprint
        #expect(unusable.findings[0].exitCode == .certificateRefused)
        #expect(facts(.unusable(error), isOwn: false).findings[0].exitCode == .certificateRefused)
    }

    @Test func `a key that others can read is closed by a command`() throws {
        var open = facts(.usable(try certificate("attic")))
        open.key = FileStatus(kind: .file, permissions: 0o640)
        #expect(open.findings.map(\.state) == [.ok, .warning])
        #expect(open.findings[1].remedies[0].command == "chmod 600 /d/k.pem")
    }

    @Test func `a new address of the machine, and another certificate in use, are notes`() throws {
        var moved = facts(.usable(try certificate("attic", "192.168.1.5")))
        moved.wanted = ["192.168.1.5", "192.168.1.9"]
        #expect(moved.findings.map(\.state) == [.ok, .note])
        #expect(moved.findings[1].text.hasPrefix("it is not for 192.168.1.9;"))
        moved.isOwn = false
        #expect(moved.findings.count == 1)
        moved.shown = try certificate("other").fingerprint
        #expect(moved.findings.map(\.state) == [.ok, .note])
    }

    @Test func `of a file with a key only the certificate is passed on`() {
        let pem = "-----BEGIN PRIVATE KEY-----\nsecret\n-----END PRIVATE KEY-----\nnote\n"
        let certificate = "-----BEGIN CERTIFICATE-----\npublic\n-----END CERTIFICATE-----\n"
        #expect(CertificateFacts.publicPart(of: pem + certificate + pem) == certificate)
        #expect(CertificateFacts.publicPart(of: pem).isEmpty)
    }
}
