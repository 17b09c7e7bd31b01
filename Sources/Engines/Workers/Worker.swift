internal import Flow
internal import Wyoming

/// A place where one request at a time can be made: a running worker, or one connection's worth of a remote server.
struct Worker: Sendable {
    let address: EngineAddress
    /// Where calls to this worker block.
    let thread: DedicatedThread
    /// nil for a remote server.
    let process: WorkerProcess?
}

/// A worker that one request has for itself.
struct Lease: Sendable {
    let slot: Int
    /// The slot's version when it was lent; a lease of a worker that is gone meanwhile says nothing about the next one.
    let version: UInt64
    let worker: Worker
}

/// The answer to a request for a worker.
enum LeaseAnswer: Sendable {
    case granted(Lease)
    /// The engine cannot be started, or is being stopped.
    case refused
    /// Too many others wait that can be spared like this one.
    case shed
}

/// Whether somebody waits for a request's end.
enum Urgency: Hashable, Sendable {
    case now
    /// Done when nobody else wants a worker, and not at all when there is too much of it.
    case spare
}

/// What came of a request, as far as the next one is concerned.
enum LeaseEnd: Hashable, Sendable {
    /// The worker is free.
    case finished
    /// The connection was closed in the middle; the worker may still be at work for a moment.
    case cancelled
    /// The worker died, or cannot be trusted any more.
    case broken
}
