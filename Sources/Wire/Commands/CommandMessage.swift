/// One text message of a client: a command or why it is none, and what the answer must carry.
package struct CommandMessage: Sendable {
    /// The value of `req` exactly as it was written; nil if absent.
    package let request: [UInt8]?
    package let command: Result<Command, WireError>

    /// Reads a message; never fails, since a failure has to be answered too.
    package init(_ bytes: [UInt8]) {
        var command: Result<Command, WireError>
        do throws(WireError) {
            command = .success(try Command(bytes))
        } catch {
            command = .failure(error)
        }
        switch command.isJSON ? JSONScan(bytes).member("req") : .absent {
        case .absent: request = nil
        case .scalar(let scalar): request = scalar
        case .compound:
            request = nil
            command = .failure(.wrongType(field: "req", wanted: "a string, a number, true, false or null"))
        }
        self.command = command
    }
}

extension Result where Success == Command, Failure == WireError {
    fileprivate var isJSON: Bool {
        switch self {
        case .success: true
        case .failure(let error): error != .invalidJSON && error != .invalidUTF8 && error != .tooComplex
        }
    }
}
