/// Tags of languages, BCP 47.
package enum LanguageTag {
    /// Whether two are of one language, in whatever dialect: `de-CH` fits `de`, and `pt` fits `pt-BR`.
    package static func isSameLanguage(_ one: String, _ other: String) -> Bool { primary(one) == primary(other) }

    /// The language itself, also where an underscore follows it, as in names of locales.
    private static func primary(_ tag: String) -> Substring { tag.lowercased().prefix { $0 != "-" && $0 != "_" } }
}
