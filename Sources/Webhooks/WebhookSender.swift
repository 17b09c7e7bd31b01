package import Flow
import JSON
import Net
import Secrets
package import VoiceCore
import Wire

/// Posts events to webhooks, to each in order and one at a time.
///
/// Each reads the events at its own place: of those that wait the ring keeps the last 10,000, and what it lost is told in
/// the log. A receiver that is slow or gone holds up nobody.
package final class WebhookSender: Service {
    /// How long one answer may take.
    private static let timeout = Duration.seconds(10)
    /// Nobody reads the answer.
    private static let bodyLimit = 64 << 10

    private let hooks: [Webhook]
    private let cursors: [BroadcastCursor<Event>]
    private let timeline: Timeline
    private let log: Log

    package init(
        _ hooks: [Webhook], events: Broadcast<Event>, timeline: Timeline = .live(), log: Log = Log(label: "webhooks")
    ) {
        self.hooks = hooks
        self.timeline = timeline
        self.log = log
        cursors = hooks.map { hook in events.cursor { $0.isFact && hook.filter.matches($0) } }
    }

    /// Posts until cancelled; what waits then is not posted.
    package func run() async throws {
        await withTaskGroup(of: Void.self) { group in
            for (hook, cursor) in zip(hooks, cursors) {
                group.addTask { await self.follow(cursor, for: hook) }
                group.addTask { await self.warn(of: hook) }
            }
            // A service that returns would end the server.
            group.addTask { await Latch().wait() }
            await group.waitForAll()
        }
    }

    /// Says at the start what would else be found out with the first event.
    private func warn(of hook: Webhook) async {
        guard await HTTPClient(base: hook.url, networks: hook.networks).isForeign() else { return }
        log.warning("webhook.forbidden", ["url": hook.url.description, "outside": "--webhook-net"])
    }

    private func follow(_ cursor: BroadcastCursor<Event>, for hook: Webhook) async {
        var cursor = cursor
        while let item = await cursor.next() {
            switch item {
            case .fact(let sequence, let event): await deliver(event, sequence, to: hook)
            case .lost(let range): log.error("webhook.lost", ["url": hook.url.description, "events": range.count])
            case .reading: break
            }
        }
    }

    private func deliver(_ event: Event, _ sequence: UInt64, to hook: Webhook) async {
        let body = WireEvent.json(event, sequence: sequence)
        var rule = DeliveryRule()
        while !Task.isCancelled {
            let outcome = await post(body, event, sequence, to: hook)
            switch rule.take(outcome) {
            case .delivered: return
            case .again(let pause): await timeline.sleep(until: timeline.now + pause)
            case .givenUp:
                log.warning(
                    "webhook.given_up",
                    ["url": hook.url.description, "event": WireEvent.name(event), "outcome": "\(outcome)"])
                return
            }
        }
    }

    private func post(
        _ body: [UInt8], _ event: Event, _ sequence: UInt64, to hook: Webhook
    ) async -> DeliveryRule.Outcome {
        var fields: HTTPFields = [
            "Content-Type": "application/json", "X-Hearsay-Event": WireEvent.name(event),
            "X-Hearsay-Sequence": String(sequence),
        ]
        if let secret = hook.secret {
            let signature = WebhookSignature(at: .now(), body, secret: secret)
            fields.append("X-Hearsay-Timestamp", signature.timestamp)
            fields.append("X-Hearsay-Signature", signature.text)
        }
        let client = HTTPClient(base: hook.url, networks: hook.networks)
        do throws(ClientError) {
            let answer = try await client.send(
                "POST", hook.url.target.hasSuffix("/") ? "/" : "", fields: fields, body: body, timeout: Self.timeout,
                bodyLimit: Self.bodyLimit)
            return .answered(status: answer.status)
        } catch .foreignNetwork {
            return .forbidden
        } catch {
            return .failed
        }
    }
}
