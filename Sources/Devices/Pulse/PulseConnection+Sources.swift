private import CPulse

extension PulseConnection {
    /// What one connection tells of the server.
    private final class Answer {
        var defaultSource = ""
        var sources: [InputDevice] = []
    }

    /// All sources, monitors among them, over a connection of its own; none if no server answers in time.
    static func listSources(server: String?, within limit: Duration) -> [InputDevice] {
        do throws(DeviceError) {
            return try PulseConnection(server: server, within: limit).sources(within: limit)
        } catch {
            return []
        }
    }

    private func sources(within limit: Duration) throws(DeviceError) -> [InputDevice] {
        let answer = Answer()
        let me = unsafe Unmanaged.passUnretained(answer).toOpaque()
        let serverRequest = unsafe pa_context_get_server_info(
            context,
            { _, info, me in
                guard let info = unsafe info?.pointee, let me = unsafe me else { return }
                let answer = unsafe Unmanaged<Answer>.fromOpaque(me).takeUnretainedValue()
                answer.defaultSource = unsafe PulseConnection.text(info.default_source_name)
            }, me)
        try unsafe finish(serverRequest, within: limit)
        let sourceRequest = unsafe pa_context_get_source_info_list(
            context,
            { _, info, _, me in
                guard let info = unsafe info, let me = unsafe me else { return }
                let answer = unsafe Unmanaged<Answer>.fromOpaque(me).takeUnretainedValue()
                unsafe answer.sources.append(PulseConnection.device(info.pointee))
            }, me)
        try unsafe finish(sourceRequest, within: limit)
        return withExtendedLifetime(answer) {
            answer.sources.map { source in
                var source = source
                source.isDefault = source.name == answer.defaultSource
                return source
            }
        }
    }

    private static func device(_ info: pa_source_info) -> InputDevice {
        var volume = unsafe info.volume
        let volumeIsZero = unsafe pa_cvolume_channels_equal_to(&volume, 0) != 0
        // pulse/def.h, PA_INVALID_INDEX: of no sink.
        return unsafe InputDevice(
            backend: .pulse, name: text(info.name), summary: text(info.description),
            isMonitor: info.monitor_of_sink != .max, isMuted: info.mute != 0 || volumeIsZero)
    }
}
