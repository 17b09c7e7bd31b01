internal import Flow
internal import VoiceCore

/// One engine's try at an utterance.
struct ReadingTurn: Sendable {
    var transcriber: any Transcriber
    var settings: RecognitionSettings
    var adaptation: Adaptation?
    /// When the engine was ready after its last start.
    let readyAt: Monitor<Duration>
    /// Whether another engine is there to read it, which leaves this one half of the time and no second try.
    var hasStandIn = false
    let spotting: KeywordSpotting
    /// Whether text was told that is not to change.
    let hasConfirmed = Monitor(false)

    init(
        _ transcriber: any Transcriber, _ settings: RecognitionSettings, _ adaptation: Adaptation?,
        _ readyAt: Monitor<Duration>, _ spotting: KeywordSpotting
    ) {
        self.transcriber = transcriber
        self.settings = settings
        self.adaptation = adaptation
        self.readyAt = readyAt
        self.spotting = spotting
    }

    var patience: Duration { (settings.patience ?? LagRule.limit) / (hasStandIn ? 2 : 1) }
}
