private import CPulse

extension PulseConnection {
    /// What one connection tells of the server.
    private final class Answer {
        var server = ""
        var defaultSink = ""
        var sinks: [UInt32: OutputDevice] = [:]
        var order: [UInt32] = []

        /// The sinks, with the default one marked.
        var devices: [OutputDevice] {
            order.compactMap { sinks[$0] }.map { sink in
                var sink = sink
                sink.isDefault = sink.name == defaultSink
                return sink
            }
        }
    }

    /// All sinks, over a connection of its own; an empty list if no server answers in time.
    static func listSinks(server: String?, within limit: Duration) -> DeviceList {
        do throws(DeviceError) {
            return try PulseConnection(server: server, within: limit).sinks(within: limit)
        } catch {
            return DeviceList()
        }
    }

    /// The server's name and all its sinks.
    func sinks(within limit: Duration) throws(DeviceError) -> DeviceList {
        let answer = Answer()
        let me = unsafe Unmanaged.passUnretained(answer).toOpaque()
        let serverRequest = unsafe pa_context_get_server_info(
            context, { _, info, me in unsafe PulseConnection.take(server: info, me) }, me)
        try unsafe finish(serverRequest, within: limit)
        let sinkRequest = unsafe pa_context_get_sink_info_list(
            context, { _, info, _, me in unsafe PulseConnection.take(sink: info, me) }, me)
        try unsafe finish(sinkRequest, within: limit)
        return withExtendedLifetime(answer) { DeviceList(server: answer.server, devices: answer.devices) }
    }

    /// The sink of a number.
    func sink(_ index: UInt32, within limit: Duration) throws(DeviceError) -> OutputDevice {
        let answer = Answer()
        let request = unsafe pa_context_get_sink_info_by_index(
            context, index, { _, info, _, me in unsafe PulseConnection.take(sink: info, me) },
            Unmanaged.passUnretained(answer).toOpaque())
        try unsafe finish(request, within: limit)
        guard let sink = withExtendedLifetime(answer, { answer.sinks[index] }) else { throw .lost }
        return sink
    }

    private static func take(server info: UnsafePointer<pa_server_info>?, _ me: UnsafeMutableRawPointer?) {
        guard let info = unsafe info?.pointee, let me = unsafe me else { return }
        let answer = unsafe Unmanaged<Answer>.fromOpaque(me).takeUnretainedValue()
        answer.server = unsafe "\(text(info.server_name)) \(text(info.server_version))"
        answer.defaultSink = unsafe text(info.default_sink_name)
    }

    private static func take(sink info: UnsafePointer<pa_sink_info>?, _ me: UnsafeMutableRawPointer?) {
        guard var info = unsafe info?.pointee, let me = unsafe me else { return }
        let answer = unsafe Unmanaged<Answer>.fromOpaque(me).takeUnretainedValue()
        let volumeIsZero = unsafe pa_cvolume_channels_equal_to(&info.volume, 0) != 0
        answer.sinks[unsafe info.index] = unsafe OutputDevice(
            backend: .pulse, name: text(info.name), summary: text(info.description), isDummy: isDummy(info),
            isMuted: info.mute != 0 || volumeIsZero, volume: percent(of: &info.volume))
        answer.order.append(unsafe info.index)
    }

    /// The average of the channels; 65,536 is 100 % (pulse/volume.h, PA_VOLUME_NORM).
    private static func percent(of volume: inout pa_cvolume) -> Int {
        let average = unsafe pa_cvolume_avg(&volume)
        return (Int(average) * 100 + 32_768) / 65_536
    }

    /// PulseAudio's and PipeWire's null sinks, and the kernel's cards without a loudspeaker.
    private static func isDummy(_ info: pa_sink_info) -> Bool {
        let name = unsafe text(info.name)
        let factory = unsafe text(pa_proplist_gets(info.proplist, "factory.name"))
        let driver = unsafe text(pa_proplist_gets(info.proplist, "alsa.driver_name"))
        let module = unsafe text(info.driver)
        return name == "auto_null" || module == "module-null-sink.c" || factory == "support.null-audio-sink"
            || ["snd_dummy", "snd_aloop"].contains(driver)
    }

    static func text(_ pointer: UnsafePointer<CChar>?) -> String {
        unsafe pointer.map { unsafe String(cString: $0) } ?? ""
    }
}
