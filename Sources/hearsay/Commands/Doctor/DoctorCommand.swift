import Flow
import JSON
import Remote

extension Command {
    static let doctor = Command(
        name: "doctor",
        summary: "say what works here, and how to mend what does not",
        options: [
            .value("bundle", "FILE", nil, "write a report for others to FILE.tar.gz, without secrets"),
            .value("config", "FILE", nil, "look at this configuration file, as given to serve"),
            .value("tls-cert", "FILE", nil, "look at this certificate, as given to serve"),
            .value("tls-key", "FILE", nil, "its key"),
        ] + Option.client,
        discussion: [
            "Looks at the server and its listeners, the engine (which speaks a word), sound devices and",
            "microphone, what a browser or a phone would meet, port, certificate, settings, configuration,",
            "spoken commands, doors, data folder, disk, limits, clock and machine. Changes nothing.",
            "Returns 0 if speech can be heard; else what is in its way: 1 the settings, 8 a token or",
            "the data folder, 6 the engine, 5 the certificate, 7 no server, 3 nobody could hear.",
        ],
        examples: [
            Example(line: "hearsay doctor", meaning: "first thing to try when nothing is heard"),
            Example(line: "hearsay doctor --bundle report.tar.gz", meaning: "a file to attach to a report"),
        ],
        run: { try await DoctorCommand($0).run() })
}

/// Runs the examinations and shows what they find, as it is found.
struct DoctorCommand: Sendable {
    private let invocation: Invocation
    private let settings: Settings
    private let configuration: ConfigurationReading
    /// Where the bundle goes; nil for none.
    private let bundle: BundleTarget?

    init(_ invocation: Invocation) throws {
        self.invocation = invocation
        let environment = invocation.environment
        configuration = ConfigurationReading(path: environment.configurationPath)
        settings = try Settings(
            arguments: invocation.arguments, environment: environment, file: configuration.file)
        // As for serve, one without the other is a mistake.
        _ = try ServeSecurity(invocation.arguments)
        bundle = try invocation.arguments.string("bundle").map { text throws(UsageError) in try BundleTarget(text) }
    }

    func run() async throws -> ExitCode {
        var page = DoctorPage(output: invocation.output, environment: invocation.environment)
        page.begin(asking: settings.server.url)
        let circumstances = Circumstances(
            settings: settings, configuration: configuration, server: await ServerState.read(settings),
            showsSecrets: page.isForEyesOnly && bundle == nil)
        let diagnosis = await examine(circumstances, &page)
        page.end(diagnosis)
        if let bundle {
            let parts = await SupportBundle(circumstances: circumstances, diagnosis: diagnosis).parts()
            try await bundle.write(parts)
            page.tell(bundle)
        }
        return diagnosis.exitCode
    }

    private enum Step: Sendable {
        case found(Int, [Finding])
        /// It takes long enough that a person wants to know what for.
        case slow
    }

    /// All at the same time, shown in their order.
    private func examine(_ circumstances: Circumstances, _ page: inout DoctorPage) async -> Diagnosis {
        let table = Examination.all.filter { circumstances.isLocal || !$0.concernsServerMachine }
        var results = [[Finding]?](repeating: nil, count: table.count)
        await withTaskGroup(of: Step.self) { group in
            for (index, examination) in table.enumerated() {
                group.addTask { .found(index, await examination.examine(circumstances)) }
            }
            group.addTask {
                let timeline = Timeline.live()
                await timeline.sleep(until: .seconds(1))
                return .slow
            }
            var shownCount = 0
            while shownCount < table.count, let step = await group.next() {
                switch step {
                case .slow: page.isSlow = true
                case .found(let index, let findings): results[index] = findings
                }
                while shownCount < table.count, let findings = results[shownCount] {
                    page.show(findings)
                    shownCount += 1
                }
                if shownCount < table.count { page.wait(for: table[shownCount].name) }
            }
            group.cancelAll()
        }
        return Diagnosis(findings: results.flatMap { $0 ?? [] })
    }
}
