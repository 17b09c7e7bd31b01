/// Something that lives as long as the process: it works until it is cancelled, frees what it holds, and returns.
package protocol Service: Sendable {
    /// Works until the surrounding task is cancelled.
    ///
    /// Returning early ends the process in good order; throwing ends it with that error.
    func run() async throws
}
