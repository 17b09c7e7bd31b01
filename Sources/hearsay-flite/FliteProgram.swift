private import Glibc
private import Wyoming

/// The program `hearsay-flite --socket PATH [--voice-dir none]`.
@main
enum FliteProgram {
    private static let usage = """
        usage: hearsay-flite --socket PATH [--voice-dir none]
        Speaks with the voices slt, rms, awb and kal16 over the Wyoming protocol on a Unix socket.
        Ends when standard input closes.

        """

    static func main() {
        guard let path = socketPath(CommandLine.arguments.dropFirst()) else {
            complain(usage)
            exit(1)
        }
        let worker = SpeechWorker(FliteEngine())
        do throws(TransportError) {
            try WorkerProgram.serve(at: path) { event, connection throws(TransportError) in
                try worker.answer(event, connection)
            }
        } catch {
            complain("hearsay-flite: \(path): \(error)\n")
            exit(2)
        }
    }

    private static func socketPath(_ arguments: ArraySlice<String>) -> String? {
        var path: String?
        var rest = arguments
        while let option = rest.popFirst() {
            guard let value = rest.popFirst() else { return nil }
            switch option {
            case "--socket": path = value
            case "--voice-dir" where value == "none": break
            default: return nil
            }
        }
        return path
    }

    private static func complain(_ text: String) {
        let bytes = Array(text.utf8)
        _ = unsafe write(STDERR_FILENO, bytes, bytes.count)
    }
}
