package import Flow

/// A fact that happened, or a reading of something that changes all the time.
package struct Event: Hashable, Sendable {
    package var at: WallTime
    package var session: SessionID?
    package var job: JobID?
    package var listener: ListenerID?
    package var source: SourceID?
    package var utterance: UtteranceID?
    /// On the start and the end of a job that another voice had to go on with.
    package var fallback: Fallback?
    /// On the start of a job: the voice that was chosen.
    package var voice: String?
    /// Whether it was heard elsewhere, so that what it tells of it is told to nobody who comes later.
    package var isRelayed = false
    package var body: Body

    package init(
        _ body: Body, at: WallTime = .now(), session: SessionID? = nil, job: JobID? = nil, listener: ListenerID? = nil,
        source: SourceID? = nil, utterance: UtteranceID? = nil, fallback: Fallback? = nil, voice: String? = nil
    ) {
        self.at = at
        self.session = session
        self.job = job
        self.listener = listener
        self.source = source
        self.utterance = utterance
        self.fallback = fallback
        self.voice = voice
        self.body = body
    }

    /// What happened (PROTOCOL.md, section 3).
    package enum Body: Hashable, Sendable {
        case jobQueued(position: Int, estimatedWait: Duration, preview: String)
        case jobHeld(reason: String)
        case jobStarted(listeners: [ListenerID], text: String, delay: Duration)
        case jobMoved(from: [ListenerID], to: [ListenerID], position: Duration)
        case jobEnded(JobEnd)
        case listenerAttached(ListenerDescription)
        case listenerReady(Readiness)
        case listenerUpdated(ListenerTrim)
        case listenerFailed(reason: String)
        case listenerDetached
        case sessionStarted
        /// Its name or voice is another one.
        case sessionUpdated(name: String?, voice: String?)
        case sessionEnded(reason: String)
        case engineChanged(EngineState)
        case journalChanged(JournalState)
        case configurationChanged(ConfigurationState)
        /// The file of commands was read, or could not be.
        case commandsChanged(CommandsState)
        /// A model's installation went on to its next step, or ended.
        case modelChanged(id: String, ModelState)
        case serverStopping
        case sourceStarted(SourceDescription)
        /// Its settings changed, or it pauses or goes on.
        case sourceUpdated(SourceDescription)
        case sourceStopped(reason: String)
        /// So much of its audio is missing.
        case sourceGap(Duration)
        /// Times are from the source's first sample; `late` is how much later than usual the audio came.
        case speechStarted(at: Duration, late: Duration?)
        case speechStopped(at: Duration)
        case transcriptFinal(UtteranceTranscript)
        /// A better reading of an utterance whose final text is known.
        case transcriptRevised(UtteranceTranscript)
        case transcriptFailed(code: String)
        /// A phrase was found in the sound of an utterance that may not be over.
        case keywordSpotted(SpottedKeyword)
        /// What was said in a group, in the order in which it was said.
        case groupSaid(GroupLine)
        case commandMatched(SpokenCommand)
        /// Somebody called for attention, with no command after it yet; how alike the two are, 0 to 100.
        case attentionCalled(String, score: Double)
        case draftStarted(Draft)
        case draftEnded(Draft)
        /// A draft that had ended was understood better.
        case draftRevised(Draft)
        case recordingSaved(Recording)
        /// Somebody took a draft back, with what was said in it.
        case draftDeleted(DraftID, utterances: [UtteranceID])
        /// Somebody took back everything that was said in a session.
        case transcriptDeleted

        /// Reading: how far the listener that leads is.
        case jobProgress(JobProgress)
        /// Reading: when the words around the place that sounds are spoken, and those after it as far as they are known.
        case jobWords([WordTime], isEstimated: Bool)
        /// Reading: how many jobs wait, and in which order.
        case queueChanged(QueueState)
        /// Reading: what is understood of an utterance that is not over.
        case transcriptPartial(PartialTranscript)
        /// Reading: a draft as far as it was said.
        case draftUpdated(Draft)
        /// Reading: how long ago that was said of a source which is being read; zero once it has caught up.
        case sourceLag(Duration)
        /// Reading: how far the file of a model has come.
        case modelProgress(id: String, ModelTransfer)
        /// Reading: how loud a source is, in decibels below full scale.
        case sourceLevel(Double)
    }
}

