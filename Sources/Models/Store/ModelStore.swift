private import Glibc
private import JSON
package import VoiceCore

/// What the trial of a model found.
package struct ModelReport: Hashable, Sendable {
    package var kind: EngineKind
    /// Empty for what is no voice.
    package var voices: [Voice]
    /// BCP 47, what a model that hears says it understands; empty where it does not say.
    package var languages: [String]
    /// What it says it can do beside writing down what was said; empty for what is no recogniser.
    package var readings: [String]
    /// How it works, for people; nil for voices.
    package var about: String?
    package var loadTime: Duration

    package init(
        kind: EngineKind = .voice, voices: [Voice], languages: [String] = [], readings: [String] = [],
        about: String? = nil, loadTime: Duration
    ) {
        self.readings = readings
        self.kind = kind
        self.voices = voices
        self.languages = languages
        self.about = about
        self.loadTime = loadTime
    }
}

/// The folder of the installed models, each in a folder of its own beside its manifest.
package struct ModelStore: Sendable {
    package let path: String

    /// - Parameter dataFolder: The server's; the models lie in `models` below it.
    package init(dataFolder: String) {
        path = dataFolder + "/models"
    }

    /// Where a model lies.
    package func folder(of id: String) -> String { "\(path)/\(id)" }

    /// Where a model's file grows while it is fetched.
    package func partialPath(of id: String) -> String { "\(path)/.part/\(id)" }

    /// Makes the folders that are needed.
    package func prepare() throws(ModelError) {
        let parent = path.prefix(upTo: path.lastIndex(of: "/") ?? path.startIndex)
        for folder in [String(parent), path, path + "/.part"] {
            if unsafe mkdir(folder, 0o700) != 0, errno != EEXIST { throw .system(folder, number: errno) }
        }
    }

    /// The installed models, those whose manifest cannot be read left out, in the order of their names.
    package func installed() -> [ModelManifest] {
        FolderWalk.names(in: path).filter { !$0.hasPrefix(".") }.sorted().compactMap(manifest)
    }

    /// What an installed model says of itself; nil where it is none, or cannot be read.
    package func manifest(of id: String) -> ModelManifest? {
        guard let bytes = FolderWalk.read("\(folder(of: id))/\(ModelManifest.fileName)"),
            let manifest = ModelManifest(bytes), manifest.id == id
        else { return nil }
        return manifest
    }

    /// Looks whether the files are there and as large as they were, which takes no time.
    package func check(_ manifest: ModelManifest) throws(ModelError) {
        for file in manifest.files
        where FolderWalk.byteCount(of: "\(folder(of: manifest.id))/\(file.path)") != file.byteCount {
            throw .damaged(file: file.path)
        }
    }

    /// Looks whether every byte of the files is what it was.
    package func verify(_ manifest: ModelManifest) throws(ModelError) {
        for file in manifest.files
        where FileDigest.sha256(ofFileAt: "\(folder(of: manifest.id))/\(file.path)") != file.sha256 {
            throw .damaged(file: file.path)
        }
    }

    /// Makes an empty folder in which a model is put together; whoever gets it removes or installs it.
    package func stage(_ id: String) throws(ModelError) -> String {
        let folder = "\(path)/.new-\(id)-\(getpid())"
        guard unsafe mkdir(folder, 0o700) == 0 else { throw .system(folder, number: errno) }
        return folder
    }

    /// Writes the manifest and makes the model visible in one step.
    package func install(_ content: String, as manifest: ModelManifest) throws(ModelError) {
        let target = folder(of: manifest.id)
        guard FolderWalk.write(manifest.json.bytes, to: "\(content)/\(ModelManifest.fileName)") else {
            throw .system(content, number: errno)
        }
        guard unsafe rename(content, target) == 0 else {
            throw errno == EEXIST || errno == ENOTEMPTY
                ? .alreadyInstalled(manifest.id) : .system(target, number: errno)
        }
    }

    /// Removes a model at once from sight, and then from the disk.
    package func remove(_ id: String) throws(ModelError) {
        let grave = "\(path)/.old-\(id)-\(getpid())"
        guard unsafe rename(folder(of: id), grave) == 0 else {
            throw errno == ENOENT ? .notInstalled(id) : .system(folder(of: id), number: errno)
        }
        discard(grave)
    }

    /// Removes a folder with all it holds; links are removed, not followed.
    package func discard(_ folder: String) { FolderWalk.remove(folder) }

    /// The files below a folder, with their hashes.
    ///
    /// - Throws: `badModel` where there is something else than files and folders.
    package func files(in folder: String) throws(ModelError) -> [ModelManifest.File] {
        guard let paths = FolderWalk.files(in: folder) else { throw .badModel("it holds links or devices") }
        var files: [ModelManifest.File] = []
        for path in paths.sorted() where path != ModelManifest.fileName {
            guard let hash = FileDigest.sha256(ofFileAt: "\(folder)/\(path)"),
                let count = FolderWalk.byteCount(of: "\(folder)/\(path)")
            else { throw .damaged(file: path) }
            files.append(ModelManifest.File(path: path, byteCount: count, sha256: hash))
        }
        return files
    }

    /// The folder in which the model's files lie: archives often hold one folder with everything in it.
    package func content(of folder: String) -> String {
        let names = FolderWalk.names(in: folder)
        guard names.count == 1, let name = names.first, FolderWalk.isFolder("\(folder)/\(name)") else { return folder }
        return "\(folder)/\(name)"
    }

    /// Copies a file into a folder under a name of its own.
    ///
    /// - Returns: False where the system refuses; `errno` says why.
    package static func copyFile(_ path: String, to folder: String, as name: String) -> Bool {
        FolderWalk.copy(path, to: folder, as: name)
    }

    /// Copies a folder's files; links are followed only if they are named as the folder itself.
    package func copy(_ source: String, into folder: String) throws(ModelError) {
        guard let paths = FolderWalk.files(in: source) else { throw .badModel("\(source) holds links or devices") }
        if paths.isEmpty { throw .badModel("\(source) is empty or cannot be read") }
        for path in paths where path != ModelManifest.fileName {
            guard FolderWalk.copy("\(source)/\(path)", to: folder, as: path) else {
                throw .system("\(source)/\(path)", number: errno)
            }
        }
    }
}
