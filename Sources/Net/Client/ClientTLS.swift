import Secrets

/// How one call meets its server.
struct ClientTLS: Sendable {
    let context: TLSClientContext
    /// What the certificate must be for.
    let host: String

    init(_ trust: ServerTrust, host: String) throws(ClientError) {
        do throws(CertificateError) { context = try TLSClientContext(trust: trust) } catch {
            throw .badAuthorities(error)
        }
        self.host = host
    }
}