/// How far a job was heard.
package struct JobProgress: Hashable, Sendable {
    package var position: Duration
    package var wordIndex: Int
    /// Unicode scalars of the caller's text.
    package var characterOffset: Int
    package var characterEnd: Int
    /// Of the text's characters, 0 to 100.
    package var percent: Int
    /// How loud the audio around the position is, in decibels below full scale; nil where that is not known.
    package var level: Double?

    package init(position: Duration, wordIndex: Int, characterOffset: Int, characterEnd: Int, percent: Int) {
        self.position = position
        self.wordIndex = wordIndex
        self.characterOffset = characterOffset
        self.characterEnd = characterEnd
        self.percent = percent
    }
}

extension Event {
    /// Whether it is numbered and kept; readings are not.
    package var isFact: Bool { readingSubject == nil }

    /// What a reading is about: of each subject only the newest waits for a slow reader.
    package var readingSubject: String? {
        switch body {
        case .jobProgress: "progress/\(job?.rawValue ?? "")"
        case .jobWords: "words/\(job?.rawValue ?? "")"
        case .queueChanged: "queue"
        case .transcriptPartial: "partial/\(utterance?.rawValue ?? "")"
        case .sourceLag: "lag/\(source?.rawValue ?? "")"
        case .sourceLevel: "level/\(source?.rawValue ?? "")"
        case .draftUpdated(let draft): "draft/\(draft.id)"
        case .modelProgress(let id, _): "model/\(id)"
        default: nil
        }
    }
}

extension Event {
    /// Whether it tells of one of some drafts, or of what was said in one.
    ///
    /// - Parameter utterances: Those of the drafts.
    package func tells(of drafts: Set<DraftID>, _ utterances: Set<UtteranceID>) -> Bool {
        if let utterance, utterances.contains(utterance) { return true }
        return switch body {
        case .draftStarted(let told), .draftUpdated(let told), .draftEnded(let told), .draftRevised(let told):
            drafts.contains(told.id) || told.parent.map(drafts.contains) ?? false
        case .recordingSaved(let recording): drafts.contains(recording.draft)
        default: false
        }
    }

    /// Whether it tells what somebody said.
    package var tellsWhatWasSaid: Bool {
        switch body {
        case .transcriptPartial, .transcriptFinal, .transcriptRevised, .groupSaid, .keywordSpotted, .commandMatched,
            .attentionCalled, .draftStarted, .draftUpdated, .draftEnded, .draftRevised, .recordingSaved:
            true
        default: false
        }
    }
}

extension Broadcast where Element == Event {
    /// Publishes a fact or a reading, as the event itself says.
    ///
    /// - Parameter isForgotten: Whether a fact must not be told any more, as in `publish(_:ending:unless:)`.
    package func publish(event: Event, unless isForgotten: () -> Bool = { false }) {
        if let subject = event.readingSubject {
            publish(reading: event, of: subject)
        } else {
            publish(event, ending: event.endedSubjects, unless: isForgotten)
        }
    }
}

extension Event {
    /// Subjects whose readings are over with this fact.
    fileprivate var endedSubjects: [String] {
        switch body {
        case .jobEnded: job.map { ["progress/\($0)", "words/\($0)"] } ?? []
        case .transcriptFinal, .transcriptFailed: utterance.map { ["partial/\($0)"] } ?? []
        case .draftEnded(let draft): ["draft/\(draft.id)"]
        case .modelChanged(let id, _): ["model/\(id)"]
        case .sourceStopped: source.map { ["lag/\($0)", "level/\($0)"] } ?? []
        default: []
        }
    }
}
