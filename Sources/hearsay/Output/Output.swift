import Glibc
import Remote
import Wire
import JSON

/// Where a command writes: results to standard output, everything else to standard error.
struct Output: Sendable {
    /// One JSON object a line instead of text for people.
    var isJSON = false
    /// Whether standard output is a terminal.
    let isTerminal: Bool
    private let write: @Sendable (Int32, String) -> Bool

    /// - Parameter write: Writes to a file descriptor (1 or 2); false once nobody reads it.
    init(isTerminal: Bool, write: @escaping @Sendable (Int32, String) -> Bool) {
        self.isTerminal = isTerminal
        self.write = write
    }

    static let standard = Output(isTerminal: isatty(1) == 1) { descriptor, text in
        FileBytes.write(Array(text.utf8), to: descriptor)
    }

    /// The columns of the terminal; 80 where it does not say.
    var columns: Int {
        var size = winsize()
        let status = unsafe ioctl(1, UInt(TIOCGWINSZ), &size)
        let count = Int(size.ws_col)
        return status == 0 && count > 0 ? count : 80
    }

    /// Writes a line of text.
    ///
    /// - Returns: False once nobody reads it.
    @discardableResult
    func line(_ text: String) -> Bool { write(1, text + "\n") }

    /// Writes text as it is.
    @discardableResult
    func text(_ text: String) -> Bool { write(1, text) }

    /// A note that is no result.
    func note(_ text: String) { _ = write(2, text + "\n") }

    /// A note whose answer is typed on the same line.
    func ask(_ text: String) { _ = write(2, text) }

    /// Says why the command failed, and what to do.
    func report(_ failure: Failure) {
        if isJSON {
            var fields: [String: JSONValue] = ["error": .string(failure.code), "message": .string(failure.message)]
            if !failure.advice.isEmpty { fields["advice"] = .array(failure.advice.map(JSONValue.string)) }
            json(.object(fields))
        } else {
            note("hearsay: " + failure.message)
            for advice in failure.advice { note("  " + advice) }
        }
    }

    /// Writes one JSON object as a line.
    @discardableResult
    func json(_ value: JSONValue) -> Bool { line(String(decoding: JSONText.bytes(value), as: UTF8.self)) }
}
