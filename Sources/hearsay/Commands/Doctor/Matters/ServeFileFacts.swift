import JSON

/// The server's configuration file, and what a server that runs has made of it.
struct ServeFileFacts: Hashable, Sendable {
    var path: String
    var isPresent = false
    var keys: [String] = []
    /// As they are told at a start.
    var mistakes: [String] = []
    /// Files with keys that others can read.
    var openFiles: [String] = []
    /// Keys whose new values the server has not taken.
    var waiting: [String] = []
    var isServerRunning = false

    var findings: [Finding] { [file, keysFinding, waitingFinding].compactMap { $0 } }

    private var file: Finding? {
        guard mistakes.isEmpty else {
            let edit = Finding.Remedy.run("${EDITOR:-nano} \(path.shellWord)", "Mend it; it is read again at once")
            let text = mistakes.joined(separator: "; ")
            return isServerRunning
                ? .warning("configuration", "the server goes on with what held before: \(text)", edit)
                : .problem("configuration", text, .usage, edit)
        }
        guard isPresent else { return nil }
        return .ok("configuration", "\(path) sets \(keys.isEmpty ? "nothing" : keys.joined(separator: ", "))")
    }

    private var keysFinding: Finding? {
        guard !openFiles.isEmpty else { return nil }
        return .warning(
            "configuration", "others can read the key in \(openFiles.joined(separator: ", "))",
            .run("chmod 600 \(openFiles.map(\.shellWord).joined(separator: " "))", "Keep it to yourself"))
    }

    private var waitingFinding: Finding? {
        guard mistakes.isEmpty, !waiting.isEmpty else { return nil }
        return .note(
            "configuration", "what the file says of \(waiting.joined(separator: ", ")) holds at the next start",
            .run("hearsay stop && hearsay serve", "Start the server again"))
    }

    /// - Returns: Nil where the command line itself makes no sense to a server.
    static func read(_ circumstances: Circumstances) -> ServeFileFacts? {
        let status = circumstances.server.status?["configuration"]
        guard let (configuration, reading) = circumstances.serveFile else { return nil }
        var facts = ServeFileFacts(path: configuration.path)
        facts.isPresent = FileStatus(configuration.path) != nil
        facts.keys = reading.file.settings.values.map(\.option.key).sorted()
        facts.mistakes = reading.mistakes.map { $0.text(in: configuration.path) }
        let keyFiles = reading.file.settings["engine-key-file"]?.values.map { $0.text.drop { $0 != "=" }.dropFirst() }
        facts.openFiles = (keyFiles ?? []).map(String.init).filter { FileStatus($0)?.isOpenToOthers == true }
        facts.isServerRunning = status != nil
        facts.waiting = (status?["restart"]?.elements ?? []).compactMap(\.text)
        return facts
    }
}

extension Circumstances {
    /// The configuration file as a server would read it now: the one that a server uses, if it tells which.
    var serveFile: (configuration: ServeConfiguration, reading: ServeConfiguration.Reading)? {
        let used = settings.arguments.has("config") ? nil : server.status?["configuration"]?["file"]?.text
        guard
            let configuration = try? ServeConfiguration(
                arguments: settings.arguments, environment: settings.environment, shared: settings.file, path: used),
            let reading = try? configuration.read()
        else { return nil }
        return (configuration, reading)
    }
}
