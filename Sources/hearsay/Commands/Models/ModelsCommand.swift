import JSON
import Models
import Secrets
import VoiceCore

extension Command {
    static let models = Command(
        name: "models",
        summary: "fetch, import, check or remove neural models",
        operands: Operands(usage: "list | pull ID|URL | import PATH | verify [ID] | remove ID", count: 1...2),
        options: [
            .value("name", "ID", nil, "pull, import: what the model is called here"),
            .value("sha256", "HEX", nil, "pull, import: what the file's SHA-256 must be"),
            .flag("trust-on-first-use", nil, "pull: take a file whose SHA-256 nobody has told"),
            .flag("accept-licence", nil, "pull: agree to a licence that asks for more"),
            .value("licence", "TEXT", nil, "pull, import: the licence of a model that is not in the list"),
            .value("language", "TAGS", nil, "pull, import: what it speaks or hears if it does not say: en,de"),
            .value("kind", "KIND", nil, "pull, import: what it must be; default: whatever it is"),
            .value("catalog", "FILE", nil, "a list of models (JSON) instead of the built-in one"),
            .value("data", "DIR", nil, "the data folder; default: ~/.local/share/hearsay"),
            .value("ca-file", "FILE", nil, "authorities to believe (PEM); default: the system's"),
            .flag("json", nil, "one JSON object a line instead of text"),
        ],
        discussion: [
            "A model is fetched over HTTPS (a broken transfer goes on where it stopped), compared",
            "with its SHA-256, unpacked and tried by programs of their own, and only then",
            "installed. A running server offers it within seconds, without a restart.",
            "A model is a voice, a recogniser, keywords (it finds phrases), punctuation or a denoiser.",
            "It works on the data folder, so it runs on the server's machine, as its user.",
            "Neural models need the library sherpa-onnx: `make sherpa` in the source folder.",
            "The voices of the built-in list have their SHA-256; of a file that the makers have replaced",
            "since, give the new one with --sha256. Of the other models the makers publish none.",
        ],
        examples: [
            Example(line: "hearsay models list", meaning: "what there is"),
            Example(line: "hearsay models pull kokoro", meaning: "fetch one"),
            Example(
                line: "hearsay models import ./my-voice --name anna --licence CC0-1.0",
                meaning: "a folder or an archive on this machine"),
            Example(line: "hearsay models verify", meaning: "is every byte what it was?"),
        ],
        run: { try await ModelsCommand($0).run() })
}

/// Keeps the models of a data folder.
struct ModelsCommand: Sendable {
    private let invocation: Invocation
    private let store: ModelStore
    private let catalogue: ModelCatalogue

    init(_ invocation: Invocation) throws {
        self.invocation = invocation
        store = ModelStore(dataFolder: try Settings(invocation).dataFolder.path)
        catalogue = try Self.catalogue(invocation.arguments)
    }

    func run() async throws -> ExitCode {
        let operands = invocation.arguments.operands
        let subject = operands.count > 1 ? operands[1] : nil
        do {
            switch (operands[0], subject) {
            case ("list", nil): list()
            case ("pull", let subject?): try await pull(subject)
            case ("import", let subject?): try await take(subject)
            case ("verify", let subject): try verify(subject)
            case ("remove", let subject?): try remove(subject)
            case ("pull", nil), ("import", nil), ("remove", nil):
                throw UsageError.missingOperand("hearsay models \(operands[0]) …")
            case ("list", let extra?): throw UsageError.tooManyOperands(extra)
            default:
                throw UsageError.badValue(
                    option: "models", value: operands[0], expected: "list, pull, import, verify or remove")
            }
        } catch let error as ModelError {
            throw Failure(error)
        }
        return .success
    }

    private func list() {
        let installed = store.installed()
        let known = catalogue.entries.filter { entry in !installed.contains { $0.id == entry.id } }
        let rows = installed.map(installedRow) + known.map { $0.json.adding(["installed": false]) }
        invocation.output.list(rows, header: ["MODEL", "KIND", "LANGUAGES", "MB", "LICENCE", "STATE"]) { row in
            let megabytes = row["bytes"]?.whole.map { String(($0 + 999_999) / 1_000_000) } ?? "-"
            let state = row["installed"]?.flag == true ? "installed" : row["reason"]?.text ?? "not installed"
            return [
                row.shown("id"), row.shown("kind"), row.shown("languages"), megabytes, row.shown("licence"), state,
            ]
        }
    }

    private func installedRow(_ manifest: ModelManifest) -> JSONValue {
        var row: [String: JSONValue] = [
            "id": .string(manifest.id), "kind": .string(manifest.kind.rawValue), "source": .string(manifest.source),
            "licence": .string(manifest.licence), "bytes": .integer(manifest.byteCount), "installed": true,
            "languages": .array(manifest.shownLanguages.map(JSONValue.string)),
            "voices": .array(manifest.voices.map { .string($0.id) }),
        ]
        row["sha256"] = manifest.sha256.map(JSONValue.string)
        row["about"] = manifest.about.map(JSONValue.string)
        do throws(ModelError) {
            try store.check(manifest)
        } catch {
            row["installed"] = false
            row["reason"] = .string("\(error)")
        }
        return .object(row)
    }

