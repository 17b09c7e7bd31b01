internal import Sherpa
internal import Wyoming

/// The voices of a model.
package struct Speakers: Hashable, Sendable {
    package struct Speaker: Hashable, Sendable {
        /// As requests name it.
        package var name: String
        /// BCP 47.
        package var languages: [String]
        package var gender: String?
    }

    package let list: [Speaker]

    /// - Parameters:
    ///   - id: The model's name; the only voice bears it, and several begin with it.
    ///   - languages: What the catalogue says; the model's own word comes first.
    ///   - count: How many the library finds.
    package init(_ folder: ModelFolder, id: String, languages: [String], count: Int) {
        let spoken = Self.language(folder).map { [$0] } ?? languages
        if folder.files.family == .pocket {
            list = folder.references.keys.sorted().map {
                Speaker(name: "\(id)-\($0)", languages: languages.isEmpty ? ["en"] : languages)
            }
            return
        }
        let own = folder.metadata?["speaker_names"]?.split(separator: ",").map(String.init) ?? []
        list = (0..<count).map { index in
            guard count > 1 else { return Speaker(name: id, languages: spoken) }
            guard own.count == count else { return Speaker(name: "\(id)-\(index)", languages: spoken) }
            let isKokoro = folder.files.family == .kokoro
            let known = isKokoro ? Self.kokoro(own[index]) : nil
            return Speaker(
                name: "\(id)-\(own[index])", languages: known.map { [$0.language] } ?? spoken, gender: known?.gender)
        }
    }

    /// The voice of that name, else the first that speaks the language, else the first; nil for an unknown name.
    package func index(named name: String?, language: String?) -> Int? {
        if let name { return list.firstIndex { $0.name == name } }
        guard let language else { return 0 }
        func primary(_ tag: String) -> Substring { tag.lowercased().prefix { $0 != "-" } }
        return list.firstIndex { $0.languages.contains { primary($0) == primary(language) } } ?? 0
    }

    /// What espeak-ng calls the language is a BCP 47 tag in lower case; one with two letters is a country.
    private static func language(_ folder: ModelFolder) -> String? {
        guard let voice = folder.metadata?["voice"], !voice.contains(" ") else { return nil }
        let parts = voice.split(separator: "-", omittingEmptySubsequences: false)
        return parts.enumerated().map {
            $0.offset > 0 && $0.element.count == 2 ? $0.element.uppercased() : String($0.element)
        }
        .joined(separator: "-")
    }

    /// Kokoro's names begin with a letter for the language and one for the gender.
    private static func kokoro(_ name: String) -> (language: String, gender: String?)? {
        let letters = Array(name.prefix(3))
        guard letters.count == 3, letters[2] == "_" else { return nil }
        let languages: [Character: String] = [
            "a": "en-US", "b": "en-GB", "e": "es", "f": "fr", "h": "hi", "i": "it", "j": "ja", "p": "pt-BR", "z": "zh",
        ]
        guard let language = languages[letters[0]] else { return nil }
        return (language, letters[1] == "f" ? "female" : letters[1] == "m" ? "male" : nil)
    }
}
