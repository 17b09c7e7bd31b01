import Flow
import Remote
import Wire
import JSON

extension Command {
    static let stop = Command(
        name: "stop",
        summary: "stop the server",
        options: Option.client,
        discussion: ["What sounds may end, for at most 5 s; what waits is not spoken later."],
        examples: [Example(line: "hearsay stop", meaning: "returns when the server of this machine has ended")],
        run: { invocation in
            let settings = try Settings(invocation)
            let server = settings.server
            let isLocal = settings.dataFolder.runningServer == server.url
            _ = try await ServerRequests(server).post("/v1/stop")
            if isLocal { try await waitForEnd(settings.dataFolder) }
            if invocation.output.isJSON {
                invocation.output.json(.object(["stopped": .bool(isLocal), "url": .string(server.url)]))
            } else {
                invocation.output.line("\(isLocal ? "stopped" : "asked to stop:") the server at \(server.url)")
            }
            return .success
        })

    /// A server takes up to 5 s for what sounds and 8 s for its services.
    private static let stopDeadline = Duration.seconds(15)

    private static func waitForEnd(_ folder: LocalFolder) async throws {
        let isFree = Latch()
        DedicatedThread.detach(label: "stop") {
            folder.waitUntilFree()
            isFree.open()
        }
        let isStopped = await Timeline.live().limit(stopDeadline) { await isFree.wait() }
        guard isStopped == true else {
            throw Failure(
                exitCode: .unknown, code: "not_stopped",
                message: "the server has not ended \(stopDeadline.shown) after it was asked to",
                advice: ["Its log says why; its process number is in \(folder.path)/lock."])
        }
    }
}
