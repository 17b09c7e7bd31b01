/// What people and rules need to know of a certificate.
package struct Certificate: Hashable, Sendable {
    /// Of the whole certificate.
    package let fingerprint: Fingerprint
    /// Seconds since 1970.
    package let validFrom: Int
    /// Seconds since 1970.
    package let validUntil: Int
    /// Host names and addresses it is for.
    package let names: [String]

    /// Whether it may be shown at that time, in seconds since 1970.
    package func isValid(at time: Int) -> Bool { (validFrom...validUntil).contains(time) }
}
