import VoiceCore

/// The names of events on the wire.
package enum EventName {
    /// Every name of PROTOCOL.md, section 3, so that a subscription may name what a later version sends.
    package static let all: Set<String> = [
        "job.queued", "job.held", "job.started", "job.moved", "job.progress", "job.words", "job.finished",
        "job.aborted", "job.failed", "queue.changed", "engine.changed", "journal.changed",
        "configuration.changed", "commands.changed", "model.changed", "model.progress",
        "listener.attached", "listener.ready", "listener.updated", "listener.failed", "listener.detached",
        "listener.gap",
        "session.started", "session.updated", "session.ended", "server.stopping",
        "source.started", "source.updated", "source.stopped", "source.gap", "source.lag", "speech.started",
        "speech.stopped",
        "transcript.partial", "transcript.final", "transcript.revised", "transcript.failed", "group.said",
        "keyword.spotted", "command.matched", "attention.called", "draft.started", "draft.updated", "draft.ended",
        "draft.revised", "draft.deleted", "transcript.deleted", "recording.saved",
        "participant.joined", "participant.left", "speaking.changed", "level",
    ]

    static func name(_ body: Event.Body) -> String {
        switch body {
        case .jobQueued: "job.queued"
        case .jobHeld: "job.held"
        case .jobStarted: "job.started"
        case .jobMoved: "job.moved"
        case .jobEnded(.finished): "job.finished"
        case .jobEnded(.aborted): "job.aborted"
        case .jobEnded(.failed): "job.failed"
        case .listenerAttached: "listener.attached"
        case .listenerReady: "listener.ready"
        case .listenerUpdated: "listener.updated"
        case .listenerFailed: "listener.failed"
        case .listenerDetached: "listener.detached"
        case .sessionStarted: "session.started"
        case .sessionUpdated: "session.updated"
        case .sessionEnded: "session.ended"
        case .engineChanged: "engine.changed"
        case .journalChanged: "journal.changed"
        case .configurationChanged: "configuration.changed"
        case .commandsChanged: "commands.changed"
        case .modelChanged: "model.changed"
        case .modelProgress: "model.progress"
        case .serverStopping: "server.stopping"
        case .sourceStarted: "source.started"
        case .sourceUpdated: "source.updated"
        case .sourceStopped: "source.stopped"
        case .sourceGap: "source.gap"
        case .sourceLag: "source.lag"
        case .speechStarted: "speech.started"
        case .speechStopped: "speech.stopped"
        case .transcriptPartial: "transcript.partial"
        case .transcriptFinal: "transcript.final"
        case .transcriptRevised: "transcript.revised"
        case .transcriptFailed: "transcript.failed"
        case .keywordSpotted: "keyword.spotted"
        case .groupSaid: "group.said"
        case .sourceLevel: "level"
        case .commandMatched: "command.matched"
        case .attentionCalled: "attention.called"
        case .draftStarted: "draft.started"
        case .draftUpdated: "draft.updated"
        case .draftEnded: "draft.ended"
        case .draftRevised: "draft.revised"
        case .recordingSaved: "recording.saved"
        case .draftDeleted: "draft.deleted"
        case .transcriptDeleted: "transcript.deleted"
        case .jobProgress: "job.progress"
        case .jobWords: "job.words"
        case .queueChanged: "queue.changed"
        }
    }
}
