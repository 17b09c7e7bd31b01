private import CEspeak

/// A language that espeak-ng speaks.
package struct EspeakLanguage: Hashable, Sendable {
    /// BCP 47, lower case.
    package var tag: String
    /// Where espeak-ng keeps its voice, such as `gmw/de`.
    package var file: String
    /// Its English name.
    package var title: String

    package init(tag: String, file: String, title: String) {
        self.tag = tag
        self.file = file
        self.title = title
    }

    /// All of them, English first, each once.
    static func all() -> [EspeakLanguage] {
        var found: [String: EspeakLanguage] = [:]
        var entry = unsafe espeak_ListVoices(nil)
        while let place = unsafe entry, let voice = unsafe place.pointee {
            if let language = unsafe EspeakLanguage(voice.pointee), found[language.tag] == nil {
                found[language.tag] = language
            }
            unsafe entry = place + 1
        }
        return found.values.sorted { ($0.rank, $0.tag) < ($1.rank, $1.tag) }
    }

    private var rank: Int { tag == "en-us" ? 0 : tag == "en-gb" ? 1 : tag.hasPrefix("en") ? 2 : 3 }

    /// The list of languages is pairs of a priority byte and a name; the first is the voice's own.
    private init?(_ voice: espeak_VOICE) {
        guard let languages = unsafe voice.languages, let name = unsafe voice.name, unsafe languages[0] != 0 else {
            return nil
        }
        let tag = unsafe String(cString: languages + 1).lowercased()
        // Voices of another maker's data, which Debian does not install.
        guard let identifier = unsafe voice.identifier else { return nil }
        let file = unsafe String(cString: identifier)
        if file.hasPrefix("mb/") { return nil }
        self.init(tag: tag, file: file, title: unsafe String(cString: name))
    }
}
