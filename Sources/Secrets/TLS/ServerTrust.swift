/// Which servers a client takes for what they say they are.
package struct ServerTrust: Hashable, Sendable {
    /// If there are any, the certificate must be one of these, and nothing else is asked of it.
    package var pins: [Fingerprint]
    /// The authorities that are believed, in a PEM file; nil for those of the system.
    package var authorityPath: String?

    package init(pins: [Fingerprint] = [], authorityPath: String? = nil) {
        self.pins = pins
        self.authorityPath = authorityPath
    }

    /// Decides about a certificate.
    ///
    /// - Parameter verification: What the authorities say of it, and of the host it was shown for.
    func judge(
        _ certificate: Certificate, _ verification: Verification, now: Int
    ) -> CertificateRefusal? {
        func refusal(_ reason: CertificateRefusal.Reason) -> CertificateRefusal {
            CertificateRefusal(reason: reason, fingerprint: certificate.fingerprint)
        }
        if !pins.isEmpty { return pins.contains(certificate.fingerprint) ? nil : refusal(.changed(expected: pins)) }
        if verification == .good { return nil }
        if now > certificate.validUntil { return refusal(.expired(at: certificate.validUntil)) }
        if now < certificate.validFrom { return refusal(.notValidBefore(certificate.validFrom)) }
        switch verification {
        case .good: return nil
        case .unknownIssuer: return refusal(.unknownIssuer)
        case .wrongHost: return refusal(.wrongHost(names: certificate.names))
        case .other(let words): return refusal(.other(words))
        }
    }

    /// What OpenSSL found out about a chain of certificates.
    enum Verification: Hashable {
        case good
        case unknownIssuer
        case wrongHost
        case other(String)
    }
}
