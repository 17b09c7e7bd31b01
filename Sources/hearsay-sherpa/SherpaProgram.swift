private import Glibc
private import JSON
private import Sherpa
private import Wyoming

/// The program `hearsay-sherpa --model FOLDER --socket PATH`, or `hearsay-sherpa --vad FILE --socket PATH`.
@main
enum SherpaProgram {
    private static let usage = """
        usage: hearsay-sherpa --model FOLDER (--socket PATH | --inspect) [OPTIONS]
               hearsay-sherpa --vad FILE --socket PATH [--library FOLDER]
        Speaks or hears with a neural model over the Wyoming protocol on a Unix socket, or with
        --inspect tries the model and tells what it is. With --vad it tells speech from everything
        else for any number of sources, by the network Silero VAD. Ends when standard input closes.
          --name NAME        the model's name; default: the folder's
          --kind KIND        what it must be: voice, recogniser, keywords, punctuation, denoiser
          --languages TAGS   what it speaks or hears, where the model does not say, such as en,de
          --licence TEXT     told with its voices
          --espeak FILE      hearsay-espeak, which makes phonemes; default: beside this program
          --library FOLDER   where libsherpa-onnx-c-api.so lies; default: sherpa beside this program
          --threads N        how many it computes with
          --memory BYTES     how much memory it may use

        """

    /// Each source whose noise is taken away has a connection of its own.
    private static let connectionLimit = DenoisingWorker.sourceLimit + WorkerServer.connectionLimit

    static func main() {
        guard let options = SherpaOptions(CommandLine.arguments.dropFirst()) else {
            complain(usage)
            exit(1)
        }
        // hearsay-espeak may die while it is written to.
        _ = signal(SIGPIPE, SIG_IGN)
        if let limit = options.memoryByteCount {
            // What is allocated counts, and not the model's file where it is only mapped.
            var bound = rlimit(rlim_cur: rlim_t(limit), rlim_max: rlim_t(limit))
            _ = unsafe setrlimit(__rlimit_resource_t(RLIMIT_DATA.rawValue), &bound)
        }
        guard let socket = options.socket else { inspect(options) }
        if let detector = options.detector {
            WorkerProgram.serve(at: socket) { loadDetector(detector, library: options.library) }
        }
        WorkerProgram.serve(at: socket, connectionLimit: connectionLimit) { load(options) }
    }

    /// Prints the report in one line.
    private static func inspect(_ options: SherpaOptions) -> Never {
        let inspection = Inspection(options)
        let line = inspection.report.bytes + [UInt8(ascii: "\n")]
        _ = unsafe write(STDOUT_FILENO, line, line.count)
        // Not `exit`: the library's threads may still be at work.
        _exit(inspection.isGood ? 0 : 3)
    }

    private static func load(_ options: SherpaOptions) -> WorkerServer.Answer {
        do {
            let contents = try ModelContents(path: options.model, wanted: options.purpose)
            return try WorkerModel.load(contents, options, try SherpaLibrary.open(in: options.library))
        } catch {
            complain("hearsay-sherpa: \(options.model): \(error)\n")
            _exit(3)
        }
    }

    private static func loadDetector(_ path: String, library: String?) -> WorkerServer.Answer {
        do {
            let worker = DetectionWorker(network: try SileroNetwork(model: path, library: library))
            return { event, connection throws(TransportError) in try worker.answer(event, &connection) }
        } catch {
            complain("hearsay-sherpa: \(path): \(error)\n")
            _exit(3)
        }
    }

    private static func complain(_ text: String) {
        let bytes = Array(text.utf8)
        _ = unsafe write(STDERR_FILENO, bytes, bytes.count)
    }
}
