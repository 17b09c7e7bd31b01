import Devices
import Glibc
import JSON
import Net
import Remote
import Wire

/// What helps others to help, without secrets: no token, no key, and no text that was spoken.
struct SupportBundle: Sendable {
    let circumstances: Circumstances
    let diagnosis: Diagnosis

    private var settings: Settings { circumstances.settings }

    /// Everything passes the redactor, whether a secret is expected there or not.
    func parts() async -> [BundleTarget.Part] {
        let redactor = Redactor(secrets: KnownSecrets.all(settings))
        var parts: [BundleTarget.Part] = [
            .init(name: "README.txt", text: Self.readme), .init(name: "findings.jsonl", text: findings),
            .init(name: "versions.txt", text: versions()), .init(name: "configuration.txt", text: configuration),
            .init(name: "environment.txt", text: environment), .init(name: "limits.txt", text: limits),
            .init(name: "processes.txt", text: processes), .init(name: "data-folder.txt", text: dataFolder),
            .init(name: "sound-devices.txt", text: await soundDevices()),
        ]
        if let status = circumstances.server.status {
            let bytes = JSONText.bytes(StatusExtract.of(status))
            parts.append(.init(name: "status.json", text: String(decoding: bytes, as: UTF8.self) + "\n"))
        }
        if let certificate = try? SmallFile.read(CertificateFacts.files(settings).used.certificate) {
            parts.append(.init(name: "certificate.pem", text: CertificateFacts.publicPart(of: certificate)))
        }
        if let metrics = await metrics() { parts.append(.init(name: "metrics.txt", text: metrics)) }
        return parts.map { .init(name: $0.name, text: redactor.redacted($0.text)) }
    }

    private static let readme = """
        A report of `hearsay doctor --bundle`.

        findings.jsonl     what the doctor found, and its verdict
        versions.txt       Hearsay, the system, its kernel
        configuration.txt  the keys of the configuration file; the token's value is removed
        environment.txt    names of variables that concern Hearsay or sound; values of none
        limits.txt         limits of this process and of the server
        processes.txt      processes of Hearsay: name, state, memory, threads; no command lines
        data-folder.txt    names, sizes and modes; no contents
        sound-devices.txt  loudspeakers
        certificate.pem    what every visitor of the server is shown anyway; not its key
        status.json        the running server: engines, listeners, numbers of jobs
        metrics.txt        its counters, where it has them

        It names this machine's addresses, folders and account.
        Not in it: tokens, keys, texts that were spoken, names of sessions. There is no log, since the
        server writes its log to standard error only: add what you saw there, or, where systemd runs it,
        `journalctl --user -u hearsay -n 200`, and read it before you pass it on.

        """

    private var findings: String {
        (diagnosis.findings.map(\.json) + [diagnosis.json])
            .map { String(decoding: JSONText.bytes($0), as: UTF8.self) + "\n" }.joined()
    }

    private func versions() -> String {
        let kernel = (try? SmallFile.read("/proc/version")) ?? ""
        let system = (try? SmallFile.read("/etc/os-release")) ?? ""
        let server = circumstances.server.status?["version"]?.text ?? "not known"
        return "hearsay \(Hearsay.version)\nserver \(server)\n\(kernel)\(system)"
    }

    private var configuration: String {
        let reading = circumstances.configuration
        let lines = reading.file.values.sorted { $0.key < $1.key }.map { key, value in
            "\(key) = \(Redactor.isSecret(name: key) ? Redactor.mark : value)"
        }
        let state =
            reading.problem.map { "not read: \($0)" } ?? "\(lines.count) keys, \(reading.mistakes.count) mistakes"
        return "\(reading.path): \(state)\n" + lines.map { $0 + "\n" }.joined()
    }

    private var environment: String {
        let wanted = ["HEARSAY_", "PULSE_", "PIPEWIRE_", "ALSA_", "XDG_RUNTIME_DIR", "NO_COLOR", "TERM"]
        let names = KnownSecrets.environment().map(\.name).filter { name in
            wanted.contains { name.hasPrefix($0) } || name.lowercased().hasSuffix("_proxy")
        }
        return names.sorted().map { "\($0) is set\n" }.joined()
    }

    private var limits: String {
        let own = (try? SmallFile.read("/proc/self/limits")) ?? ""
        let server = settings.dataFolder.holder.flatMap { try? SmallFile.read("/proc/\($0)/limits") }
        return "this process\n\(own)" + (server.map { "\nthe server\n\($0)" } ?? "")
    }

    /// No command lines: they may hold tokens, and what `say` is to say.
    private var processes: String {
        let wanted = ["Name", "State", "VmRSS", "Threads", "FDSize"]
        return ProcessName.all().filter { $0.name == "hearsay" || $0.name.hasPrefix("hearsay-") }.map { process in
            let text = (try? SmallFile.read("/proc/\(process.id)/status")) ?? ""
            let lines = text.split(separator: "\n").filter { line in wanted.contains { line.hasPrefix($0 + ":") } }
            return "process \(process.id)\n" + lines.map { "  \($0)\n" }.joined()
        }.joined()
    }

    private var dataFolder: String {
        let path = settings.dataFolder.path
        let entries = FileStatus.names(in: path).compactMap { name in
            FileStatus(path + "/" + name).map { "\($0.mode) \($0.owner) \($0.byteCount) \(name)\n" }
        }
        return "\(path) \(FileStatus(path)?.mode ?? "is not there")\n" + entries.joined()
    }

    private func soundDevices() async -> String {
        let list = await DeviceList.read()
        let devices = list.devices.map { device in
            let marks = [
                device.isDefault ? "default" : nil, device.isDummy ? "dummy" : nil, device.isMuted ? "muted" : nil,
                device.volume.map { "volume \($0) %" },
            ]
            return "\(device.speakerName)  \(device.summary)  \(marks.compactMap { $0 }.joined(separator: ", "))\n"
        }
        return "sound server: \(list.server ?? "none")\n" + devices.joined()
    }

    private func metrics() async -> String? {
        guard circumstances.server.admission == .welcome else { return nil }
        let answer = try? await ServerRequests(settings.server).answer(to: "/metrics")
        guard let answer, answer.status == 200 else { return nil }
        return String(decoding: answer.body, as: UTF8.self)
    }
}
