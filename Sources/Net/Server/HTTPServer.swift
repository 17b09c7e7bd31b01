package import Flow

/// Serves HTTP/1.1 and WebSocket at some addresses.
package final class HTTPServer: Service {
    private let listeners: [ListeningSocket]
    private let context: ServerContext

    /// Binds the addresses, so that a second server fails here, and clients that come early wait in the queue.
    package init(
        options: ServerOptions, handler: any HTTPHandler, log: Log, counters: NetCounters = NetCounters()
    ) throws(ServerError) {
        var listeners: [ListeningSocket] = []
        for (entrance, address) in options.addresses.enumerated() {
            listeners.append(
                try ListeningSocket(address, entrance: entrance, onlyVersion6: options.addresses.count > 1))
        }
        let limits = options.limits
        self.listeners = listeners
        var threads: [LoopThread] = []
        do throws(SystemError) {
            for number in 0..<max(1, options.loopCount) {
                threads.append(
                    try LoopThread(
                        label: "net.\(number)", counters: counters.addLoop(),
                        inputLimit: options.limits.inputBytes / max(1, options.loopCount)))
            }
        } catch {
            throw .system(error)
        }
        context = ServerContext(
            options: options, handler: handler,
            connections: ConnectionCounter(limit: limits.connections, limitPerPeer: limits.connectionsPerPeer),
            handshakes: ConnectionCounter(limit: limits.handshakes, limitPerPeer: limits.handshakesPerPeer),
            tasks: TaskPool(), threads: threads, counters: counters, log: log)
    }

    /// Where it listens, with the ports that the system chose.
    package var boundAddresses: [SocketAddress] { listeners.map(\.address) }

    /// How many connections there are.
    package var connectionCount: Int { context.connections.total }

    /// Serves until cancelled, then ends in good order.
    ///
    /// It accepts no more, lets requests finish, closes WebSockets with 1001, and cuts off what is left after
    /// `stopDeadline`. When it returns, no task of a handler is left.
    package func run() async throws {
        for thread in context.threads { thread.start() }
        let (context, listeners) = (context, listeners)
        context.threads[0].run { loop in
            for listener in listeners {
                do throws(SystemError) { try Acceptor.start(listener, context: context, on: loop) } catch {
                    context.log.error("listen.failed", ["address": "\(listener.address)", "error": "\(error)"])
                }
            }
        }
        await Latch().wait()
        // Ended by the wait for it: stopping takes time, which a cancelled task does not have.
        await Task { await self.stop() }.value
    }

    private func stop() async {
        let drained = context.threads.map { thread in
            let latch = Latch()
            let limit = context.options.stopDeadline
            thread.run { loop in loop.drain(within: limit) { latch.open() } }
            return latch
        }
        for latch in drained { await latch.wait() }
        await context.tasks.stop()
        for thread in context.threads {
            thread.stop()
            await thread.waitUntilEnded()
        }
    }
}
