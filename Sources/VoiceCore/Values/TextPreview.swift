/// The beginning of a text, as lists and events show it.
package enum TextPreview {
    /// Characters that are shown at most.
    package static let length = 80

    /// The text, or its beginning with an ellipsis.
    package static func of(_ text: String) -> String {
        let beginning = text.prefix(length)
        return beginning.endIndex == text.endIndex ? text : beginning + "…"
    }
}
