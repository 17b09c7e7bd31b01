import Engines
import Sound
import VoiceCore

/// A file, or standard input, that holds a recording.
struct RecordingFile: Sendable {
    /// Longer than anything that has under a gigabyte.
    private static let lengthLimit = Duration.seconds(100 * 3_600)

    /// What can be done with samples that nothing says how to read.
    private static let bareSamples = [
        "If it holds samples without a header, ffmpeg can say how they are to be read:",
        "ffmpeg -f s16le -ar 16000 -ac 1 -i FILE -f wav - | hearsay transcribe -",
    ]

    private let path: String
    private let bytes: ArraySlice<UInt8>

    /// - Throws: A `Failure` for a file that cannot be read.
    init(_ path: String, limit: Int) throws {
        self.path = path
        do throws(SmallFile.Problem) {
            bytes = try SmallFile.readBytes(path, limit: limit)[...]
        } catch {
            throw Failure(exitCode: .usage, code: "unreadable_file", message: "\(path): \(error)")
        }
    }

    /// Opens the recording; ffmpeg does where nothing here can.
    func reader() async throws -> any RecordingReader {
        do throws(RecordingError) {
            return try RecordingKind(bytes).reader(of: bytes)
        } catch {
            guard case .unsupported(.foreign(let container)) = error else { throw failure(error) }
            guard let converter = FFmpegConverter() else {
                throw Failure(
                    exitCode: .usage, code: "unsupported_audio",
                    message: "\(path) needs ffmpeg, which is not installed",
                    advice: ["Install ffmpeg, or send WAV, MP3, FLAC or Ogg Opus."])
            }
            do throws(ConversionError) {
                return try await converter.convert(bytes, from: container, limit: Self.lengthLimit)
            } catch {
                throw Failure(
                    exitCode: .usage, code: "damaged_recording", message: "ffmpeg finds no sound in \(path)")
            }
        }
    }

    /// The next piece of it.
    func next(of reader: any RecordingReader) throws -> AudioChunk? {
        do throws(RecordingError) {
            return try reader.next()
        } catch {
            throw failure(error)
        }
    }

    private func failure(_ error: RecordingError) -> Failure {
        let (code, reason, advice): (String, String, [String]) =
            switch error {
            case .empty: ("unsupported_audio", "is empty", ["Was it recorded to its end?"])
            case .unknownKind(isText: true): ("unsupported_audio", "is text, not sound", ["Is it what you meant?"])
            case .unknownKind: ("unsupported_audio", "is no recording", Self.bareSamples)
            case .unsupported: ("unsupported_audio", "has an encoding that is not read", ["ffmpeg converts it."])
            case .damaged: ("damaged_recording", "is damaged", ["ffmpeg may be able to repair it."])
            case .truncated:
                ("truncated_recording", "ends before its own sizes say so", ["ffmpeg may be able to repair it."])
            case .library: ("out_of_memory", "finds no memory", ["Try again with other programs closed."])
            }
        return Failure(exitCode: .usage, code: code, message: "\(path) \(reason)", advice: advice)
    }
}
