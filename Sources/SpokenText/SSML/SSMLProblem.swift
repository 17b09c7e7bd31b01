/// What in an SSML text could not be understood.
package struct SSMLProblem: Hashable, Sendable, CustomStringConvertible {
    /// The kind of a problem; the text is spoken in spite of any of them.
    package enum Kind: Hashable, Sendable {
        /// A `<` without its `>`, which is read as text.
        case unclosedTag
        /// An element that the text ends within.
        case unclosedElement(String)
        /// An end tag that nothing was opened for.
        case unexpectedEnd(String)
        /// A value that is no value of its attribute; it is ignored.
        case badValue(attribute: String, value: String)
        /// Elements within elements beyond `SSMLReader.depthLimit`; they have no effect.
        case tooDeep
    }

    /// A text gives no more than these; the first ones tell what is wrong with it.
    static let limit = 20

    package var kind: Kind
    /// Unicode scalars from the beginning of the text.
    package var offset: Int

    package var description: String {
        switch kind {
        case .unclosedTag: "a tag has no end at character \(offset)"
        case .unclosedElement(let name): "the element \(name) at character \(offset) is never closed"
        case .unexpectedEnd(let name): "the end tag of \(name) at character \(offset) closes nothing"
        case .badValue(let attribute, let value): "\(attribute) cannot be \"\(value)\" at character \(offset)"
        case .tooDeep: "elements are nested too deeply at character \(offset)"
        }
    }
}
