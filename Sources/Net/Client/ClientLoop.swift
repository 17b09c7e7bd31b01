/// The one loop of all clients of this process, started when first needed and never stopped.
enum ClientLoop {
    private static let shared: LoopThread? = {
        guard let thread = try? LoopThread(label: "net.client") else { return nil }
        thread.start()
        return thread
    }()

    /// Nil only where the system has no descriptors left.
    static var thread: LoopThread? { shared }
}
