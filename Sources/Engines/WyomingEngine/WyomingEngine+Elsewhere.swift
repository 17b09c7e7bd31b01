package import Flow
private import Wyoming

extension WyomingEngine {
    /// A Wyoming server that others run.
    ///
    /// - Parameter silenceLimit: How long it may send nothing while it speaks.
    package static func elsewhere(
        name: String, host: String, port: UInt16, silenceLimit: Duration, log: Log
    ) -> WyomingEngine {
        var options = PoolOptions()
        options.silenceLimit = silenceLimit
        return WyomingEngine(name: name, address: .tcp(host: host, port: port), options: options, log: log)
    }
}
