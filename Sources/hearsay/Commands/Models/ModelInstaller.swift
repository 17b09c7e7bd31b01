import Glibc
import JSON
import Models
import Secrets
import VoiceCore

/// Who is told how the installation of a model goes.
protocol ModelWitness: Sendable {
    /// Its file grows.
    func progress(_ progress: TransferProgress)
    /// The transfer is over, well or not.
    func endProgress()
    /// What comes next: `unpacking`, `trying`.
    func step(_ name: String)
    /// It is there.
    func installed(_ manifest: ModelManifest)
}

/// Brings one model into the store: fetched or copied, unpacked, tried, and then visible in one step.
struct ModelInstaller: Sendable {
    private let store: ModelStore
    private let entry: ModelEntry
    private let report: any ModelWitness

    /// Larger than the largest voice, and small enough for any disk that passed the check before the transfer.
    private static let unpackedByteLimit = 8 << 30
    /// Archives of a gigabyte on a slow machine.
    private static let unpackLimit = Duration.seconds(900)
    init(_ store: ModelStore, _ entry: ModelEntry, report: any ModelWitness) {
        self.store = store
        self.entry = entry
        self.report = report
    }

    /// Fetches the model's file and installs it.
    func pull(_ trust: ServerTrust) async throws {
        try begin()
        let path = store.partialPath(of: entry.id)
        let download = Download(
            url: entry.url, id: entry.id, path: path, isPinned: entry.sha256 != nil, trust: trust)
        // What broke off stays for the next try; what is all there and no good does not.
        let hash: String
        do throws(ModelError) {
            hash = try await download.run { report.progress($0) }
        } catch {
            report.endProgress()
            Download.forgetNothing(path)
            throw error
        }
        report.endProgress()
        defer { Download.forget(path) }
        try check(hash)
        try await stage(sha256: hash) { folder in try await place(path, named: Self.name(entry.url), in: folder) }
    }

    /// Installs a folder, an archive or a single model file of this machine.
    func take(_ path: String) async throws {
        try begin()
        if FileStatus(path)?.kind == .folder {
            try await stage(sha256: nil) { folder in try store.copy(path, into: folder) }
        } else {
            guard let hash = Download.digest(ofFileAt: path) else {
                throw ModelError.system(path, number: errno)
            }
            try check(hash)
            try await stage(sha256: hash) { folder in try await place(path, named: Self.name(path), in: folder) }
        }
    }

    private func begin() throws {
        guard store.manifest(of: entry.id) == nil else { throw ModelError.alreadyInstalled(entry.id) }
        try store.prepare()
    }

    private func check(_ hash: String) throws(ModelError) {
        if let wanted = entry.sha256, wanted != hash { throw .wrongHash(expected: wanted, found: hash) }
    }

    /// Puts the model together in a folder that nobody sees, and makes it visible if it is good.
    private func stage(sha256: String?, _ fill: (String) async throws -> Void) async throws {
        let folder = try store.stage(entry.id)
        defer { store.discard(folder) }
        report.step("unpacking")
        try await fill(folder)
        let content = store.content(of: folder)
        report.step("trying")
        let found = try await ModelTrial(entry).run(content)
        let manifest = ModelManifest(
            id: entry.id, kind: found.kind, source: entry.url, sha256: sha256, licence: entry.licence,
            languages: found.languages.isEmpty ? entry.languages : found.languages,
            files: try store.files(in: content), voices: found.voices, readings: found.readings, about: found.about,
            loadTime: found.loadTime)
        try store.install(content, as: manifest)
        report.installed(manifest)
    }

    /// Some models are one file, which needs no archive.
    private func place(_ path: String, named name: String, in folder: String) async throws {
        guard name.hasSuffix(".onnx") else { return try await unpack(path, into: folder) }
        guard ModelStore.copyFile(path, to: folder, as: name) else { throw ModelError.system(path, number: errno) }
    }

    private static func name(_ path: String) -> String { path.split(separator: "/").last.map(String.init) ?? path }

    private func unpack(_ archive: String, into folder: String) async throws {
        let words = [
            try Self.program("hearsay-unpack"), archive, folder, String(Self.unpackedByteLimit),
        ]
        let outcome = try await ProgramAnswer.of(words, within: Self.unpackLimit)
        guard outcome.status != 0 else { return }
        let reason = outcome.text.split(separator: "\n").first.map(String.init)
        throw ModelError.notUnpacked(reason ?? "the archive could not be unpacked")
    }

    static func program(_ name: String) throws(Failure) -> String {
        if let path = Installation.path(ofWorker: name) { return path }
        throw Failure(
            exitCode: .engineFailed, code: "program_missing", message: "\(name) is not beside hearsay",
            advice: ["Build it with `make build`, or install both with `make install`."])
    }
}

/// Lets a worker load a model and do once what it is for, so that a model that cannot do it is never installed.
struct ModelTrial: Sendable {
    private let entry: ModelEntry

    /// ARCHITECTURE.md: an engine starts within two minutes; then it says a word.
    private static let limit = Duration.seconds(180)

    init(_ entry: ModelEntry) {
        self.entry = entry
    }

    func run(_ folder: String) async throws -> ModelReport {
        var words = [
            try ModelInstaller.program("hearsay-sherpa"), "--inspect", "--model", folder, "--name", entry.id,
            "--licence", entry.licence,
        ]
        if !entry.languages.isEmpty { words += ["--languages", entry.languages.joined(separator: ",")] }
        if let kind = entry.kind { words += ["--kind", kind.rawValue] }
        let outcome = try await ProgramAnswer.of(words, within: Self.limit)
        let answer = outcome.json
        if let problem = answer?["problem"]?.text { throw ModelError.badModel(problem) }
        guard outcome.status == 0, let answer, let kind = EngineKind(rawValue: answer["kind"]?.text ?? "") else {
            throw ModelError.badModel(Self.reason(outcome.status))
        }
        return try report(kind, answer)
    }

    private func report(_ kind: EngineKind, _ answer: JSONValue) throws(ModelError) -> ModelReport {
        let loadTime = Duration.milliseconds(answer["load_ms"]?.whole ?? 0)
        guard kind == .voice else {
            let program = answer["info"]?["asr"]?.elements?.first
            let languages = program?["models"]?.elements?.first?["languages"]?.elements?.compactMap(\.text)
            return ModelReport(
                kind: kind, voices: [], languages: languages ?? [],
                readings: program?["readings"]?.elements?.compactMap(\.text) ?? [],
                about: answer["about"]?.text ?? program?["description"]?.text, loadTime: loadTime)
        }
        let voices = answer["info"]?["tts"]?.elements?.first?["voices"]?.elements?.compactMap {
            Voice($0, engine: entry.id, licence: entry.licence)
        }
        guard let voices, !voices.isEmpty else { throw .badModel("it has no voice") }
        return ModelReport(voices: voices, loadTime: loadTime)
    }

    private static func reason(_ status: Int32?) -> String {
        switch status {
        case nil: "its worker took longer than \(limit.shown)"
        // What sherpa-onnx ends the process with (SHERPA_ONNX_EXIT(-1)).
        case 255: "sherpa-onnx does not understand it, and ended its worker"
        case let status?: "its worker ended with code \(status)"
        }
    }
}
