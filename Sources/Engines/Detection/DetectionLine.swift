internal import Flow
internal import Wyoming

/// The reading half of a detector's connection, on the worker's own thread, where it may block.
actor DetectionLine {
    private let worker: Worker
    private var connection: WyomingConnection?
    private var waiting: [UInt8] = []

    nonisolated var unownedExecutor: UnownedSerialExecutor { unsafe worker.thread.asUnownedSerialExecutor() }

    init(_ worker: Worker) {
        self.worker = worker
    }

    /// Begins the records; windows go to the mouth that is returned.
    ///
    /// - Returns: Nil if the worker knows no records.
    func open(_ interruption: Interruption) throws(TransportError) -> DetectionMouth? {
        var connection = try WyomingConnection.connect(to: worker.address)
        interruption.arm(connection.handle)
        try connection.send(.other(DetectionRecord.request))
        guard case .other(DetectionRecord.answer) = try connection.receive(timeout: .seconds(10)) else { return nil }
        let mouth = DetectionMouth(try connection.makeWriter())
        self.connection = consume connection
        return mouth
    }

    /// The next answers; none when the worker has closed the connection.
    func next() throws(TransportError) -> [DetectionAnswer] {
        let size = DetectionAnswer.byteCount
        while waiting.count < size {
            guard let bytes = try connection?.receiveBytes(), !bytes.isEmpty else { return [] }
            waiting.append(contentsOf: bytes)
        }
        let count = waiting.count / size
        let answers = (0..<count).map { DetectionAnswer(waiting[$0 * size..<($0 + 1) * size]) }
        waiting.removeFirst(count * size)
        return answers
    }

    func close() {
        connection = nil
    }
}

/// The writing half of a detector's connection, with a thread for as long as that lasts.
actor DetectionMouth {
    private let thread = DedicatedThread(label: "detector.mouth")
    private let writer: WyomingWriter

    nonisolated var unownedExecutor: UnownedSerialExecutor { unsafe thread.asUnownedSerialExecutor() }

    init(_ writer: consuming WyomingWriter) {
        self.writer = writer
    }

    func say(_ questions: [DetectionQuestion]) throws(TransportError) {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(questions.count * DetectionQuestion.byteCount)
        for question in questions { question.write(to: &bytes) }
        try writer.send(bytes: bytes)
    }
}
