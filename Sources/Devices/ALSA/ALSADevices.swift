private import CALSA
private import Glibc

/// What ALSA offers.
enum ALSADevices {
    /// Cards of the kernel without a loudspeaker.
    private static let dummyCards: Set<String> = ["Dummy", "Loopback"]

    /// `default`, `null`, and for each card the names that convert any format.
    static func list() -> [OutputDevice] {
        hearsay_alsa_silence()
        let cards = cardNames()
        let hasRealCard = cards.contains { !dummyCards.contains($0) }
        var hints: UnsafeMutablePointer<UnsafeMutableRawPointer?>?
        guard unsafe snd_device_name_hint(-1, "pcm", &hints) == 0, let hints = unsafe hints else { return [] }
        defer { unsafe snd_device_name_free_hint(hints) }
        var devices: [OutputDevice] = []
        var index = 0
        while let hint = unsafe hints[index] {
            index += 1
            guard let name = unsafe text(hint, "NAME"), unsafe text(hint, "IOID") != "Input" else { continue }
            let summary = unsafe text(hint, "DESC") ?? ""
            if let device = device(name, summary, hasRealCard: hasRealCard) { devices.append(device) }
        }
        return devices
    }

    /// Whether there is a card with a loudspeaker.
    static var hasRealCard: Bool { cardNames().contains { !dummyCards.contains($0) } }

    private static func device(_ name: String, _ summary: String, hasRealCard: Bool) -> OutputDevice? {
        let isOfCard = name.hasPrefix("plughw:") || name.hasPrefix("sysdefault:")
        guard isOfCard || name == "null" || name == "default" else { return nil }
        let isDummy =
            name == "null" || name == "default" && !hasRealCard
            || dummyCards.contains { name.contains("CARD=\($0)") }
        let line = summary.split(separator: "\n").joined(separator: ", ")
        return OutputDevice(backend: .alsa, name: name, summary: line, isDefault: name == "default", isDummy: isDummy)
    }

    private static func cardNames() -> [String] {
        var names: [String] = []
        var card: Int32 = -1
        while unsafe snd_card_next(&card) == 0, card >= 0 {
            var name: UnsafeMutablePointer<CChar>?
            guard unsafe snd_card_get_name(card, &name) == 0, let name = unsafe name else { continue }
            names.append(unsafe String(cString: name))
            unsafe free(name)
        }
        return names
    }

    private static func text(_ hint: UnsafeMutableRawPointer, _ key: String) -> String? {
        guard let pointer = unsafe snd_device_name_get_hint(hint, key) else { return nil }
        defer { unsafe free(pointer) }
        return unsafe String(cString: pointer)
    }
}
