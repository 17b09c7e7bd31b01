import Flow
import Glibc
import Sound

/// Why a WAV file was not written; the number is the system's `errno`.
package enum FileSpeakerError: Error, Hashable, Sendable {
    case cannotWrite(path: String, errno: Int32)
}

/// A WAV file that grows while it is written and appears under its name when it is complete.
final class WAVFile: Sendable {
    private struct State: Sendable {
        var descriptor: Int32
        var format: AudioFormat?
        var sampleCount = 0
        var failure: Int32?
    }

    private let path: String
    private let state: Monitor<State>

    private var isStandardOutput: Bool { path == "-" }
    private var draft: String { path + ".part" }

    init(path: String) throws(FileSpeakerError) {
        self.path = path
        let descriptor = path == "-" ? 1 : unsafe open(path + ".part", O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o644)
        guard descriptor >= 0 else { throw .cannotWrite(path: path, errno: errno) }
        state = Monitor(State(descriptor: descriptor))
    }

    /// - Returns: False when the disk does not take it.
    func append(_ samples: [Int16], _ format: AudioFormat) -> Bool {
        state.withLock { state in
            guard state.failure == nil else { return false }
            var bytes = PCM16.bytes(of: samples)
            if state.format == nil {
                state.format = format
                bytes = WAV.streamingHeader(format) + bytes
            }
            guard FileBytes.write(bytes, to: state.descriptor) else {
                state.failure = errno
                return false
            }
            state.sampleCount += samples.count
            return true
        }
    }

    /// Writes the final header and gives the file its name; a file without a sample does not appear.
    ///
    /// - Returns: How much audio it holds.
    func finish() throws(FileSpeakerError) -> Duration {
        let (duration, failure) = state.withLock { state in
            defer { state.descriptor = -1 }
            return (state.format?.duration(of: state.sampleCount) ?? .zero, complete(state))
        }
        if let failure { throw .cannotWrite(path: path, errno: failure) }
        return duration
    }

    /// - Returns: The system's error; nil if all is well.
    private func complete(_ state: State) -> Int32? {
        guard !isStandardOutput, state.descriptor >= 0 else { return state.failure }
        var failure = state.failure
        if let format = state.format, failure == nil {
            let header = WAV.header(format, byteCount: state.sampleCount * 2)
            let isWritten = lseek(state.descriptor, 0, SEEK_SET) == 0 && FileBytes.write(header, to: state.descriptor)
            failure = isWritten ? nil : errno
        }
        close(state.descriptor)
        if failure == nil, state.format != nil {
            return unsafe rename(draft, path) == 0 ? nil : errno
        }
        unsafe unlink(draft)
        return failure
    }
}
