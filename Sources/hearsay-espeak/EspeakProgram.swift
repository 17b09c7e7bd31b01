private import Glibc
private import Wyoming

/// The program `hearsay-espeak --socket PATH`, or `hearsay-espeak --phonemize`.
@main
enum EspeakProgram {
    private static let usage = """
        usage: hearsay-espeak --socket PATH | --phonemize
        Speaks a hundred languages with espeak-ng over the Wyoming protocol on a Unix socket.
        With --phonemize it answers each line of standard input, a language tag, a tab and a text,
        with the text's sounds (IPA), or with an empty line if it does not know the language.
        Ends when standard input closes. This program is under the GPL, version 3 or later.

        """

    static func main() {
        let arguments = Array(CommandLine.arguments.dropFirst())
        if arguments == ["--phonemize"] { phonemize() }
        guard arguments.count == 2, arguments[0] == "--socket" else {
            complain(usage)
            exit(1)
        }
        guard let engine = EspeakEngine() else {
            complain("hearsay-espeak: espeak-ng finds no data; install the package espeak-ng-data\n")
            exit(2)
        }
        let worker = SpeechWorker(engine)
        do throws(TransportError) {
            try WorkerProgram.serve(at: arguments[1]) { event, connection throws(TransportError) in
                try worker.answer(event, connection)
            }
        } catch {
            complain("hearsay-espeak: \(arguments[1]): \(error)\n")
            exit(2)
        }
    }

    private static func phonemize() -> Never {
        guard let phonemizer = EspeakPhonemizer() else {
            complain("hearsay-espeak: espeak-ng finds no data; install the package espeak-ng-data\n")
            exit(2)
        }
        while let line = readLine() {
            let parts = line.split(separator: "\t", maxSplits: 1).map(String.init)
            let answer = parts.count == 2 ? phonemizer.phonemes(of: parts[1], language: parts[0]) : nil
            let bytes = Array(((answer ?? "") + "\n").utf8)
            guard unsafe write(STDOUT_FILENO, bytes, bytes.count) == bytes.count else { break }
        }
        exit(0)
    }

    private static func complain(_ text: String) {
        let bytes = Array(text.utf8)
        _ = unsafe write(STDERR_FILENO, bytes, bytes.count)
    }
}
