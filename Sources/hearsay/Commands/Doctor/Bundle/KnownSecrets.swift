import Glibc
import Remote

/// The secrets that this user has at hand, so that they can be looked for and removed.
enum KnownSecrets {
    /// Tokens of the data folder, the settings, and every variable whose name speaks of a secret.
    static func all(_ settings: Settings) -> [String] {
        let folder = settings.dataFolder
        let tokens = [folder.adminToken, folder.playerToken, settings.server.token, settings.file["token"]]
        let variables = environment().filter { Redactor.isSecret(name: $0.name) }.map(\.value)
        return tokens.compactMap { $0 } + settings.file.engineKeys + variables
    }

    /// All variables of this process.
    static func environment() -> [(name: String, value: String)] {
        var found: [(name: String, value: String)] = []
        var entry = unsafe environ
        while let line = unsafe entry.pointee {
            let text = unsafe String(cString: line)
            if let equals = text.firstIndex(of: "=") {
                found.append((String(text[..<equals]), String(text[text.index(after: equals)...])))
            }
            unsafe entry += 1
        }
        return found
    }
}
