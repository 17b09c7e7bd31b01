private import CSystem
private import Glibc
private import Synchronization

/// Turns text into the sounds of a language with `hearsay-espeak --phonemize`, a program of its own because of its licence.
///
/// The program is started when it is needed, and once more when it has died.
package final class Phonemizer: Sendable {
    private let executable: String
    private let program = Mutex<PhonemizerProcess?>(nil)

    /// - Returns: Nil where the program is not there.
    package init?(executable: String) {
        guard unsafe access(executable, X_OK) == 0 else { return nil }
        self.executable = executable
    }

    /// - Parameter language: BCP 47.
    /// - Returns: IPA with the text's punctuation; nil if the language is unknown or the program does not work.
    package func phonemes(of text: String, language: String) -> String? {
        // The program reads a line each.
        let line = String(String.UnicodeScalarView(text.unicodeScalars.map { $0.value < 0x20 ? " " : $0 }))
        for _ in 0..<2 {
            let answer: String?? = program.withLock { process in
                if process == nil { process = PhonemizerProcess(executable: executable) }
                guard let answer = process?.ask("\(language)\t\(line)") else {
                    process = nil
                    return nil
                }
                return .some(answer.isEmpty ? nil : answer)
            }
            if let answer { return answer }
        }
        return nil
    }
}

/// A running program that answers a line with a line.
private struct PhonemizerProcess: ~Copyable {
    private let id: pid_t
    private let input: Int32
    private let output: Int32

    /// An answer to the longest text a worker takes.
    private static let answerByteLimit = 1 << 20

    init?(executable: String) {
        var requests: [Int32] = [-1, -1]
        var answers: [Int32] = [-1, -1]
        guard unsafe pipe2(&requests, O_CLOEXEC) == 0 else { return nil }
        guard unsafe pipe2(&answers, O_CLOEXEC) == 0 else {
            requests.forEach { close($0) }
            return nil
        }
        var id: pid_t = 0
        let status = Self.spawn(&id, executable, input: requests[0], output: answers[1])
        close(requests[0])
        close(answers[1])
        guard status == 0 else {
            close(requests[1])
            close(answers[0])
            return nil
        }
        self.id = id
        input = requests[1]
        output = answers[0]
    }

    /// Ends the program: it reads the end of its input.
    deinit {
        close(input)
        close(output)
        while waitpid(id, nil, 0) < 0, errno == EINTR {}
    }

    /// - Returns: Nil when the program is gone.
    func ask(_ line: String) -> String? {
        let bytes = Array((line + "\n").utf8)
        var sent = 0
        while sent < bytes.count {
            let count = unsafe bytes[sent...].withUnsafeBytes { unsafe write(input, $0.baseAddress, $0.count) }
            if count < 0 && errno != EINTR { return nil }
            sent += max(0, count)
        }
        var answer: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: 4_096)
        while answer.last != UInt8(ascii: "\n") {
            let count = unsafe read(output, &buffer, buffer.count)
            if count == 0 || (count < 0 && errno != EINTR) || answer.count > Self.answerByteLimit { return nil }
            answer += buffer[..<max(0, count)]
        }
        return String(decoding: answer.dropLast(), as: UTF8.self)
    }

    private static func spawn(_ id: inout pid_t, _ executable: String, input: Int32, output: Int32) -> Int32 {
        var actions = unsafe posix_spawn_file_actions_t()
        unsafe posix_spawn_file_actions_init(&actions)
        defer { unsafe posix_spawn_file_actions_destroy(&actions) }
        unsafe posix_spawn_file_actions_adddup2(&actions, input, STDIN_FILENO)
        unsafe posix_spawn_file_actions_adddup2(&actions, output, STDOUT_FILENO)
        let words: [UnsafeMutablePointer<CChar>?] = unsafe [strdup(executable), strdup("--phonemize"), nil]
        defer { unsafe words.forEach { unsafe free($0) } }
        let environment: [UnsafeMutablePointer<CChar>?] = unsafe [nil]
        return unsafe posix_spawn(&id, executable, &actions, nil, words, environment)
    }
}
