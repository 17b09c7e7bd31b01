private import Glibc
private import Wyoming

/// The program `hearsay-pocketsphinx --socket PATH [--model FOLDER]`.
@main
enum PocketsphinxProgram {
    private static let usage = """
        usage: hearsay-pocketsphinx --socket PATH [--model FOLDER]
        Turns English speech into text over the Wyoming protocol on a Unix socket.
        FOLDER holds a model as Debian's package pocketsphinx-en-us does, which is used otherwise.
        Ends when standard input closes.

        """

    static func main() {
        guard let options = Options(CommandLine.arguments.dropFirst()) else {
            complain(usage)
            exit(1)
        }
        let model = PocketsphinxModel(folder: options.model)
        if let file = model.missingFile {
            complain("hearsay-pocketsphinx: \(file) cannot be read; install the package pocketsphinx-en-us\n")
            exit(2)
        }
        guard let decoder = PocketsphinxDecoder(model) else {
            complain("hearsay-pocketsphinx: the model in \(options.model) cannot be used\n")
            exit(2)
        }
        let worker = HearingWorker(decoder, info: model.info)
        do throws(TransportError) {
            try WorkerProgram.serve(at: options.socket) { event, connection throws(TransportError) in
                try worker.answer(event, &connection)
            }
        } catch {
            complain("hearsay-pocketsphinx: \(options.socket): \(error)\n")
            exit(2)
        }
    }

    private struct Options {
        var socket = ""
        var model = PocketsphinxModel.standardFolder

        init?(_ arguments: ArraySlice<String>) {
            var rest = arguments
            while let option = rest.popFirst() {
                guard let value = rest.popFirst() else { return nil }
                switch option {
                case "--socket": socket = value
                case "--model": model = value
                default: return nil
                }
            }
            if socket.isEmpty { return nil }
        }
    }

    private static func complain(_ text: String) {
        let bytes = Array(text.utf8)
        _ = unsafe write(STDERR_FILENO, bytes, bytes.count)
    }
}

extension PocketsphinxModel {
    fileprivate var info: Info {
        let makers = Attribution(name: "Carnegie Mellon University", url: "https://cmusphinx.github.io")
        let model = Artifact(
            name: name, about: "Basic: about every fourth word of free speech is wrong", attribution: makers)
        let program = Artifact(
            name: "pocketsphinx", about: "A basic recogniser that needs no download", attribution: makers,
            version: "0.8+5prealpha")
        return Info(
            hearing: [
                HearingProgram(
                    artifact: program, models: [HearingModel(artifact: model, languages: [language])],
                    readings: ["partials", "second", "orders"])
            ])
    }
}
