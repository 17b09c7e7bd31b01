import Devices
import Glibc
import Remote
import Wire
import JSON

extension Command {
    static let doctor = Command(
        name: "doctor",
        summary: "say what works here, and how to mend what does not",
        options: Option.client,
        discussion: ["Returns 0 unless something is bad; what is marked -- is good to know."],
        examples: [Example(line: "hearsay doctor", meaning: "first thing to try when nothing is heard")],
        run: { invocation in
            let findings = await Doctor(settings: try Settings(invocation)).examine()
            for finding in findings {
                if invocation.output.isJSON {
                    invocation.output.json(finding.json)
                } else {
                    for line in finding.lines { invocation.output.line(line) }
                }
            }
            return findings.first { $0.state == .bad }?.exitCode ?? .success
        })
}

/// Looks at everything that speaking and hearing need.
struct Doctor: Sendable {
    let settings: Settings

    func examine() async -> [Finding] {
        let (server, isAnswering) = await serverFinding()
        var findings = [dataFolder(), server]
        if isAnswering {
            findings += [await token(), await engines(), await listeners()]
        } else {
            findings.append(worker())
        }
        findings.append(await sound())
        if isAnswering { findings.append(playerLink()) }
        return findings + buildTools()
    }

    private var requests: ServerRequests { ServerRequests(settings.server) }

    // MARK: The server

    private func serverFinding() async -> (Finding, isAnswering: Bool) {
        let url = settings.server.url
        do throws(RemoteError) {
            _ = try await requests.get("/health")
            return (.good("server", "answers at \(url)"), true)
        } catch .refused {
            return (.good("server", "answers at \(url)"), true)
        } catch .notHearsay {
            let advice = "Start Hearsay on another port: hearsay serve --listen 127.0.0.1:7781"
            return (.bad("server", "another program answers at \(url)", .unreachable, advice), false)
        } catch .certificate(let refusal, let url) {
            let failure = Failure(refusal, url: url, settings: settings)
            let finding = Finding(
                subject: "server", state: .bad, text: failure.message, advice: failure.advice,
                exitCode: failure.exitCode)
            return (finding, false)
        } catch .needsTLS(let url) {
            return (.bad("server", "answers https only at \(url)", .unreachable, "Use https:// in its URL."), false)
        } catch {
            return (.notable("server", "none answers at \(url)", "Start one: hearsay serve"), false)
        }
    }

    private func token() async -> Finding {
        do throws(RemoteError) {
            _ = try await requests.get("/v1/voices")
            return .good("token", "the server accepts it")
        } catch .refused(let code, _) where settings.server.token == nil || code == "unauthenticated" {
            let what = settings.server.token == nil ? "there is none" : "the server does not accept it"
            return .bad(
                "token", what, .refused, "Run this as the user who runs the server, or give --token or HEARSAY_TOKEN.")
        } catch {
            return .notable("token", "could not be tried: \(error)")
        }
    }

    private func engines() async -> Finding {
        guard let reply = try? await requests.get("/v1/engines") else { return worker() }
        let engines = reply["engines"]?.elements ?? []
        let failed = engines.filter { $0["state"]?.text == "failed" }
        let names = engines.map { "\($0.shown("engine")) (\($0.shown("state")))" }.joined(separator: ", ")
        guard let first = failed.first else { return .good("engines", names.isEmpty ? "none" : names) }
        return .bad("engines", names, .engineFailed, first["reason"]?.text ?? "The server's log says why.")
    }

    private func listeners() async -> Finding {
        let reply = try? await requests.get("/v1/listeners")
        let ready = (reply?["listeners"]?.elements ?? []).filter { $0["ready"]?.flag == true }
        guard ready.isEmpty else {
            let names = ready.map { [$0.shown("kind"), $0["device"]?.text].compactMap { $0 }.joined(separator: " ") }
            return .good("listeners", "\(ready.count) ready: " + names.joined(separator: ", "))
        }
        return .bad(
            "listeners", "nobody would hear a word now", .nobodyHeard,
            "Open the player link below and enable sound there, or plug in a speaker.")
    }

    // MARK: This machine

    private func worker() -> Finding {
        guard let path = Installation.path(ofWorker: "hearsay-flite") else {
            return .bad(
                "engines", "hearsay-flite is not beside hearsay", .engineFailed,
                "Build it with `make build`, or install both with `make install`.")
        }
        return .good("engines", "flite is at \(path)")
    }

    private func dataFolder() -> Finding {
        let folder = settings.dataFolder
        if folder.isHeld { return .good("data folder", "\(folder.path), in use by a server") }
        guard unsafe access(folder.path, F_OK) == 0 else {
            return .notable("data folder", "\(folder.path) will be made by the first start")
        }
        guard unsafe access(folder.path, R_OK | W_OK | X_OK) == 0 else {
            return .bad(
                "data folder", "\(folder.path) is not yours to write", .refused,
                "Run as its owner, or choose another folder with --data DIR.")
        }
        return .good("data folder", folder.path)
    }

    private func sound() async -> Finding {
        let list = await DeviceList.read()
        let names = list.devices.filter { !$0.isDummy }.map { "\($0.speakerName)\($0.isMuted ? " (muted)" : "")" }
        do throws(DeviceError) {
            let device = try list.device(for: .automatic)
            return .good("sound", "\(device.summary.isEmpty ? device.name : device.summary) (\(device.speakerName))")
        } catch .muted {
            return .notable("sound", "the loudspeaker is muted", "Turn it up: pactl set-sink-mute @DEFAULT_SINK@ 0")
        } catch {
            return .notable(
                "sound", names.isEmpty ? "no sound device" : "no default device among \(names.joined(separator: ", "))",
                "Plug in a speaker and start PulseAudio or PipeWire; the player page works without.")
        }
    }

    private func playerLink() -> Finding {
        guard let link = settings.playerLink else {
            return .notable("player", "the link is known on the machine that runs the server", "Run this there.")
        }
        return .good("player", link)
    }

    /// Only where Hearsay runs from a checkout.
    private func buildTools() -> [Finding] {
        guard let own = Installation.ownPath, let slash = own.lastIndex(of: "/") else { return [] }
        guard unsafe access("\(own[..<slash])/../Package.swift", F_OK) == 0 else { return [] }
        let folders = (unsafe getenv("PATH").map { unsafe String(cString: $0) } ?? "").split(separator: ":")
        let missing = ["swift", "make", "pkg-config"].filter { tool in
            !folders.contains { unsafe access("\($0)/\(tool)", X_OK) == 0 }
        }
        guard missing.isEmpty else {
            return [
                .notable(
                    "build tools", "not in PATH: \(missing.joined(separator: ", "))",
                    "Swift comes from https://www.swift.org/install/linux, the others with `make deps`.")
            ]
        }
        return [.good("build tools", "swift, make and pkg-config are there")]
    }
}
