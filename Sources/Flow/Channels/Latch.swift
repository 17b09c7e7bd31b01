/// Opens once; everybody who waits goes on, and so does everybody who comes later.
package final class Latch: Sendable {
    private let isOpenState = Monitor(false)

    package init() {}

    package var isOpen: Bool { isOpenState.withLock { $0 } }

    package func open() {
        isOpenState.update { $0 = true }
    }

    /// - Returns: True once it is open, false when the task was cancelled first.
    @discardableResult
    package func wait() async -> Bool {
        await isOpenState.wait { $0 ? true : nil } ?? false
    }
}
