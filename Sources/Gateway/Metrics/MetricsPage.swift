import Flow
import Hearing
import Net
import Speaking
import VoiceCore
import Wire

/// What `/metrics` shows: numbers about the server as a whole, without any id, name or text of a client.
struct MetricsPage {
    private typealias Sample = MetricsText.Sample

    private var page = MetricsText()
    private let parts: GatewayParts

    /// Collects everything now.
    static func text(of parts: GatewayParts) async -> String {
        let census = await parts.dispatcher.census()
        let sources = await parts.hearing?.census()
        let engines = await parts.engines.states()
        var page = MetricsPage(parts: parts)
        page.addServer()
        page.addConnections()
        page.addTraffic()
        page.addJobs(census)
        if let hearing = parts.hearing, let sources { page.addHearing(sources, hearing.counters) }
        page.addEvents()
        page.addEngines(engines)
        page.addProcess(ProcessFacts.read())
        return page.page.text
    }

    private init(parts: GatewayParts) { self.parts = parts }

    private mutating func addServer() {
        page.add(
            "hearsay_build_info", .gauge, "Which version runs; always 1.",
            [Sample(1, ("version", parts.server.version))])
        page.add(
            "hearsay_start_time_seconds", .gauge, "When the server began, in seconds since 1970.",
            [Sample(Double(parts.server.startedAt.milliseconds) / 1_000)])
    }

    private mutating func addConnections() {
        let net = parts.net
        page.add(
            "hearsay_connections", .gauge, "Connections now, by what they speak.",
            [
                Sample(net.total { $0.http.value }, ("kind", "http"), ("tls", "false")),
                Sample(net.total { $0.https.value }, ("kind", "http"), ("tls", "true")),
                Sample(net.total { $0.webSocket.value }, ("kind", "websocket"), ("tls", "false")),
                Sample(net.total { $0.webSocketSecure.value }, ("kind", "websocket"), ("tls", "true")),
            ])
        page.add("hearsay_connections_accepted_total", .counter, "Connections taken in.", net.accepted.value)
        page.add(
            "hearsay_connections_refused_total", .counter, "Connections turned away, by the limit reached.",
            [
                Sample(net.refusedByTotal.value, ("limit", LimitName.connections.rawValue)),
                Sample(net.refusedByPeer.value, ("limit", LimitName.connectionsPerPeer.rawValue)),
            ])
        page.add(
            "hearsay_dropped_total", .counter, "What was given up, by the rule that asked for it.",
            [
                Sample(net.total { $0.drops.tooMuchUnsent.value }, ("policy", "unsent_bytes")),
                Sample(net.total { $0.drops.stalled.value }, ("policy", "stalled")),
                Sample(net.total { $0.drops.silent.value }, ("policy", "no_pong")),
                Sample(net.total { $0.drops.late.value }, ("policy", "slow_request")),
                Sample(net.total { $0.drops.input.value }, ("policy", "input_bytes")),
                Sample(net.total { $0.drops.flushedFrames.value }, ("policy", "flushed_frame")),
                Sample(net.total { $0.drops.pings.value }, ("policy", "ping")),
                Sample(parts.counters.lostEvents.value, ("policy", "event_ring")),
            ])
    }

    private mutating func addTraffic() {
        let net = parts.net
        let requests = parts.counters.requestCounts.map { requestClass, count in
            Sample(count, ("route", requestClass.route), ("status", "\(requestClass.status)xx"))
        }
        page.add("hearsay_http_requests_total", .counter, "Requests answered, by route and class of status.", requests)
        page.add(
            "hearsay_http_malformed_total", .counter, "Requests that were none, or above a limit.",
            net.malformedRequests.value)
        let refusals = parts.counters.refusalCounts.map { Sample($1, ("code", $0.rawValue)) }
        page.add("hearsay_refusals_total", .counter, "What clients were refused, by error code.", refusals)
        page.add(
            "hearsay_network_bytes_total", .counter, "Bytes of all connections.",
            [
                Sample(net.total { $0.bytesIn.value }, ("direction", "in")),
                Sample(net.total { $0.bytesOut.value }, ("direction", "out")),
            ])
        page.add(
            "hearsay_websocket_frames_total", .counter, "WebSocket frames.",
            [
                Sample(net.total { $0.framesIn.value }, ("direction", "in")),
                Sample(net.total { $0.framesOut.value }, ("direction", "out")),
            ])
        page.add(
            "hearsay_websocket_messages_total", .counter, "WebSocket messages that came, however many frames each had.",
            net.total { $0.messagesIn.value })
    }

