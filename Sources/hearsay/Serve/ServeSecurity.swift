import Gateway
import Net

/// Where a server answers with TLS, and with which certificate.
struct ServeSecurity: Hashable, Sendable {
    /// Tokens and speech travel readable to anybody on the way, and browsers give no audio to pages of other machines,
    /// unless there is TLS; what stays on one machine needs none.
    enum Extent: Hashable, Sendable {
        case offLoopback
        case everywhere
        case nowhere
    }

    /// A certificate of the user's, with its key.
    struct Files: Hashable, Sendable {
        var certificate: String
        var key: String
    }

    var extent: Extent
    /// Nil for a certificate of the server's own.
    var files: Files?

    init(_ arguments: ParsedArguments) throws(UsageError) {
        switch (arguments.string("tls-cert"), arguments.string("tls-key")) {
        case (nil, nil): files = nil
        case (let certificate?, let key?): files = Files(certificate: certificate, key: key)
        case (_?, nil): throw .missingOption("--tls-key", with: "--tls-cert")
        case (nil, _?): throw .missingOption("--tls-cert", with: "--tls-key")
        }
        let isWanted = files != nil || arguments.has("tls")
        if isWanted, arguments.has("insecure-http") {
            throw .conflict(files == nil ? "--tls" : "--tls-cert", "--insecure-http")
        }
        extent = isWanted ? .everywhere : arguments.has("insecure-http") ? .nowhere : .offLoopback
    }

    /// Whether connections to a door for clients of other systems get TLS.
    ///
    /// Those on this machine, and those of networks that need no token, know nothing but plain HTTP.
    func covers(_ alias: Alias) -> Bool {
        !alias.address.isLoopback && !alias.isOpen && covers(alias.address)
    }

    /// Whether connections to that address get TLS.
    func covers(_ address: SocketAddress) -> Bool {
        switch extent {
        case .everywhere: true
        case .nowhere: false
        case .offLoopback: !address.isLoopback
        }
    }
}
