/// What `hearsay help configuration` prints, made of the table of options.
enum ConfigurationHelp {
    static let text = """
        What the server does, in a file.

        Usage: hearsay serve [--config FILE]      default: \(ServeFile.fileName) in the data folder

        Every option of `hearsay serve` can stand in it, in JSON5: names with underscores, comments,
        commas at the end. The command line goes before it. Paths start at the file's folder.

          {
            listen: ["127.0.0.1:7780", "192.168.1.5:7780"],   // several, or one
            voice: "slt",
            limit: { jobs: 200, text_bytes: "32KiB" },        // names with values
            no_speaker: true,                                 // a switch
            engine: { eleven: "elevenlabs+https://api.elevenlabs.io" },
            engine_key_file: { eleven: "eleven.key" },        // secrets lie in files of their own
          }

        It is read again when it has changed, and on SIGHUP. What is marked * holds at once, the rest
        at the next start. A file with mistakes changes nothing: the log, `hearsay doctor` and the
        event configuration.changed tell them.

        Keys:
        \(HelpText.table(ServeConfiguration.options.map { (label: label($0), text: $0.help) }))

        """

    private static func label(_ option: Option) -> String {
        let value =
            switch ServeFileMistake.Shape(option) {
            case .flag: "true"
            case .text: option.value ?? ""
            case .list: "[\(option.value ?? "")]"
            case .table(let example): "{\(example.replacing("=", with: ": "))}"
            }
        return "\(option.isLive ? "*" : " ")\(option.key): \(value)"
    }
}
