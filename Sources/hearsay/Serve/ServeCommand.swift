import Flow

extension Command {
    static let serve = Command(
        name: "serve",
        summary: "run the server",
        options: [
            .values("listen", "HOST:PORT", "where to answer; default: 127.0.0.1:7780"),
            .value("data", "DIR", nil, "the data folder; default: ~/.local/share/hearsay"),
            .value("config", "FILE", nil, "more options, as JSON5; default: config.json5 in the data folder"),
            .value("voice", "NAME", "v", "the voice of requests that name none").live,
            .values(
                "engine", "NAME=URI", "an engine elsewhere: openai+URL, elevenlabs+URL, tcp://…"),
            .values(
                "recogniser", "NAME=URI", "one elsewhere, asked first: openai+URL, hearsay+URL"),
            .value("hear-with", "NAME", nil, "the recogniser that is asked if none is named; default: the first"),
            .value("revise-by", "NAME", nil, "the recogniser that reads all speech a second time"),
            .values("engine-voices", "NAME=A,B", "its voices, if it cannot list them itself"),
            .values("engine-key-file", "NAME=FILE", "a file that holds its key, and nothing else"),
            .value("engine-timeout", "TIME", nil, "how long such an engine may be silent; default: 20s"),
            .value("engine-idle", "TIME", nil, "unload unused flite and espeak after it: 1h, ever; default: 10m"),
            .value("model-idle", "TIME", nil, "unload an unused neural model after it: 1h, ever; default: 10m"),
            .value("catalog", "FILE", nil, "a list of models (JSON) instead of the built-in one"),
            .value("model-memory", "SIZE", nil, "what one may allocate: 4G, or any; default: 2G"),
            .value(
                "pronunciations", "FILE", nil, "how words are said; default: pronunciations.json in the data folder"),
            .value("speaker", "DEVICE", nil, "the loudspeaker: pulse:NAME or alsa:NAME"),
            .value("speaker-volume", "FACTOR", nil, "how loud it is, 0.05 to 2; default: 1"),
            .value("speaker-delay", "TIME", nil, "how much later it begins than others, up to 500ms"),
            .value("speaker-quiet", "FROM-TO", nil, "hours in which it does not sound: 22:00-07:00"),
            .flag("no-speaker", nil, "never sound on this machine's loudspeaker"),
            .value("public-url", "URL", nil, "how others reach it, if not by the address it listens on"),
            .values("host", "NAME", "a name that requests may use for it").live,
            .values("allow-origin", "ORIGIN", "pages of others that may use it: https://example.org").live,
            .values("trust-proxy", "NET", "a proxy that is believed about its clients: 127.0.0.1").live,
            .value("rate-token", "RATE", nil, "requests and commands of one token; default: 100/s").live,
            .value("rate-admin", "RATE", nil, "the same with the scope admin; default: 2000/s").live,
            .value("rate-peer", "RATE", nil, "from one address of another machine; default: 200/s").live,
            .value("keep-jobs", "TIME", nil, "how long ended jobs are kept: 90d, or ever; default: 30d").live,
            .value("keep-jobs-size", "SIZE", nil, "how large the journal may be: 1G, or any; default: 256M").live,
            .value("keep-speech", "TIME", nil, "how long what was heard is kept: 7d, or ever; default: 30d").live,
            .value("commands", "FILE", nil, "spoken commands; default: commands.txt in the data folder"),
            .value("queue", "POLICY", nil, "whose turn is next: round_robin (default), fifo, priority").live,
            .flag("resume-queue", nil, "speak what waited when the last server died; default: it failed"),
            .values("alias", "NAME=ADDRESS", "answer clients of another system: pai, tts, palaver"),
            .values("allow-net", "CIDR", "a network that needs no token at aliases that are open"),
            .flag("alias-may-stop", nil, "let clients of aliases end the server without a token"),
            .flag("pai-notify", nil, "show PAI's notifications on this machine's desktop too (notify-send)"),
            .value("pai-dir", "DIR", nil, "the folder of PAI's own files, such as ~/.claude"),
            .flag("tls", nil, "answer with TLS on this machine's own address too"),
            .value("tls-cert", "FILE", nil, "a certificate in PEM form, with those that vouch for it"),
            .value("tls-key", "FILE", nil, "its key in PEM form, not encrypted"),
            .values("limit", "NAME=VALUE", "change how much it takes; see `hearsay help limits`"),
            .values("webhook", "URL", "post events there; command.* and draft.*, or others"),
            .values("webhook-events", "NAMES", "which events are posted, such as transcript.final"),
            .value("webhook-secret-file", "FILE", nil, "a file with the secret that signs what is posted"),
            .values("webhook-net", "CIDR", "a network that a URL may lead to; default: this machine"),
            .values("metrics-net", "CIDR", "a network that may read /metrics without a token"),
            .flag("insecure-http", nil, "answer without TLS to other machines too"),
            .flag("tone", nil, "add the engine “tone”, whose samples tests can compute"),
            .flag("debug-echo", nil, "open the WebSocket /debug/echo, which sends every message back"),
            .flag("json", nil, "one JSON object a line instead of text"),
        ],
        discussion: [
            "Prints the link of the player page: open it, and speech sounds in that browser.",
            "To other machines it answers with TLS. Without --tls-cert it makes a certificate of its",
            "own, kept in the data folder, and prints its SHA-256 for those who connect to compare.",
            "An engine elsewhere gets its key from HEARSAY_ENGINE_NAME_KEY, from a file named by",
            "--engine-key-file, or from engine-NAME-key of the settings. Where it fails, a local",
            "voice goes on.",
            "--alias may name no address: then it is the port that those clients know, on this",
            "machine; for tts that in TTS_PORT, if it is set. NAME=ADDRESS,open needs --allow-net;",
            "palaver=ADDRESS,record keeps the sound of drafts.",
            "Every option can stand in a file that is read again when it changes, and on SIGHUP:",
            "`hearsay help configuration`.",
            "HEARSAY_LOG=debug shows more in the log, which goes to standard error.",
        ],
        examples: [
            Example(line: "hearsay serve", meaning: "on this machine, port 7780"),
            Example(
                line: "hearsay serve --listen 127.0.0.1:0 --data /tmp/try",
                meaning: "any free port, a folder to try things"),
            Example(
                line: "hearsay serve --listen 0.0.0.0:7780", meaning: "for other machines too, with TLS"),
            Example(
                line: "hearsay serve --engine kokoro=openai+http://127.0.0.1:8880/v1 --voice af_sky",
                meaning: "speech from a server with OpenAI's interface"),
            Example(
                line: "hearsay serve --alias pai --alias pai=127.0.0.1:31337",
                meaning: "in the place of PAI's voice server"),
            Example(line: "hearsay serve --speaker pulse:headset", meaning: "a loudspeaker of your choice"),
        ],
        run: { invocation in
            let configuration = try ServeConfiguration(invocation)
            let reading = try configuration.read()
            guard reading.mistakes.isEmpty else { throw configuration.failure(reading.mistakes) }
            var output = invocation.output
            output.isJSON = reading.arguments.has("json")
            try await assemble(reading, configuration, ServeAnnouncement(output: output))
            return .success
        })
}
