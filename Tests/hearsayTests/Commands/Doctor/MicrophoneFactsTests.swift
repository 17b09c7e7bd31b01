import Devices
import Testing

@testable import hearsay

@Suite struct MicrophoneFactsTests {
    private let desk = InputDevice(backend: .pulse, name: "usb", summary: "Desk", isDefault: true)
    private let monitor = InputDevice(backend: .pulse, name: "out.monitor", isDefault: true, isMonitor: true)
    private let card = InputDevice(backend: .alsa, name: "default", isDefault: true)

    private func finding(_ devices: InputDevice..., files: [String] = [], forbidden: [String] = []) -> Finding {
        let facts = MicrophoneFacts(list: InputList(devices: devices), deviceFiles: files, forbiddenFiles: forbidden)
        #expect(facts.findings.map(\.subject) == ["microphone"])
        return facts.findings[0]
    }

    @Test func `the one that would be taken is named`() {
        #expect(finding(monitor, desk, card) == .ok("microphone", "Desk (pulse:usb)"))
        #expect(finding(monitor, card, files: ["/c"]) == .ok("microphone", "alsa:default"))
    }

    @Test func `one that hears nothing is a warning with a remedy`() {
        var muted = desk
        muted.isMuted = true
        #expect(finding(muted).remedies[0].command == "pactl set-source-mute @DEFAULT_SOURCE@ 0")
        var other = desk
        other.isDefault = false
        #expect(finding(monitor, other).remedies.map(\.command) == ["hearsay hear --source pulse:usb"])
        #expect(finding(card, files: ["/c"], forbidden: ["/c"]).text == "this user may not listen to /c")
    }

    @Test func `none is a note, since a browser may have one`() {
        for found in [finding(), finding(monitor), finding(card)] {
            #expect((found.state, found.text) == (.note, "this machine has none"))
        }
    }
}
