private import Glibc
private import Sherpa

/// How `hearsay-sherpa` was called.
package struct SherpaOptions: Hashable, Sendable {
    /// Nil with `--inspect`.
    package var socket: String?
    /// The folder of the model; empty for a detector.
    package var model = ""
    /// The file of the network that tells speech; nil for a voice.
    package var detector: String?
    /// What the model must be; nil for whatever it is.
    package var purpose: ModelPurpose?
    /// The model's name; the last part of its folder unless given.
    package var name = ""
    /// BCP 47, for models that do not tell themselves.
    package var languages: [String] = []
    package var licence: String?
    /// Where the library lies; nil for the usual places.
    package var library: String?
    /// The program that makes phonemes.
    package var espeak = "\(SherpaLibrary.programFolder)/hearsay-espeak"
    /// More make a sentence no faster: a voice has few layers that can be divided.
    package var threadCount = min(4, max(1, Int(sysconf(Int32(_SC_NPROCESSORS_ONLN)))))
    /// How much memory it may use; nil for any.
    package var memoryByteCount: Int?

    /// - Returns: Nil for words that are not understood.
    package init?(_ arguments: some Collection<String>) {
        var rest = Array(arguments)[...]
        var isInspection = false
        while let option = rest.popFirst() {
            if option == "--inspect" {
                isInspection = true
                continue
            }
            guard let value = rest.popFirst(), take(option, value) else { return nil }
        }
        if name.isEmpty { name = model.split(separator: "/").last.map(String.init) ?? "" }
        guard model.isEmpty == (detector != nil), isInspection == (socket == nil), detector == nil || !isInspection
        else { return nil }
    }

    private mutating func take(_ option: String, _ value: String) -> Bool {
        switch option {
        case "--socket": socket = value
        case "--model": model = value
        case "--vad": detector = value
        case "--name": name = value
        case "--kind":
            purpose = ModelPurpose(rawValue: value)
            if purpose == nil { return false }
        case "--languages": languages = value.split(separator: ",").map(String.init)
        case "--licence": licence = value
        case "--library": library = value
        case "--espeak": espeak = value
        case "--threads":
            guard let count = Int(value), (1...64).contains(count) else { return false }
            threadCount = count
        case "--memory":
            guard let count = Int(value), count > 0 else { return false }
            memoryByteCount = count
        default: return false
        }
        return true
    }
}
