import Secrets
import Testing

@testable import hearsay

@Suite struct KnownServersTests {
    private let one = String(repeating: "11", count: 32)
    private let two = String(repeating: "22", count: 32)

    @Test func `lines name a server and its certificate, and bad ones spoil no other`() {
        let servers = KnownServers(
            "# mine\n\nbox:7780 \(one)\nnonsense\nBOX.local:443\t\(two)\n[::1]:1 \(two)\na:b \(one)\n")
        #expect(servers["https://box:7780"] == Fingerprint(one))
        #expect(servers["https://box.LOCAL"] == Fingerprint(two))
        #expect(servers["https://[::1]:1/x"] == Fingerprint(two))
        #expect(servers["https://box:7781"] == nil)
        #expect(servers.badLines == [4, 7])
    }

    @Test func `a line is added behind the others, which stay as they are`() throws {
        let fingerprint = try #require(Fingerprint(one))
        let text = try #require(KnownServers.adding(fingerprint, of: "https://box:7780", to: "# mine\nnonsense"))
        #expect(text == "# mine\nnonsense\nbox:7780 \(fingerprint)\n")
        #expect(KnownServers(text)["https://box:7780"] == fingerprint)
    }
}

@Suite struct PinTests {
    private let a = pin("aa")
    private let b = pin("bb")
    private let c = pin("cc")

    private static func pin(_ byte: String) -> String { String(repeating: byte, count: 32) }

    private func source(
        _ arguments: [String: [String]], _ variables: [String: String] = [:], _ file: String = "", known: String = ""
    ) throws -> Pin.Source? {
        let environment = Environment(variables: variables, accountHome: "/nonexistent")
        return try Settings(
            arguments: ParsedArguments(values: arguments), environment: environment, file: ConfigurationFile(file),
            knownServers: KnownServers(known)
        ).pin?.source
    }

    @Test func `options come before the environment, that before the file, that before known servers`() throws {
        let (variables, file) = (["HEARSAY_FINGERPRINT": b], "server = https://box:1\nfingerprint = \(c)")
        let known = "box:1 \(a)"
        #expect(try source(["fingerprint": [a]], variables, file, known: known) == .option)
        #expect(try source([:], variables, file, known: known) == .environment)
        #expect(try source([:], [:], file, known: known) == .configuration)
        #expect(try source([:], [:], "server = https://box:1", known: known) == .knownServers)
        #expect(try source([:], [:], "server = https://box:2", known: known) == nil)
    }

    @Test func `a pin does not hold for a server that is named more strongly`() throws {
        let (variables, file) = (["HEARSAY_FINGERPRINT": b], "fingerprint = \(c)")
        #expect(try source(["server": ["https://other:1"]], variables, file) == nil)
        #expect(try source([:], ["HEARSAY_SERVER": "https://other:1"], file) == nil)
    }

    @Test func `named authorities are asked instead of known servers`() throws {
        let arguments = ["server": ["https://box:1"], "ca-file": ["/ca.pem"]]
        #expect(try source(arguments, known: "box:1 \(a)") == nil)
    }

    @Test func `a fingerprint that is none is refused`() {
        #expect(throws: UsageError.self) { try source(["fingerprint": ["aa"]]) }
    }
}
