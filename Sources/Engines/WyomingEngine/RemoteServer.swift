internal import Flow
internal import Wyoming

/// Watches a Wyoming server that runs elsewhere: whether it answers, and what it offers.
final class RemoteServer: Service {
    private let address: EngineAddress
    private let connectionCount: Int
    private let desk: WorkerDesk
    private let log: Log
    private let timeline = Timeline.live()

    init(address: EngineAddress, connectionCount: Int, desk: WorkerDesk, log: Log) {
        self.address = address
        self.connectionCount = connectionCount
        self.desk = desk
        self.log = log
    }

    func run() async throws {
        await withTaskCancellationHandler {
            await withTaskGroup(of: Void.self) { group in
                for index in 0..<connectionCount { group.addTask { await self.keep(index) } }
            }
        } onCancel: {
            desk.pool.update { $0.stop() }
        }
    }

    /// Offers one connection at a time whenever the server answers.
    private func keep(_ index: Int) async {
        let worker = Worker(address: address, thread: DedicatedThread(label: "remote.\(index)"), process: nil)
        var backoff = Backoff(first: .milliseconds(250), cap: .seconds(8))
        while await desk.pool.wait(wakesOthers: true, { $0.claimStart(index) ? true : nil }) != nil {
            if let info = await EngineLine(worker).firstInfo(within: .seconds(2)) {
                backoff.reset()
                desk.info = info
                desk.pool.update { $0.started(index, worker) }
                await waitForEnd(index)
            } else {
                let reason = "nothing answers at \(address)"
                log.limited("remote").warning("remote.silent", ["address": address.description])
                desk.pool.update { $0.startFailed(index, reason: reason) }
                await timeline.sleep(until: timeline.now + backoff.next())
            }
        }
    }

    /// A cancelled request costs the connection only: how soon the server notices is its own affair.
    private func waitForEnd(_ index: Int) async {
        while let event = await desk.pool.wait(wakesOthers: true, { $0.remoteEvent(index) }) {
            if event == .ended { return }
        }
    }
}
