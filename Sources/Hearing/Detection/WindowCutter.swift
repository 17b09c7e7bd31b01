internal import VoiceCore

/// Cuts audio that comes in any pieces into the windows of a detector.
package struct WindowCutter: Sendable {
    private var rest: [Int16] = []

    package init() {}

    /// - Returns: The windows that are complete now.
    package mutating func cut(_ samples: some Collection<Int16>) -> [[Int16]] {
        rest.append(contentsOf: samples)
        var windows: [[Int16]] = []
        var start = 0
        while rest.count - start >= SpeechWindow.sampleCount {
            windows.append(Array(rest[start..<start + SpeechWindow.sampleCount]))
            start += SpeechWindow.sampleCount
        }
        rest.removeFirst(start)
        return windows
    }

    /// Takes what is left, shorter than a window.
    package mutating func takeRest() -> [Int16] {
        defer { rest = [] }
        return rest
    }
}
