/// What a recording is packed in, by its first bytes; names and content types of files are often wrong.
package enum RecordingKind: Hashable, Sendable {
    case wav, mp3, flac, oggOpus
    /// What another program may read.
    case foreign(ForeignContainer)

    /// How many bytes are looked at.
    private static let headLength = 64

    /// - Throws: `empty` or `unknownKind`. A list of what is known keeps playlists and scripts away from other programs.
    package init(_ bytes: ArraySlice<UInt8>) throws(RecordingError) {
        guard !bytes.isEmpty else { throw .empty }
        let head = Array(bytes.prefix(Self.headLength))
        if Self.has(head, "RIFF"), Self.has(head, "WAVE", at: 8) {
            self = .wav
        } else if Self.has(head, "fLaC") {
            self = .flac
        } else if Self.has(head, "OggS") {
            // RFC 7845, section 5.1: the first page holds the head and nothing else, behind 28 bytes.
            self = Self.has(head, "OpusHead", at: 28) ? .oggOpus : .foreign(.ogg)
        } else if Self.has(head, "ID3") || Self.beginsMPEGFrame(head) {
            self = .mp3
        } else if let container = ForeignContainer.allCases.first(where: { $0.begins(head) }) {
            self = .foreign(container)
        } else {
            let isText = head.allSatisfy { (0x20...0x7E).contains($0) || [9, 10, 13].contains($0) }
            throw .unknownKind(isText: isText)
        }
    }

    /// ISO 11172-3, section 2.4.2.3: eleven set bits, then no reserved value, and layer III.
    private static func beginsMPEGFrame(_ head: [UInt8]) -> Bool {
        guard head.count >= 4, head[0] == 0xFF, head[1] & 0xE0 == 0xE0 else { return false }
        let (version, layer) = (head[1] >> 3 & 3, head[1] >> 1 & 3)
        return version != 1 && layer == 1 && head[2] >> 4 != 15 && head[2] >> 2 & 3 != 3
    }

    fileprivate static func has(_ head: [UInt8], _ text: String, at place: Int = 0) -> Bool {
        head.dropFirst(place).starts(with: text.utf8)
    }
}

/// Containers that are not read here, by the names under which ffmpeg reads them.
package enum ForeignContainer: String, CaseIterable, Hashable, Sendable {
    /// Also M4A and 3GP.
    case mp4 = "mov"
    /// Also WebM.
    case matroska
    /// With something else than Opus in it.
    case ogg
    /// ADTS frames.
    case aac
    case aiff
    case amr
    case caf
    case au
    /// Also WMA.
    case asf

    fileprivate func begins(_ head: [UInt8]) -> Bool {
        switch self {
        case .mp4: RecordingKind.has(head, "ftyp", at: 4)
        case .matroska: head.starts(with: [0x1A, 0x45, 0xDF, 0xA3])
        case .ogg: false
        case .aac: head.count >= 2 && head[0] == 0xFF && head[1] & 0xF6 == 0xF0
        case .aiff: RecordingKind.has(head, "FORM") && RecordingKind.has(head, "AIF", at: 8)
        case .amr: RecordingKind.has(head, "#!AMR")
        case .caf: RecordingKind.has(head, "caff")
        case .au: RecordingKind.has(head, ".snd")
        case .asf: head.starts(with: [0x30, 0x26, 0xB2, 0x75, 0x8E, 0x66, 0xCF, 0x11])
        }
    }
}