    private func pull(_ subject: String) async throws {
        let arguments = invocation.arguments
        let entry = try subject.contains("://") ? unlisted(subject, from: subject) : listed(subject)
        if entry.needsConsent, !arguments.has("accept-licence") { throw ModelError.needsConsent(entry.licence) }
        if entry.sha256 == nil, !arguments.has("trust-on-first-use") { throw ModelError.notPinned }
        let trust = ServerTrust(authorityPath: arguments.string("ca-file"))
        try await ModelInstaller(store, entry, report: ModelReporter(entry.id, invocation.output)).pull(trust)
    }

    private func listed(_ id: String) throws -> ModelEntry {
        guard var entry = catalogue[id: id] else { throw ModelError.unknownModel(id) }
        if let name = invocation.arguments.string("name") { entry.id = try Self.checkedName(name) }
        if let hash = try hash() { entry.sha256 = hash }
        if let kind = try kind() { entry.kind = kind }
        return entry
    }

    /// A model that no list has, as the options describe it.
    private func unlisted(_ source: String, from path: String) throws -> ModelEntry {
        let last = path.split(separator: "/").last.map(String.init) ?? ""
        let archiveEnd = [".tar.bz2", ".tar.gz", ".tar.xz", ".tar", ".zip", ".onnx"].first { last.hasSuffix($0) }
        let name = invocation.arguments.string("name") ?? String(last.dropLast(archiveEnd?.count ?? 0))
        return ModelEntry(
            id: try Self.checkedName(name), kind: try kind(), url: source, sha256: try hash(),
            licence: invocation.arguments.string("licence") ?? "unknown",
            languages: invocation.arguments.string("language")?.split(separator: ",").map(String.init) ?? [])
    }

    private func take(_ path: String) async throws {
        let entry = try unlisted(path, from: path)
        try await ModelInstaller(store, entry, report: ModelReporter(entry.id, invocation.output)).take(path)
    }

    private func verify(_ id: String?) throws {
        let manifests = store.installed().filter { id == nil || $0.id == id }
        if let id, manifests.isEmpty { throw ModelError.notInstalled(id) }
        var failure: ModelError?
        for manifest in manifests {
            var row: [String: JSONValue] = ["id": .string(manifest.id), "good": true]
            do throws(ModelError) {
                try store.verify(manifest)
            } catch {
                failure = error
                row["good"] = false
                row["reason"] = .string("\(error)")
            }
            if invocation.output.isJSON {
                invocation.output.json(.object(row))
            } else {
                let state = row["reason"]?.text ?? "\(manifest.files.count) files are as they were installed"
                invocation.output.line("\(manifest.id)  \(state)")
            }
        }
        if let failure { throw failure }
    }

    private func remove(_ id: String) throws {
        guard ModelEntry.isName(id) else { throw ModelError.notInstalled(id) }
        try store.remove(id)
        if invocation.output.isJSON {
            invocation.output.json(.object(["id": .string(id), "removed": true]))
        } else {
            invocation.output.line("removed \(id)")
        }
    }

    private func hash() throws -> String? {
        guard let text = invocation.arguments.string("sha256")?.lowercased() else { return nil }
        guard ModelEntry.isHash(text) else {
            throw UsageError.badValue(option: "--sha256", value: text, expected: "64 hexadecimal digits")
        }
        return text
    }

    private func kind() throws -> EngineKind? {
        guard let text = invocation.arguments.string("kind") else { return nil }
        guard let kind = EngineKind(rawValue: text) else {
            let all = EngineKind.allCases.map(\.rawValue).joined(separator: ", ")
            throw UsageError.badValue(option: "--kind", value: text, expected: "one of \(all)")
        }
        return kind
    }

    private static func checkedName(_ name: String) throws(ModelError) -> String {
        guard ModelEntry.isName(name) else { throw .badName(name) }
        return name
    }

    private static func catalogue(_ arguments: ParsedArguments) throws -> ModelCatalogue {
        guard let path = arguments.string("catalog") else { return .builtIn }
        do {
            return try ModelCatalogue(Array(try SmallFile.read(path).utf8))
        } catch let error as ModelError {
            throw Failure(error)
        } catch {
            throw Failure(exitCode: .usage, code: "bad_catalogue", message: "\(path): \(error)")
        }
    }
}

extension ModelManifest {
    /// What its voices speak, else what was said of it.
    fileprivate var shownLanguages: [String] {
        let spoken = Set(voices.map(\.language)).subtracting(["und"]).sorted()
        return spoken.isEmpty ? languages : spoken
    }
}

extension JSONValue {
    /// The same object with more members.
    fileprivate func adding(_ more: [String: JSONValue]) -> JSONValue {
        .object((members ?? [:]).merging(more) { _, new in new })
    }
}
