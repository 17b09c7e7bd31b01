import Gateway
import Net
import Secrets
import Wire
import JSON

/// What a server says when it has started, and why it has not.
struct ServeAnnouncement: Sendable {
    let output: Output

    /// Says where it answers; on a terminal also with a QR code.
    ///
    /// - Parameters:
    ///   - urls: One for each address, the first in the link.
    ///   - link: The player link.
    ///   - certificate: What connections with TLS are shown; nil without TLS.
    ///   - isOpen: Whether other machines are answered without TLS.
    ///   - doors: Where clients of other systems are answered.
    func started(urls: [String], link: String, certificate: Certificate?, isOpen: Bool, doors: [Door]) {
        if output.isJSON {
            output.json(Self.json(urls, link, certificate, doors))
            return
        }
        output.line("Hearsay listens on \(urls.joined(separator: " and "))")
        output.line("")
        output.line("  Player  \(link)")
        output.line("          Open it in a browser and enable sound: what is said sounds there.")
        if output.isTerminal, let code = QRCode(link), output.columns > code.width + 12 {
            output.line("")
            for line in code.lines() { output.line("          " + line) }
        }
        output.line("")
        if let certificate { tell(certificate) }
        if isOpen {
            output.line("  WARNING other machines are answered without TLS: tokens and speech can be read on the way.")
        }
        for door in doors { tell(door) }
        output.line("  Speak   bin/hearsay say \"Good morning. The build is green.\"")
        output.line("  Stop    Ctrl-C")
        output.line("")
    }

    /// A door for clients of another system.
    struct Door: Sendable {
        let alias: Alias
        let url: String
        /// To hear what they say.
        let link: String?
    }

    private func tell(_ door: Door) {
        output.line("  Door    \(door.alias.name.rawValue) at \(door.url)")
        if let link = door.link { output.line("          Player \(link)") }
        if door.alias.records { output.line("          Records the sound of drafts") }
        if door.alias.isOpen { output.line("  WARNING \(door.alias.openness).") }
        output.line("")
    }

    private static func json(_ door: Door) -> JSONValue {
        var fields: [String: JSONValue] = [
            "name": .string(door.alias.name.rawValue), "url": .string(door.url), "open": .bool(door.alias.isOpen),
            "records": .bool(door.alias.records),
        ]
        fields["player"] = door.link.map(JSONValue.string)
        if door.alias.isOpen { fields["warning"] = .string(door.alias.openness) }
        return .object(fields)
    }

    private func tell(_ certificate: Certificate) {
        output.line("  TLS     certificate valid until \(Failure.day(certificate.validUntil)), SHA-256")
        output.line("          \(certificate.fingerprint)")
    }

    private static func json(
        _ urls: [String], _ link: String, _ certificate: Certificate?, _ doors: [Door]
    ) -> JSONValue {
        var fields: [String: JSONValue] = [
            "type": "listening", "urls": .array(urls.map(JSONValue.string)), "player": .string(link),
        ]
        fields["certificate"] = certificate.map {
            .object(["sha256": .string("\($0.fingerprint)"), "valid_until": .string(Failure.day($0.validUntil))])
        }
        if !doors.isEmpty { fields["doors"] = .array(doors.map { json($0) }) }
        return .object(fields)
    }

    /// Why it does not listen.
    ///
    /// - Parameter aliases: The doors that were to be opened.
    static func failure(_ error: ServerError, aliases: [Alias]) -> Failure {
        switch error {
        case .addressInUse(let address) where aliases.contains { $0.address == address }:
            doorInUse(address, aliases)
        case .addressInUse(let address): addressInUse(address)
        case .notPermitted(let address):
            Failure(
                exitCode: .refused, code: "address_not_permitted", message: "\(error)",
                advice: ["Ports below 1024 need root; choose another one: hearsay serve --listen \(address.host):7780"])
        default:
            Failure(
                exitCode: .usage, code: "address_not_available", message: "\(error)",
                advice: ["Choose an address of this machine: hearsay serve --listen 127.0.0.1:7780"])
        }
    }

    private static func doorInUse(_ address: SocketAddress, _ aliases: [Alias]) -> Failure {
        let name = aliases.first { $0.address == address }?.name.rawValue ?? ""
        let next = SocketAddress(host: address.host, port: address.port + 1)
        return Failure(
            exitCode: .refused, code: "address_in_use",
            message: "another program already listens on \(address), where the door \(name) was to be",
            advice: [
                "If that is the program whose clients Hearsay is to answer, end it first.",
                "Or open the door elsewhere: hearsay serve --alias \(name)=\(next)",
            ])
    }

    private static func addressInUse(_ address: SocketAddress) -> Failure {
        Failure(
            exitCode: .refused, code: "address_in_use", message: "another program already listens on \(address)",
            advice: [
                "If that is Hearsay, it runs already: `hearsay doctor` says so, `hearsay stop` ends it.",
                "Or choose another port: hearsay serve --listen \(SocketAddress(host: address.host, port: address.port + 1))",
            ])
    }

    /// An engine worker is missing.
    static func missingWorker(_ name: String) -> Failure {
        Failure(
            exitCode: .engineFailed, code: "engine_missing", message: "the speech engine \(name) is not beside hearsay",
            advice: ["Build it with `make build`, or install both with `make install`."])
    }
}
