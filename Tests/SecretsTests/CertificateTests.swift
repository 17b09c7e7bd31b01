import Testing

@testable import Secrets

@Suite struct FingerprintTests {
    private let digits = String(repeating: "0aF9", count: 16)

    @Test func `it is read with and without colons, in either case, and written as browsers do`() throws {
        let fingerprint = try #require(Fingerprint(digits))
        #expect(fingerprint.description.hasPrefix("0A:F9:0A:F9:"))
        #expect(fingerprint.description.utf8.count == 95)
        #expect(Fingerprint(fingerprint.description) == fingerprint)
        #expect(Fingerprint(digits.lowercased()) == fingerprint)
    }

    @Test(arguments: [
        "", "AA", String(repeating: "A", count: 63), String(repeating: "G", count: 64),
        String(repeating: "A", count: 66), String(repeating: "Ａ", count: 64),
    ])
    func `anything else is none`(text: String) {
        #expect(Fingerprint(text) == nil)
    }
}

@Suite struct CertificateTests {
    private let now = 1_800_000_000

    @Test func `a certificate of one's own is for its names, begins a day early and lasts ten years`() throws {
        let names = ["box", "box.local", "10.1.2.3", "::1", "box", "", "bad name,DNS:evil"]
        let made = try SelfSignedCertificate.make(names: names, now: now)
        let certificate = try TLSServerContext(certificates: made.certificate, key: made.key, now: now).certificate
        #expect(certificate.names == ["box", "box.local", "10.1.2.3", "::1"])
        #expect(certificate.validFrom == now - 86_400)
        #expect(certificate.validUntil == now + 3650 * 86_400)
        #expect(certificate.isValid(at: now))
        #expect(!certificate.isValid(at: certificate.validUntil + 1))
    }

    @Test func `no two are alike`() throws {
        let made = try (0..<2).map { _ in try SelfSignedCertificate.make(names: ["box"], now: now) }
        let found = try made.map { try TLSServerContext(certificates: $0.certificate, key: $0.key, now: now) }
        #expect(found[0].certificate.fingerprint != found[1].certificate.fingerprint)
        #expect(throws: CertificateError.keyDoesNotMatch) {
            try TLSServerContext(certificates: made[0].certificate, key: made[1].key, now: now)
        }
    }

    @Test func `what is missing, encrypted or out of its time is named`() throws {
        let made = try SelfSignedCertificate.make(names: ["box"], now: now)
        func read(_ certificates: [UInt8], _ key: [UInt8], at time: Int) throws(CertificateError) {
            _ = try TLSServerContext(certificates: certificates, key: key, now: time)
        }
        #expect(throws: CertificateError.noCertificate) { try read(made.key, made.key, at: now) }
        #expect(throws: CertificateError.noCertificate) { try read([], made.key, at: now) }
        #expect(throws: CertificateError.noKey) { try read(made.certificate, made.certificate, at: now) }
        let locked = "-----BEGIN ENCRYPTED PRIVATE KEY-----\nMAA=\n-----END ENCRYPTED PRIVATE KEY-----\n"
        #expect(throws: CertificateError.encryptedKey) { try read(made.certificate, Array(locked.utf8), at: now) }
        let end = now + SelfSignedCertificate.lifetime
        #expect(throws: CertificateError.expired(at: end)) { try read(made.certificate, made.key, at: end + 1) }
        #expect(throws: CertificateError.notValidBefore(now - 86_400)) {
            try read(made.certificate, made.key, at: now - 86_401)
        }
        #expect(throws: CertificateError.unreadable(path: "/nonexistent", code: 2)) {
            try TLSServerContext.load(certificatePath: "/nonexistent", keyPath: "/nonexistent", now: now)
        }
    }

    @Test func `a cut or damaged chain is refused`() throws {
        let made = try SelfSignedCertificate.make(names: ["box"], now: now)
        for cut in [made.certificate.count / 2, made.certificate.count - 10] {
            #expect(throws: CertificateError.self) {
                try TLSServerContext(certificates: Array(made.certificate[..<cut]), key: made.key, now: now)
            }
            #expect(throws: CertificateError.self) {
                try TLSServerContext(
                    certificates: made.certificate + made.certificate[..<cut], key: made.key, now: now)
            }
        }
    }
}

@Suite struct ServerTrustTests {
    private let certificate = Certificate(
        fingerprint: Fingerprint(of: [1]), validFrom: 100, validUntil: 200, names: ["box"])

    private func judge(
        _ verification: ServerTrust.Verification, pins: [Fingerprint] = [], at time: Int = 150
    ) -> CertificateRefusal.Reason? {
        ServerTrust(pins: pins).judge(certificate, verification, now: time)?.reason
    }

    @Test func `without a pin the authorities decide, and time comes before everything else`() {
        #expect(judge(.good) == nil)
        #expect(judge(.unknownIssuer) == .unknownIssuer)
        #expect(judge(.wrongHost) == .wrongHost(names: ["box"]))
        #expect(judge(.other("x")) == .other("x"))
        #expect(judge(.unknownIssuer, at: 201) == .expired(at: 200))
        #expect(judge(.unknownIssuer, at: 99) == .notValidBefore(100))
    }

    @Test func `a pin is all that counts`() {
        let other = Fingerprint(of: [2])
        for verification in [ServerTrust.Verification.good, .unknownIssuer, .wrongHost] {
            #expect(judge(verification, pins: [other, certificate.fingerprint], at: 999) == nil)
            #expect(judge(verification, pins: [other]) == .changed(expected: [other]))
        }
    }
}
