import Flow
import Glibc
package import Sound

/// Why a file of sound was not written; the number is the system's `errno`.
package enum FileSpeakerError: Error, Hashable, Sendable {
    case cannotWrite(path: String, errno: Int32)
    case cannotEncode(EncodingError)
}

/// A file of sound that grows while it is written and appears under its name when it is complete.
///
/// All its samples have the rate of the first ones; what comes at another rate is not taken.
final class FileSink {
    private let path: String
    private let format: SoundFileFormat
    private var descriptor: Int32
    private var encoder: (any SoundFileEncoder)?
    private var audio: AudioFormat?
    private var sampleCount = 0
    private var failure: FileSpeakerError?

    private var isStandardOutput: Bool { path == "-" }
    private var draft: String { path + ".part" }

    /// - Parameter path: `-` for standard output.
    init(path: String, format: SoundFileFormat) throws(FileSpeakerError) {
        self.path = path
        self.format = format
        descriptor = path == "-" ? 1 : unsafe open(path + ".part", O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o644)
        guard descriptor >= 0 else { throw .cannotWrite(path: path, errno: errno) }
    }

    /// - Returns: False when it is not taken.
    func append(_ samples: [Int16], _ audio: AudioFormat) -> Bool {
        guard failure == nil, self.audio == nil || self.audio == audio else { return false }
        do throws(EncodingError) {
            if encoder == nil { encoder = try SoundFile.stream(format, sampleRate: audio.sampleRate) }
            self.audio = audio
            write(try encoder?.encode(samples) ?? [])
        } catch {
            failure = .cannotEncode(error)
        }
        sampleCount += failure == nil ? samples.count : 0
        return failure == nil
    }

    /// Completes the file and gives it its name; a file without a sample does not appear.
    ///
    /// - Returns: How much audio it holds.
    func finish() throws(FileSpeakerError) -> Duration {
        guard descriptor >= 0 else { return .zero }
        complete()
        if !isStandardOutput {
            close(descriptor)
            if failure == nil, audio != nil {
                if unsafe rename(draft, path) != 0 { failure = .cannotWrite(path: path, errno: errno) }
            } else {
                unsafe unlink(draft)
            }
        }
        descriptor = -1
        if let failure { throw failure }
        return audio?.duration(of: sampleCount) ?? .zero
    }

    private func complete() {
        guard let audio, let encoder, failure == nil else { return }
        do throws(EncodingError) {
            write(try encoder.finish())
        } catch {
            failure = .cannotEncode(error)
        }
        guard format == .wav, !isStandardOutput, failure == nil else { return }
        // Its header said that nobody knows the length.
        if lseek(descriptor, 0, SEEK_SET) == 0 {
            write(WAV.header(audio, byteCount: sampleCount * 2))
        } else {
            failure = .cannotWrite(path: path, errno: errno)
        }
    }

    private func write(_ bytes: [UInt8]) {
        if !FileBytes.write(bytes, to: descriptor) { failure = .cannotWrite(path: path, errno: errno) }
    }
}
