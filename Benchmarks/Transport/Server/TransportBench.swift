import Flow
import Glibc
import Net
import Secrets

/// The program `transport-bench PORT [CERTIFICATE KEY]`: the product's transport with nothing behind it.
@main
enum TransportBench {
    static func main() async {
        let arguments = Array(CommandLine.arguments.dropFirst())
        guard let port = arguments.first.flatMap(Int.init), [1, 3].contains(arguments.count) else {
            return end("usage: transport-bench PORT [CERTIFICATE KEY]")
        }
        do {
            let tls = arguments.count == 3 ? try Self.tls(arguments[1], arguments[2]) : nil
            let address = SocketAddress(host: "127.0.0.1", port: port)
            var options = ServerOptions(endpoints: [ServerOptions.Endpoint(address: address, tls: tls)])
            options.loopCount = unsafe getenv("LOOPS").flatMap { unsafe Int(String(cString: $0)) } ?? 1
            try await HTTPServer(options: options, handler: Relay(), log: Log(label: "net")).run()
        } catch {
            end("transport-bench: \(error)")
        }
    }

    private static func tls(_ certificate: String, _ key: String) throws -> ServerTLS {
        ServerTLS(
            try TLSServerContext.load(
                certificatePath: certificate, keyPath: key, now: WallTime.now().secondsSince1970))
    }

    private static func end(_ reason: String) {
        print(reason)
        exit(1)
    }
}
