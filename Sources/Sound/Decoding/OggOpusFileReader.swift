private import Glibc

/// Reads Opus in Ogg (RFC 7845), also several streams one behind the other.
final class OggOpusFileReader: RecordingReader {
    /// What the first packet of a stream says.
    private struct Head {
        /// Samples at 48 kHz that belong to nobody.
        let preSkip: Int
        /// By which every sample is multiplied.
        let gain: Double

        init(_ packet: [UInt8]) throws(RecordingError) {
            guard packet.count >= 19, packet[8] >> 4 == 0 else { throw .damaged(.oggOpus) }
            // Mapping family 0, or another one with all channels in one Opus stream.
            guard packet[18] == 0 || (packet.count > 19 && packet[19] == 1) else { throw .unsupported(.oggOpus) }
            preSkip = Int(packet[10]) | Int(packet[11]) << 8
            let decibels = Double(Int16(bitPattern: UInt16(packet[16]) | UInt16(packet[17]) << 8)) / 256
            gain = pow(10, decibels / 20)
        }
    }

    private struct Song {
        let serial: UInt32
        let head: Head
        let decoder: OpusDecoder
        /// Decoded so far, those of the pre-skip included.
        var sampleCount = 0
        var packetCount = 1
    }

    /// What recognisers want; the decoder makes it of every stream.
    private static let sampleRate = 16_000
    /// Granule positions count at 48 kHz.
    private static let granulesPerSample = 3

    private var pages: OggPageReader
    private var song: Song?
    private var hasSound = false

    init(_ bytes: ArraySlice<UInt8>) throws(RecordingError) {
        pages = OggPageReader(bytes)
    }

    func next() throws(RecordingError) -> AudioChunk? {
        while let page = try pages.next() {
            if page.isFirst {
                try begin(page)
                continue
            }
            guard var song, song.serial == page.serial else { continue }
            let samples = try decode(page, &song)
            self.song = page.isLast ? nil : song
            guard !samples.isEmpty else { continue }
            hasSound = true
            return AudioChunk(format: AudioFormat(sampleRate: Self.sampleRate), samples: samples)
        }
        guard hasSound else { throw .damaged(.oggOpus) }
        // RFC 7845, section 3: a stream may lack the page that ends it. Android's MediaMuxer never marks one, so a file
        // that was cut between two pages cannot be told from one of its own.
        return nil
    }

    /// A stream of something else beside this one is passed over.
    private func begin(_ page: OggPageReader.Page) throws(RecordingError) {
        // RFC 3533, section 4: what sounds together begins together, so what begins behind other pages follows them.
        if let song, song.packetCount == 1 { return }
        guard let packet = page.packets.first, packet.starts(with: Array("OpusHead".utf8)) else { return }
        let head = try Head(packet)
        do throws(OpusError) {
            song = Song(serial: page.serial, head: head, decoder: try OpusDecoder(sampleRate: Self.sampleRate))
        } catch {
            throw .library(.oggOpus)
        }
    }

    private func decode(_ page: OggPageReader.Page, _ song: inout Song) throws(RecordingError) -> [Int16] {
        var samples: [Int16] = []
        for packet in page.packets {
            song.packetCount += 1
            // The second packet holds names and pictures.
            guard song.packetCount > 2 else { continue }
            do throws(OpusError) {
                samples += try song.decoder.decode(packet)
            } catch {
                throw .damaged(.oggOpus)
            }
        }
        let start = song.sampleCount
        song.sampleCount += samples.count
        if page.isLast, let position = page.position {
            let excess = song.sampleCount - position / Self.granulesPerSample
            if excess > 0, excess < samples.count { samples.removeLast(excess) }
        }
        let skipped = song.head.preSkip / Self.granulesPerSample - start
        if skipped > 0 { samples.removeFirst(min(skipped, samples.count)) }
        if song.head.gain != 1 { PCM16.amplify(&samples, by: song.head.gain) }
        return samples
    }
}
