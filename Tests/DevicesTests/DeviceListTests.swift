import Testing

@testable import Devices

@Suite struct DeviceListTests {
    private static let speaker = OutputDevice(backend: .pulse, name: "speaker", isDefault: true)
    private static let null = OutputDevice(backend: .pulse, name: "null", isDummy: true)
    private static let card = OutputDevice(backend: .alsa, name: "default", isDefault: true)

    @Test(
        arguments: [
            (nil, .automatic), ("", .automatic), ("speaker", .pulse("speaker")), ("pulse:a:b", .pulse("a:b")),
            ("alsa:plughw:0,0", .alsa("plughw:0,0")),
        ] as [(String?, SpeakerChoice)])
    func `a name says through what the device is reached`(name: String?, choice: SpeakerChoice) {
        #expect(SpeakerChoice(name: name) == choice)
    }

    @Test(arguments: [speaker, card])
    func `a device's name for the command line means that device`(device: OutputDevice) throws {
        let list = DeviceList(devices: [Self.speaker, Self.card])
        #expect(try list.device(for: SpeakerChoice(name: device.speakerName)) == device)
    }

    @Test func `the sound server's default comes before ALSA's`() throws {
        #expect(try DeviceList(devices: [Self.card, Self.speaker]).device(for: .automatic) == Self.speaker)
    }

    @Test func `ALSA's default counts where the sound server has only a null sink`() throws {
        var null = Self.null
        null.isDefault = true
        #expect(try DeviceList(devices: [null, Self.card]).device(for: .automatic) == Self.card)
    }

    @Test func `a null device is no device unless it is named`() throws {
        var null = Self.null
        null.isDefault = true
        #expect(throws: DeviceError.noDevice) { try DeviceList(devices: [null]).device(for: .automatic) }
        #expect(try DeviceList(devices: [null]).device(for: .pulse("null")) == null)
    }

    @Test func `a device that is not the default is not taken unasked`() {
        var other = Self.speaker
        other.isDefault = false
        #expect(throws: DeviceError.noDevice) { try DeviceList(devices: [other]).device(for: .automatic) }
    }

    @Test func `a muted device is not heard, named or not`() {
        var muted = Self.speaker
        muted.isMuted = true
        let list = DeviceList(devices: [muted, Self.card])
        #expect(throws: DeviceError.muted) { try list.device(for: .automatic) }
        #expect(throws: DeviceError.muted) { try list.device(for: .pulse("speaker")) }
    }

    @Test func `a sink that is gone is unknown`() {
        #expect(throws: DeviceError.unknownDevice("speaker")) { try DeviceList().device(for: .pulse("speaker")) }
    }

    @Test func `the list of a running server marks its null sink`() async throws {
        try await PrivatePulse.run { pulse in
            let list = await DeviceList.read(pulseServer: pulse.address, within: .seconds(20))
            #expect(list.server?.hasPrefix("pulseaudio") == true)
            let sink = try #require(list.devices.first { $0.backend == .pulse })
            #expect(sink.name == PrivatePulse.sink)
            #expect(sink.isDummy && sink.isDefault && !sink.isMuted)
            #expect(list.devices.contains { $0.backend == .alsa && $0.name == "null" && $0.isDummy })
        }
    }

    @Test(arguments: [("100%", 100, false), ("50%", 50, false), ("0%", 0, true)])
    func `a sink's volume is told, and 0 counts as muted`(text: String, volume: Int, isMuted: Bool) async throws {
        try await PrivatePulse.run { pulse in
            try pulse.control("set-sink-volume", PrivatePulse.sink, text)
            let list = await DeviceList.read(pulseServer: pulse.address, within: .seconds(20))
            let sink = try #require(list.devices.first { $0.name == PrivatePulse.sink })
            #expect(sink.volume == volume && sink.isMuted == isMuted)
        }
    }

    @Test func `where no server runs none is listed and none is started`() async throws {
        try await PrivatePulse.withoutServer { address in
            for _ in 0..<2 {
                #expect(await DeviceList.read(pulseServer: address, within: .seconds(20)).server == nil)
            }
        }
    }

    @Test func `a server that hangs holds up the list for a limited time only`() async throws {
        try await PrivatePulse.run { pulse in
            pulse.process.pause()
            #expect(await DeviceList.read(pulseServer: pulse.address, within: .milliseconds(200)).server == nil)
        }
    }
}
