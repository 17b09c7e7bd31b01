import Glibc

/// What the system said instead of doing it.
package struct SystemError: Error, Hashable, CustomStringConvertible {
    /// The value of `errno`.
    package let code: Int32

    /// The error of the last call on this thread.
    static var last: SystemError { SystemError(code: errno) }

    /// The system's own words.
    package var description: String {
        guard let text = unsafe strerror(code) else { return "error \(code)" }
        return unsafe String(cString: text)
    }
}
