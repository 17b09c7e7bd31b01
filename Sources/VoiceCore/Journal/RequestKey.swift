/// What a client calls one request, so that asking again makes no second job.
package struct RequestKey: Hashable, Sendable {
    /// PROTOCOL.md, section 5.7: how long a key is known.
    package static let lifetime = Duration.seconds(86_400)

    /// The client's own word, unique among the requests of its token.
    package var name: String
    /// Of everything the request says; another one under the same name is refused.
    package var digest: [UInt8]

    package init(name: String, digest: [UInt8]) {
        self.name = name
        self.digest = digest
    }
}

/// What the journal says of a key.
package enum KeyClaim: Hashable, Sendable {
    /// Nobody used it: the job is kept together with it.
    case new
    /// The same request made this job.
    case known(JobStatus)
    /// It names another request.
    case conflict
}
