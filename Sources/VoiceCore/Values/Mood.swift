/// How a whole text is meant, in the words of the mood markers of a text.
package enum Mood: String, CaseIterable, Hashable, Sendable {
    case excited, celebration, insight, creative, success, progress, investigating
    case debugging, learning, pondering, focused, caution, urgent
}
