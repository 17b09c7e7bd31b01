private import CPulse

/// A connection to PulseAudio, or to PipeWire in its guise.
///
/// Made, used and freed on one thread, which only ever waits in `poll` and so never hangs in the library. It starts no
/// sound server.
@safe final class PulseConnection {
    private let mainloop: OpaquePointer
    let context: OpaquePointer
    private let wakeup: Wakeup?
    private var hasNews = false

    /// - Parameters:
    ///   - server: The server's address; nil for the user's own.
    ///   - wakeup: Ends a wait early.
    ///   - limit: How long the server may take to answer.
    init(server: String?, wakeup: Wakeup? = nil, within limit: Duration) throws(DeviceError) {
        guard let mainloop = unsafe pa_mainloop_new() else { throw .noServer }
        guard let context = unsafe pa_context_new(pa_mainloop_get_api(mainloop), "Hearsay") else {
            unsafe pa_mainloop_free(mainloop)
            throw .noServer
        }
        unsafe self.mainloop = unsafe mainloop
        unsafe self.context = unsafe context
        self.wakeup = wakeup
        listenForWakeup()
        guard unsafe pa_context_connect(context, server, PA_CONTEXT_NOAUTOSPAWN, nil) >= 0 else { throw .noServer }
        do {
            try wait(within: limit) { isReady }
        } catch .lost {
            throw .noServer
        }
    }

    deinit {
        unsafe pa_context_disconnect(context)
        unsafe pa_context_unref(context)
        unsafe pa_mainloop_free(mainloop)
    }

    private var isReady: Bool { unsafe pa_context_get_state(context) == PA_CONTEXT_READY }

    /// The library's code of the last thing that went wrong.
    var lastError: Int32 { unsafe pa_context_errno(context) }

    /// Sends and receives until something happened, `wakeup` was woken or time is up.
    ///
    /// - Parameter limit: nil to wait as long as it takes.
    func iterate(upTo limit: Duration?) throws(DeviceError) {
        let microseconds = limit.map { Int32(max(.zero, min($0, .seconds(60))) / .microseconds(1)) } ?? -1
        guard unsafe pa_mainloop_prepare(mainloop, microseconds) >= 0,
            unsafe pa_mainloop_poll(mainloop) >= 0,
            unsafe pa_mainloop_dispatch(mainloop) >= 0
        else { throw .lost }
        guard unsafe pa_context_get_state(context).rawValue <= PA_CONTEXT_READY.rawValue else { throw .lost }
    }

    /// - Throws: `stuck` when time is up.
    func wait(within limit: Duration, until isDone: () throws(DeviceError) -> Bool) throws(DeviceError) {
        let clock = ContinuousClock()
        let end = clock.now + limit
        while try !isDone() {
            let left = end - clock.now
            guard left > .zero else { throw .stuck }
            try iterate(upTo: left)
        }
    }

    /// Waits for the server's answer and lets go of the operation.
    func finish(_ operation: OpaquePointer?, within limit: Duration) throws(DeviceError) {
        guard let operation = unsafe operation else { throw .refused(status: lastError) }
        defer { unsafe pa_operation_unref(operation) }
        do {
            try wait(within: limit) { unsafe pa_operation_get_state(operation) != PA_OPERATION_RUNNING }
        } catch {
            // Its callback must not come after its receiver is gone.
            unsafe pa_operation_cancel(operation)
            throw error
        }
    }

    /// Asks to be told of every change of the sinks and of the default; `takeNews` tells.
    func subscribe(within limit: Duration) throws(DeviceError) {
        let me = unsafe Unmanaged.passUnretained(self).toOpaque()
        unsafe pa_context_set_subscribe_callback(
            context,
            { _, _, _, me in
                guard let me = unsafe me else { return }
                unsafe Unmanaged<PulseConnection>.fromOpaque(me).takeUnretainedValue().hasNews = true
            }, me)
        let kinds = PA_SUBSCRIPTION_MASK_SINK.rawValue | PA_SUBSCRIPTION_MASK_SERVER.rawValue
        let operation = unsafe pa_context_subscribe(context, pa_subscription_mask_t(kinds), nil, nil)
        try unsafe finish(operation, within: limit)
    }

    /// Whether something changed since the last call.
    func takeNews() -> Bool {
        defer { hasNews = false }
        return hasNews
    }

    private func listenForWakeup() {
        guard let wakeup, let api = unsafe pa_mainloop_get_api(mainloop) else { return }
        // The loop frees the event; `wakeup` lives as long as this connection.
        _ = unsafe api.pointee.io_new(
            api, wakeup.readEnd, PA_IO_EVENT_INPUT, { _, _, readEnd, _, _ in Wakeup.clear(readEnd) }, nil)
    }
}
