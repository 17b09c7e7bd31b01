import Flow
package import Secrets

/// The certificate that a server shows; it may be replaced while the server runs.
package final class ServerTLS: Sendable {
    private let current: Monitor<TLSServerContext>

    /// Begins with a certificate.
    package init(_ context: TLSServerContext) { current = Monitor(context) }

    /// What new connections are shown.
    package var context: TLSServerContext { current.withLock { $0 } }

    /// Shows another certificate from the next connection on; those that stand are left alone.
    package func replace(by context: TLSServerContext) { current.withLock { $0 = context } }
}
