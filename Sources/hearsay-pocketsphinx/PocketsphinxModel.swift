private import Glibc

/// Where pocketsphinx's files for a language lie, as Debian's packages lay them out.
package struct PocketsphinxModel: Hashable, Sendable {
    /// Such as `en-us`.
    package var name: String
    var acoustics: String
    var words: String
    var dictionary: String

    /// Debian's package pocketsphinx-en-us.
    package static let standardFolder = "/usr/share/pocketsphinx/model/en-us"

    /// - Parameter folder: Holds `NAME`, `NAME.lm.bin` and `cmudict-NAME.dict`, where `NAME` is the folder's own.
    package init(folder: String) {
        let folder = folder.hasSuffix("/") ? String(folder.dropLast()) : folder
        name = folder.split(separator: "/").last.map(String.init) ?? folder
        acoustics = "\(folder)/\(name)"
        words = "\(folder)/\(name).lm.bin"
        dictionary = "\(folder)/cmudict-\(name).dict"
    }

    /// BCP 47.
    var language: String {
        let parts = name.split(separator: "-")
        guard parts.count == 2 else { return name }
        return "\(parts[0])-\(parts[1].uppercased())"
    }

    /// The first file that cannot be read; nil if all can.
    package var missingFile: String? {
        [acoustics + "/mdef", words, dictionary].first { unsafe access($0, R_OK) != 0 }
    }

    /// The words of pocketsphinx's command line.
    func arguments(with more: [String]) -> [String] {
        [
            "hearsay-pocketsphinx", "-hmm", acoustics, "-dict", dictionary,
            // The server has cut the silence off; what is left of it keeps the words' times right.
            "-remove_silence", "no", "-logfn", "/dev/null",
        ] + more
    }

    /// Those of the decoder that understands whatever is said.
    var arguments: [String] { arguments(with: ["-lm", words]) }
}
