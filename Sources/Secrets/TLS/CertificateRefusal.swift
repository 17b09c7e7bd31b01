/// Why a server's certificate was not accepted.
package struct CertificateRefusal: Hashable, Sendable, CustomStringConvertible {
    /// What is wrong with it.
    package enum Reason: Hashable, Sendable {
        /// Nobody known vouches for it; it may be self-signed.
        case unknownIssuer
        /// Seconds since 1970.
        case expired(at: Int)
        /// Seconds since 1970.
        case notValidBefore(Int)
        /// It is for these names.
        case wrongHost(names: [String])
        /// It is none of those that are pinned.
        case changed(expected: [Fingerprint])
        /// OpenSSL's own words.
        case other(String)
    }

    package let reason: Reason
    /// Of the certificate that was shown.
    package let fingerprint: Fingerprint

    package init(reason: Reason, fingerprint: Fingerprint) {
        self.reason = reason
        self.fingerprint = fingerprint
    }

    /// For people.
    package var description: String {
        switch reason {
        case .unknownIssuer: "nobody known here vouches for the server's certificate"
        case .expired: "the server's certificate has expired"
        case .notValidBefore: "the server's certificate is not valid yet"
        case .wrongHost(let names): "the server's certificate is for \(names.joined(separator: ", ")) only"
        case .changed: "the server shows another certificate than before"
        case .other(let words): "the server's certificate is not valid: \(words)"
        }
    }
}
