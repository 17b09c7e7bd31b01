private import Flow
internal import Wyoming

/// The reading half of a connection on which an utterance is heard, on the worker's own thread, where it may block.
actor HearingLine {
    private let worker: Worker
    private var connection: WyomingConnection?

    nonisolated var unownedExecutor: UnownedSerialExecutor { unsafe worker.thread.asUnownedSerialExecutor() }

    init(_ worker: Worker) {
        self.worker = worker
    }

    /// Asks for an utterance to be heard; its audio goes to the mouth that is returned.
    func ask(_ request: TranscribeRequest, interruption: Interruption) throws(TransportError) -> HearingMouth {
        let connection = try WyomingConnection.connect(to: worker.address)
        interruption.arm(connection.handle)
        try connection.send(.transcribe(request))
        let mouth = HearingMouth(try connection.makeWriter())
        self.connection = consume connection
        return mouth
    }

    /// The next event; nil when the worker has closed the connection.
    ///
    /// - Throws: `timedOut` when nothing came; it may be asked again.
    func next(silenceLimit: Duration) throws(TransportError) -> WyomingEvent? {
        try connection?.receive(timeout: silenceLimit) ?? nil
    }

    func close() {
        connection = nil
    }
}

/// The writing half of a connection on which an utterance is heard, with a thread for as long as that lasts.
actor HearingMouth {
    private let thread = DedicatedThread(label: "mouth")
    private let writer: WyomingWriter

    nonisolated var unownedExecutor: UnownedSerialExecutor { unsafe thread.asUnownedSerialExecutor() }

    private static let shape = AudioShape(rate: 16_000)

    init(_ writer: consuming WyomingWriter) {
        self.writer = writer
    }

    func begin() throws(TransportError) {
        try writer.send(.audioStart(AudioStart(shape: Self.shape)))
    }

    func say(_ pcm: [UInt8]) throws(TransportError) {
        try writer.send(.audioChunk(AudioPiece(shape: Self.shape, pcm: pcm)))
    }

    func end() throws(TransportError) {
        try writer.send(.audioStop)
    }
}
