/// Wakes one waiting task at a time that others may move.
package final class Alarm: Sendable {
    private struct Setting: Sendable {
        var deadline: Duration?
        var version: UInt64 = 0
    }

    private let setting = Monitor(Setting())
    private let timeline: Timeline

    package init(timeline: Timeline) {
        self.timeline = timeline
    }

    /// Sets the time to wake at; nil for never.
    package func set(_ deadline: Duration?) {
        let isSame = setting.withLock { $0.deadline == deadline }
        guard !isSame else { return }
        setting.update { setting in
            setting.deadline = deadline
            setting.version += 1
        }
    }

    /// Returns when the set time has come, and forgets it; returns early when the task is cancelled.
    package func wait() async {
        while !Task.isCancelled {
            let current = setting.withLock { $0 }
            if let deadline = current.deadline, deadline <= timeline.now {
                setting.withLock { if $0.version == current.version { $0.deadline = nil } }
                return
            }
            await waitForChangeOrTime(current)
        }
    }

    private func waitForChangeOrTime(_ current: Setting) async {
        let setting = setting
        let timeline = timeline
        await withTaskGroup(of: Void.self) { group in
            group.addTask { _ = await setting.wait { $0.version != current.version ? true : nil } }
            if let deadline = current.deadline {
                group.addTask { await timeline.sleep(until: deadline) }
            }
            await group.next()
            group.cancelAll()
        }
    }
}
