/// Why an element was not taken by a channel.
package enum ChannelError: Error, Hashable, Sendable {
    /// `finish` was called by either side.
    case closed
    /// The sending task was cancelled while it waited for room.
    case cancelled
}

/// A bounded queue between a writer and a reader: a full channel suspends the writer, an empty one the reader.
///
/// Order is kept for each writer. Both sides end a wait by cancellation; either side ends the channel by `finish`.
package final class Channel<Element: Sendable>: Sendable, AsyncSequence, AsyncIteratorProtocol {
    private struct Contents: Sendable {
        var elements: [Element] = []
        var head = 0
        var isFinished = false

        var count: Int { elements.count - head }

        mutating func popFirst() -> Element? {
            guard head < elements.count else { return nil }
            let element = elements[head]
            head += 1
            if head == elements.count || head >= 256 {
                elements.removeFirst(head)
                head = 0
            }
            return element
        }
    }

    private let contents = Monitor(Contents())
    private let capacity: Int

    /// - Parameter capacity: How many elements wait at most; at least 1.
    package init(capacity: Int) {
        precondition(capacity > 0, "a channel needs room for one element")
        self.capacity = capacity
    }

    package var count: Int { contents.withLock { $0.count } }

    /// Waits for room, then queues the element.
    package func send(_ element: Element) async throws(ChannelError) {
        let sent: Bool? = await contents.wait(wakesOthers: true) { contents in
            if contents.isFinished { return false }
            guard contents.count < capacity else { return nil }
            contents.elements.append(element)
            return true
        }
        guard let sent else { throw .cancelled }
        guard sent else { throw .closed }
    }

    /// Queues the element if there is room now.
    ///
    /// - Returns: False when the channel is full or finished; the element is dropped then.
    package func offer(_ element: Element) -> Bool {
        contents.update { contents in
            guard !contents.isFinished, contents.count < capacity else { return false }
            contents.elements.append(element)
            return true
        }
    }

    /// Ends the channel: writers get `closed`, the reader what is queued and then nil.
    package func finish() {
        contents.update { $0.isFinished = true }
    }

    /// - Returns: The next element; nil at the end or when the reading task was cancelled.
    package func next() async -> Element? {
        let step: Element?? = await contents.wait(wakesOthers: true) { contents -> Element?? in
            if let element = contents.popFirst() { return .some(element) }
            return contents.isFinished ? .some(nil) : nil
        }
        return step ?? nil
    }

    /// Takes what is queued without waiting.
    package func drain() -> [Element] {
        contents.update { contents in
            var taken: [Element] = []
            while let element = contents.popFirst() { taken.append(element) }
            return taken
        }
    }

    package func makeAsyncIterator() -> Channel<Element> { self }
}
