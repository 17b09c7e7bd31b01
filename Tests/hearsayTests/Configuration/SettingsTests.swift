import Glibc
import Remote
import Testing

@testable import hearsay

@Suite struct ConfigurationFileTests {
    @Test func `keys, comments and empty lines are read`() throws {
        let file = try ConfigurationFile("# mine\n\n server = http://10.0.0.2:7780 \nvoice=rms\n")
        #expect(file.values == ["server": "http://10.0.0.2:7780", "voice": "rms"])
    }

    @Test func `a value may hold an equals sign`() throws {
        #expect(try ConfigurationFile("token = ab=c")["token"] == "ab=c")
    }

    @Test(arguments: [
        ("server", ConfigurationFile.Problem.noEqualsSign(line: 1)),
        ("\nvoise = rms", .unknownKey("voise", line: 2, suggestion: "voice")),
        ("voice = a\nvoice = b", .repeatedKey("voice", line: 2)),
    ])
    func `a mistake is named with its line`(text: String, problem: ConfigurationFile.Problem) {
        #expect(throws: problem) { try ConfigurationFile(text) }
    }
}

@Suite struct SettingsTests {
    private func server(
        _ arguments: [String: [String]] = [:], _ variables: [String: String] = [:], _ file: String = ""
    ) throws -> [String?] {
        let environment = Environment(variables: variables, accountHome: "/nonexistent")
        let settings = try Settings(
            arguments: ParsedArguments(values: arguments), environment: environment, file: try ConfigurationFile(file))
        return [settings.server.url, settings.server.token]
    }

    @Test func `without anything it is this machine's server`() throws {
        #expect(try server() == ["http://127.0.0.1:7780", nil])
    }

    @Test func `options come before the environment, that before the file`() throws {
        let file = "server = http://c:1\ntoken = tc"
        let variables = ["HEARSAY_SERVER": "http://b:1", "HEARSAY_TOKEN": "tb"]
        #expect(try server([:], [:], file) == ["http://c:1", "tc"])
        #expect(try server([:], variables, file) == ["http://b:1", "tb"])
        #expect(try server(["server": ["http://a:1"], "token": ["ta"]], variables, file) == ["http://a:1", "ta"])
    }

    @Test func `the token of the data folder goes to servers of this machine alone`() throws {
        var template = Array("/tmp/hearsay-test-XXXXXX".utf8CString)
        let made = unsafe mkdtemp(&template).map { unsafe String(cString: $0) }
        let folder = try #require(made)
        let path = folder + "/admin.token"
        let descriptor = unsafe open(path, O_WRONLY | O_CREAT, 0o600)
        let count = unsafe write(descriptor, "own\n", 4)
        close(descriptor)
        try #require(count == 4)
        defer {
            unlink(path)
            rmdir(folder)
        }
        #expect(try server(["data": [folder]])[1] == "own")
        #expect(try server(["data": [folder], "server": ["https://localhost:7780"]])[1] == "own")
        #expect(try server(["data": [folder], "server": ["http://192.0.2.7:7780"]])[1] == nil)
        #expect(try server(["data": [folder], "server": ["voice.example"]])[1] == nil)
        #expect(try server(["data": [folder], "server": ["voice.example"], "token": ["given"]])[1] == "given")
    }

    @Test func `a scheme may be left out, a path is`() throws {
        #expect(try server(["server": ["there:7781"]])[0] == "http://there:7781")
        #expect(try server(["server": ["http://there:7781/player#token=x"]])[0] == "http://there:7781")
    }

    @Test func `folders follow the XDG rules`() {
        let plain = Environment(variables: [:], accountHome: "/home/eva")
        #expect(plain.configurationPath == "/home/eva/.config/hearsay/config")
        #expect(plain.defaultDataFolder == "/home/eva/.local/share/hearsay")
        let set = Environment(variables: ["XDG_CONFIG_HOME": "/c", "XDG_DATA_HOME": "/d", "HOME": "/h"])
        #expect(set.configurationPath == "/c/hearsay/config")
        #expect(set.defaultDataFolder == "/d/hearsay")
    }
}
