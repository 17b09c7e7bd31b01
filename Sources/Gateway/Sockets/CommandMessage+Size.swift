import Flow
import Wire

extension CommandMessage {
    /// Messages up to this size are read between sockets: about 2 ms.
    private static let shortLength = 4 * 1_024

    /// Reads a message without holding up the loop that it came from, however large it is.
    static func read(_ text: String) async -> CommandMessage {
        let bytes = Array(text.utf8)
        guard bytes.count > shortLength else { return CommandMessage(bytes) }
        return await TaskPool.aside { CommandMessage(bytes) }
    }
}
