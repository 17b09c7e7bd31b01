import Testing

@testable import hearsay

@Suite struct SettingsFactsTests {
    @Test func `no file is in order`() {
        #expect(SettingsFacts(path: "/c", problem: .absent).findings.map(\.state) == [.ok])
    }

    @Test func `every mistake in the file is named`() {
        let (file, mistakes) = ConfigurationFile.understood("voise = x\nnonsense\nvoice = rms\nvoice = slt")
        #expect(file.values == ["voice": "rms"])
        let finding = SettingsFacts(path: "/c", mistakes: mistakes).findings[0]
        #expect(finding.exitCode == .usage)
        for part in ["line 1 sets “voise”", "did you mean voice?", "line 2 is not", "line 4 sets “voice” a second"] {
            #expect(finding.text.contains(part))
        }
    }

    @Test func `a file that cannot be read is a problem`() {
        let finding = SettingsFacts(path: "/c", problem: .system(13)).findings[0]
        #expect(finding.exitCode == .usage && finding.text.contains("permission denied"))
    }

    @Test func `a token that others can read is a warning`() {
        var facts = SettingsFacts(path: "/my c", keys: ["token"])
        facts.status = FileStatus(kind: .file, permissions: 0o644)
        #expect(facts.findings.map(\.state) == [.ok, .warning])
        #expect(facts.findings[1].remedies[0].command == "chmod 600 '/my c'")
        facts.status = FileStatus(kind: .file, permissions: 0o600)
        #expect(facts.findings.map(\.state) == [.ok])
    }

    @Test func `variables are named without their values`() {
        let facts = SettingsFacts(path: "/c", problem: .absent, variables: ["HEARSAY_TOKEN"])
        #expect(facts.findings.map(\.text) == ["set in the environment: HEARSAY_TOKEN"])
    }

    @Test func `a proxy is a note unless this machine is left out of it`() {
        var facts = SettingsFacts(path: "/c", problem: .absent)
        facts.proxy = "http://proxy:3128"
        #expect(facts.findings.last?.subject == "proxy")
        facts.withoutProxy = ["localhost"]
        #expect(facts.findings.count == 1)
        facts.withoutProxy = []
        facts.isLocal = false
        #expect(facts.findings.count == 1)
    }
}

@Suite struct FolderFactsTests {
    private func facts(_ permissions: UInt32 = 0o700, kind: FileStatus.Kind = .folder) -> FolderFacts {
        FolderFacts(path: "/d", status: FileStatus(kind: kind, permissions: permissions))
    }

    @Test func `a folder of one's own is in order`() {
        #expect(facts().findings == [.ok("data folder", "/d")])
        var held = facts()
        held.isHeld = true
        #expect(held.findings[0].text == "/d, in use by a server")
    }

    @Test func `what others can read is closed by a command`() {
        #expect(facts(0o755).findings[0].remedies[0].command == "chmod 700 /d")
        var open = facts()
        open.secrets = [
            .init(name: "admin.token", status: FileStatus(kind: .file, permissions: 0o640)),
            .init(name: "player.token", status: FileStatus(kind: .file, permissions: 0o600)),
        ]
        #expect(open.findings.compactMap { $0.remedies.first?.command } == ["chmod 600 /d/admin.token"])
    }

    @Test func `a file, another's folder and a closed one are told apart`() {
        #expect(facts(0o600, kind: .file).findings[0].text.contains("is a file"))
        var others = facts()
        others.user = 1_000
        #expect(others.findings.map(\.state) == [.ok, .warning])
        others.canWrite = false
        #expect(others.findings.map(\.exitCode) == [.refused])
    }

    @Test(
        arguments: [
            (nil, Finding.State.note, nil), (.missing(parent: "/a b"), .problem, "mkdir -p '/a b'"),
            (.file(parent: "/a"), .problem, "hearsay serve --data ~/hearsay"),
            (.forbidden(parent: "/a"), .problem, "hearsay serve --data ~/hearsay"),
        ] as [(FolderFacts.Obstacle?, Finding.State, String?)])
    func `a missing folder is made by the first start, if it can be`(
        obstacle: FolderFacts.Obstacle?, expected: Finding.State, command: String?
    ) {
        var facts = FolderFacts(path: "/d", status: nil)
        facts.obstacle = obstacle
        #expect(facts.findings.map(\.state) == [expected])
        #expect(facts.findings[0].remedies.first?.command == command)
    }

    @Test func `what is really there is seen`() {
        #expect(
            FolderFacts.read(LocalFolder(path: "/nonexistent/a/b/c/d")).obstacle == .missing(parent: "/nonexistent/a"))
        #expect(FolderFacts.read(LocalFolder(path: "/proc/version/a")).obstacle == .file(parent: "/proc/version"))
        #expect(FolderFacts.read(LocalFolder(path: "/nonexistent")).status == nil)
    }
}
