package import VoiceCore

/// Who must not begin to sound, and until when.
package struct Brakes: Hashable, Sendable {
    /// One brake that is on.
    package struct Setting: Hashable, Sendable {
        package let brake: Brake
        /// When it goes off by itself; nil for never.
        package let until: Duration?
    }

    /// More than anybody sets by hand: each session may have one, and `SessionRegistry.limit` is as large.
    package static let limit = 1_000

    private var settings: [BrakeSubject: Setting] = [:]

    package subscript(_ subject: BrakeSubject) -> Setting? { settings[subject] }

    /// Every brake that is on, in no order.
    package var all: [BrakeSubject: Setting] { settings }

    /// Puts a brake on, in place of one that is on there.
    ///
    /// - Returns: False if there are too many.
    mutating func put(_ brake: Brake, on subject: BrakeSubject, until end: Duration?) -> Bool {
        guard settings[subject] != nil || settings.count < Self.limit else { return false }
        settings[subject] = Setting(brake: brake, until: end)
        return true
    }

    /// Takes the brake off.
    mutating func release(_ subject: BrakeSubject) {
        settings.removeValue(forKey: subject)
    }

    /// Takes off what has lasted long enough.
    mutating func expire(at now: Duration) {
        settings = settings.filter { _, setting in setting.until.map { $0 > now } ?? true }
    }

    var nextDeadline: Duration? { settings.values.compactMap(\.until).min() }

    /// Whether a job of the session must wait, wherever it would sound.
    func hold(_ session: SessionID) -> Bool {
        !settings.isEmpty && (settings[.everything] != nil || settings[.session(session)] != nil)
    }

    /// Whether a job must wait that would sound on these outputs.
    func hold(_ outputs: some Sequence<OutputID>) -> Bool {
        !settings.isEmpty && outputs.contains { settings[.output($0)] != nil }
    }
}
