package import Flow
import Secrets

/// Tells a receiver that who sends knows the secret, and when it was sent.
package struct WebhookSignature: Hashable, Sendable {
    /// Seconds since 1970, so that an old message is not taken for a new one.
    package let timestamp: String
    /// `sha256=` and the HMAC of the timestamp, a dot and the body, in hexadecimal digits.
    package let text: String

    package init(at time: WallTime, _ body: [UInt8], secret: [UInt8]) {
        timestamp = String(time.secondsSince1970)
        let digest = HMAC.sha256(key: secret, message: Array((timestamp + ".").utf8) + body)
        text = "sha256=" + digest.map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
    }
}
