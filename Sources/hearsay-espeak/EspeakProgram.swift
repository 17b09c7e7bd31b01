private import Glibc
private import Wyoming

/// The program `hearsay-espeak --socket PATH`.
@main
enum EspeakProgram {
    private static let usage = """
        usage: hearsay-espeak --socket PATH
        Speaks a hundred languages with espeak-ng over the Wyoming protocol on a Unix socket.
        Ends when standard input closes. This program is under the GPL, version 3 or later.

        """

    static func main() {
        let arguments = Array(CommandLine.arguments.dropFirst())
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

    private static func complain(_ text: String) {
        let bytes = Array(text.utf8)
        _ = unsafe write(STDERR_FILENO, bytes, bytes.count)
    }
}
