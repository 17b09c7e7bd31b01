internal import Flow
internal import VoiceCore

/// The way of a text that is still being written, from who writes it to the synthesis.
///
/// At most 64 KiB wait in it; an addition beyond that is refused.
final class TextInflow: Sendable {
    private struct Contents: Sendable {
        var text: GrowingText
        /// Counts what may change when to look again.
        var changes: UInt64 = 0
    }

    private let contents: Monitor<Contents>
    private let timeline: Timeline

    init(_ text: String, unspokenLimit: Int, timeline: Timeline) {
        self.timeline = timeline
        contents = Monitor(
            Contents(text: GrowingText(text, unspokenLimit: unspokenLimit, at: timeline.now)))
    }

    /// - Returns: Whether it is new: a repetition changes nothing.
    func append(_ text: String, index: Int?) throws(SpeakRefusal) -> Bool {
        let now = timeline.now
        let result: Result<Bool, SpeakRefusal> = contents.update { contents in
            contents.changes += 1
            do throws(SpeakRefusal) {
                return .success(try contents.text.append(text, index: index, at: now))
            } catch {
                return .failure(error)
            }
        }
        return try result.get()
    }

    /// Nothing more will be added.
    func close() {
        change { text, _ in text.close() }
    }

    /// The writer's connection is gone.
    func leave() {
        change { text, now in text.leave(at: now) }
    }

    /// Waits for something to say.
    ///
    /// - Parameter wait: Called before the first wait, if there is one.
    /// - Returns: Nil at the end of the text, or when the task is cancelled.
    func next(_ wait: @Sendable () async -> Void) async -> GrowingText.Stretch? {
        var hasWaited = false
        while !Task.isCancelled {
            let now = timeline.now
            let (step, changes) = contents.withLock { ($0.text.next(at: now), $0.changes) }
            switch step {
            case .speak(let stretch): return stretch
            case .end: return nil
            case .wait(let time):
                if !hasWaited { await wait() }
                hasWaited = true
                _ = await timeline.limit(max(.zero, time - now)) { [contents] in
                    await contents.wait { $0.changes == changes ? nil : true }
                }
            }
        }
        return nil
    }

    private func change(_ body: (inout GrowingText, Duration) -> Void) {
        let now = timeline.now
        contents.update { contents in
            contents.changes += 1
            body(&contents.text, now)
        }
    }
}