    private mutating func addJobs(_ census: SpeakingCensus) {
        let jobs = parts.dispatcher.counters
        page.add(
            "hearsay_jobs", .gauge, "Jobs that have not ended.",
            [Sample(census.waiting, ("state", "waiting")), Sample(census.sounding, ("state", "sounding"))])
        page.add("hearsay_jobs_accepted_total", .counter, "Jobs accepted.", jobs.accepted.value)
        let failures = jobs.failed.sorted { $0.key < $1.key }.map {
            Sample($0.value, ("end", "failed"), ("code", $0.key))
        }
        page.add(
            "hearsay_jobs_ended_total", .counter, "Jobs that ended, by how; failed ones by code.",
            [
                Sample(jobs.finished.value, ("end", "finished"), ("code", "")),
                Sample(jobs.aborted.value, ("end", "aborted"), ("code", "")),
            ] + failures)
        page.add(
            "hearsay_job_first_audio_seconds", "From the acceptance of a job to the engine's first sample.",
            jobs.firstAudio)
        page.add(
            "hearsay_job_first_frame_seconds", "From the acceptance of a job to the first audio sent to a listener.",
            jobs.firstSent)
        page.add(
            "hearsay_job_confirmation_seconds", "From the first audio sent to a listener's word that it sounds.",
            jobs.confirmed)
        page.add(
            "hearsay_job_heard_seconds", "From the first confirmation to the end of a job that was finished.",
            jobs.heardToTheEnd)
        page.add(
            "hearsay_listeners", .gauge, "Listeners that are attached.",
            [
                Sample(census.readyListeners, ("state", "ready")),
                Sample(census.otherListeners, ("state", "not_ready")),
            ])
    }

    private mutating func addHearing(_ census: HearingCensus, _ hearing: HearingCounters) {
        page.add(
            "hearsay_sources", .gauge, "Microphones and recordings that are open.",
            [
                Sample(census.connected, ("state", "connected")), Sample(census.absent, ("state", "absent")),
                Sample(census.ending, ("state", "ending")),
            ])
        page.add(
            "hearsay_source_audio_seconds_total", .counter, "Audio of all sources.",
            [Sample(hearing.audio / .seconds(1))])
        page.add(
            "hearsay_source_missing_seconds_total", .counter, "Audio of all sources that never came.",
            [Sample(hearing.missing / .seconds(1))])
        page.add(
            "hearsay_lag_seconds", .gauge, "How far the source is behind that is behind most.",
            [Sample(census.lag / .seconds(1))])
        page.add(
            "hearsay_transcript_final_seconds", "From the end of speech to its text, with the silence after it.",
            hearing.finalText)
        page.add(
            "hearsay_transcripts_failed_total", .counter, "Utterances that came to no text, by code.",
            hearing.failed.sorted { $0.key < $1.key }.map { Sample($0.value, ("code", $0.key)) })
        page.add(
            "hearsay_transcripts_revised_total", .counter, "Utterances that were read better a second time.",
            hearing.revised.value)
        page.add(
            "hearsay_shed_total", .counter, "What was given up while there was too much to hear.",
            [
                Sample(hearing.withoutRevision.value, ("what", "second_reading")),
                Sample(hearing.withoutPartials.value, ("what", "partials")),
            ])
    }

    private mutating func addEvents() {
        let published = parts.events.published
        page.add(
            "hearsay_events_published_total", .counter, "Events published.",
            [Sample(published.facts, ("kind", "fact")), Sample(published.readings, ("kind", "reading"))])
        page.add(
            "hearsay_event_subscribers", .gauge, "Connections that follow events.", parts.counters.subscribers.value)
    }

    private mutating func addEngines(_ engines: [EngineState]) {
        let samples = engines.flatMap { engine in
            EngineState.Phase.allCases.map { phase in
                Sample(engine.phase == phase ? 1 : 0, ("engine", engine.engine), ("state", phase.rawValue))
            }
        }
        page.add("hearsay_engine_state", .gauge, "1 for the state in which an engine's worker is.", samples)
        let memory = engines.compactMap { engine in
            engine.memoryByteCount.map { Sample(Double($0), ("engine", engine.engine)) }
        }
        page.add("hearsay_engine_memory_bytes", .gauge, "What an engine's workers hold in memory.", memory)
    }

    /// Names and meanings as every Prometheus client library has them.
    private mutating func addProcess(_ facts: ProcessFacts) {
        page.add(
            "process_cpu_seconds_total", .counter, "Total user and system CPU time spent in seconds.",
            [Sample(facts.cpuSeconds)])
        page.add("process_resident_memory_bytes", .gauge, "Resident memory size in bytes.", facts.residentBytes)
        page.add("process_virtual_memory_bytes", .gauge, "Virtual memory size in bytes.", facts.virtualBytes)
        page.add("process_open_fds", .gauge, "Number of open file descriptors.", facts.openDescriptors)
        page.add("process_max_fds", .gauge, "Maximum number of open file descriptors.", facts.descriptorLimit)
        page.add("process_threads", .gauge, "Number of threads.", facts.threadCount)
        page.add(
            "process_start_time_seconds", .gauge, "Start time of the process since unix epoch in seconds.",
            [Sample(facts.startedAt)])
    }
}
