import Flow
import Glibc
import JSON
import Recordings
import Sound
import Testing
import VoiceCore
import Wire

@Suite struct BlockRecorderTests {
    private let root: String

    init() {
        var template = Array("/tmp/hearsay-test-XXXXXX".utf8CString)
        root = unsafe mkdtemp(&template).map { unsafe String(cString: $0) } ?? "/tmp"
    }

    private static func said(_ text: String, _ start: Int, _ end: Int) -> UtteranceTranscript {
        UtteranceTranscript(
            transcript: Transcript(text: text), start: .milliseconds(start), end: .milliseconds(end), engine: "fake",
            latency: .zero)
    }

    private static func draft() -> Draft {
        Draft(
            id: DraftID("dra_a"), session: .default, source: SourceID("desk"),
            startedAt: WallTime(milliseconds: 1_795_222_683_000), start: .milliseconds(1_000),
            startText: "take this down")
    }

    private static func ended() -> Draft {
        var draft = draft()
        draft.parts = [
            Draft.Part(utterance: UtteranceID("a"), said: said("buy milk", 1_000, 1_500)),
            Draft.Part(utterance: UtteranceID("b"), said: said("and bread", 2_000, 2_250)),
        ]
        draft.ending = Draft.Ending(.command, at: draft.startedAt, position: .milliseconds(2_250), text: "break")
        return draft
    }

    private func read(_ path: String) -> [UInt8]? {
        guard let file = unsafe fopen(path, "r") else { return nil }
        defer { unsafe fclose(file) }
        var bytes: [UInt8] = []
        while case let byte = unsafe fgetc(file), byte != EOF { bytes.append(UInt8(byte)) }
        return bytes
    }

    private static func json(_ bytes: [UInt8]) throws -> JSONValue { try JSONText.value(of: bytes) }

    private func record(_ recorder: BlockRecorder) async throws -> Recording {
        recorder.heard(UtteranceID("a"), at: .milliseconds(1_000), UtteranceAudio([Int16](repeating: 7, count: 8_000)))
        recorder.heard(UtteranceID("x"), at: .milliseconds(1_600), UtteranceAudio([Int16](repeating: 8, count: 800)))
        recorder.heard(UtteranceID("b"), at: .milliseconds(2_000), UtteranceAudio([Int16](repeating: 9, count: 4_000)))
        #expect(await recorder.begin(Self.draft())?.hasPrefix(root) == true)
        await recorder.add(UtteranceID("a"), to: Self.draft())
        await recorder.passOver(UtteranceID("x"))
        await recorder.add(UtteranceID("b"), to: Self.draft())
        return try #require(await recorder.end(Self.ended()))
    }

    @Test func `a draft leaves a folder with its audio, its text and its story`() async throws {
        defer { unsafe rmdir(root) }
        let recorder = BlockRecorder(root: root + "/recordings")
        let recording = try await record(recorder)
        defer { unsafe rmdir(root + "/recordings") }
        #expect(recording.path == root + "/recordings/block-20261121_005803")
        #expect(recording.utteranceCount == 2)
        let bytes = try #require(read(recording.path + "/block.wav"))
        let audio = try WAV.decode(bytes)
        // 0.4 s of silence, half a second, half a second's pause, a quarter, 0.4 s of silence.
        #expect(audio.format.sampleRate == 16_000 && audio.samples.count == 6_400 + 8_000 + 8_000 + 4_000 + 6_400)
        #expect(recording.byteCount == bytes.count && recording.duration == .milliseconds(2_050))
        let loud = audio.samples.indices.filter { audio.samples[$0] != 0 }
        #expect(loud.first == 6_400 && loud.last == 26_399 && loud.count == 12_000)
        #expect(read(recording.path + "/first_draft.txt") == Array("buy milk and bread\n".utf8))
        let about = try Self.json(try #require(read(recording.path + "/draft.json")))
        #expect(about["draft"]?["text"]?.text == "buy milk and bread")
        #expect(about["audio"]?["utterances"]?.elements?.map { $0["file_start_ms"]?.whole } == [400, 1_400])
        try await recorder.remove(recording.path)
    }

    /// The samples of a recording, without the silence before and behind them.
    private func sound(_ recording: Recording) throws -> [Int16] {
        let samples = try WAV.decode(try #require(read(recording.path + "/block.wav"))).samples
        return Array(samples.dropFirst(6_400).dropLast(6_400))
    }

    @Test func `what ends a draft and begins the next is in both recordings, and in no later one`() async throws {
        defer { unsafe rmdir(root) }
        let recorder = BlockRecorder(root: root)
        let said = [Int16](repeating: 7, count: 8_000)
        recorder.heard(UtteranceID("a"), at: .milliseconds(1_000), UtteranceAudio(said))
        for (id, expected) in [("dra_a", said), ("dra_b", said), ("dra_c", [])] {
            if expected.isEmpty { await recorder.passOver(UtteranceID("a")) }
            var draft = Self.ended()
            draft.id = DraftID(id)
            _ = await recorder.begin(draft)
            await recorder.add(UtteranceID("a"), to: draft)
            let recording = try #require(await recorder.end(draft))
            #expect(try sound(recording) == expected)
            #expect(recording.utteranceCount == (expected.isEmpty ? 0 : 1))
            try await recorder.remove(recording.path)
        }
    }

    @Test(.timeLimit(.minutes(1))) func `an utterance that grows is not awaited, and gets its place`() async throws {
        defer { unsafe rmdir(root) }
        let recorder = BlockRecorder(root: root)
        // Too much was to be read, so that the third of them had failed before the first one was understood.
        let growing = UtteranceAudio()
        #expect(growing.append([Int16](repeating: 9, count: 1_000)))
        recorder.heard(UtteranceID("a"), at: .milliseconds(1_000), UtteranceAudio([Int16](repeating: 7, count: 8_000)))
        recorder.heard(UtteranceID("b"), at: .milliseconds(1_500), UtteranceAudio([Int16](repeating: 8, count: 8_000)))
        recorder.heard(UtteranceID("c"), at: .milliseconds(2_000), growing)
        _ = await recorder.begin(Self.draft())
        await recorder.add(UtteranceID("c"), to: Self.draft())
        await recorder.passOver(UtteranceID("c"))
        await recorder.add(UtteranceID("a"), to: Self.draft())
        #expect(growing.append([Int16](repeating: 9, count: 3_000)))
        growing.finish()
        await recorder.add(UtteranceID("b"), to: Self.draft())
        let recording = try #require(await recorder.end(Self.ended()))
        let expected: [(sample: Int16, count: Int)] = [(7, 8_000), (8, 8_000), (9, 4_000)]
        #expect(try sound(recording) == expected.flatMap { Array(repeating: $0.sample, count: $0.count) })
        #expect(recording.utteranceCount == 3)
        try await recorder.remove(recording.path)
    }

    @Test(.timeLimit(.minutes(1))) func `a draft that ends has what was said until then`() async throws {
        defer { unsafe rmdir(root) }
        let recorder = BlockRecorder(root: root)
        let growing = UtteranceAudio()
        #expect(growing.append([Int16](repeating: 9, count: 1_000)))
        // One that brought nothing is not in the recording.
        recorder.heard(UtteranceID("a"), at: .milliseconds(500), UtteranceAudio())
        recorder.heard(UtteranceID("b"), at: .milliseconds(1_000), growing)
        _ = await recorder.begin(Self.draft())
        await recorder.add(UtteranceID("a"), to: Self.draft())
        await recorder.add(UtteranceID("b"), to: Self.draft())
        let recording = try #require(await recorder.end(Self.ended()))
        #expect(try sound(recording) == [Int16](repeating: 9, count: 1_000))
        #expect(recording.utteranceCount == 1)
        try await recorder.remove(recording.path)
    }

    @Test func `a pause of an hour is shortened once`() async throws {
        defer { unsafe rmdir(root) }
        let recorder = BlockRecorder(root: root)
        _ = await recorder.begin(Self.draft())
        let hour = 3_600_000
        for (name, start) in [("a", 1_000), ("b", hour), ("c", hour + 2_000)] {
            recorder.heard(
                UtteranceID(name), at: .milliseconds(start), UtteranceAudio([Int16](repeating: 7, count: 16_000)))
            await recorder.add(UtteranceID(name), to: Self.draft())
        }
        let recording = try #require(await recorder.end(Self.ended()))
        // Silence, a second, ten minutes, a second, a pause of a second, a second, silence.
        #expect(recording.duration == .milliseconds(400 + 1_000 + 600_000 + 3_000 + 400))
        try await recorder.remove(recording.path)
    }

    @Test func `the story of a draft is told in Palaver's classes`() async throws {
        defer { unsafe rmdir(root) }
        let recorder = BlockRecorder(root: root)
        let recording = try await record(recorder)
        let meta = try Self.json(try #require(read(recording.path + "/meta_events.json")))
        let events = try #require(meta.elements)
        let (command, text) = (
            "<class 'palaver.scribe.command_events.ScribeCommandEvent'>",
            "<class 'palaver.scribe.text_events.TextEvent'>"
        )
        #expect(events.map { $0["classname"]?.text } == [command, text, text, command])
        let (begin, said, end) = (events[0]["properties"], events[1]["properties"], events[3]["properties"])
        #expect(begin?["command"]?["name"]?.text == "start_block" && begin?["matched_text"]?.text == "take this down")
        #expect(begin?["text_event"]?["classname"]?.text == text)
        #expect(end?["command"]?["ends_text_block"]?.flag == true && end?["matched_text"]?.text == "break")
        #expect(said?["segments"]?.elements?.first?["text"]?.text == "buy milk")
        #expect(said?["segments"]?.elements?.first?["start_ms"]?.whole == 1_000)
        // The draft began one second into its stream.
        #expect(said?["audio_start_time"]?.number == 1_795_222_683)
        #expect(said?["audio_end_time"]?.number == 1_795_222_683.5)
        let full = try Self.json(try #require(read(recording.path + "/full_events.json")))
        let chunks = try #require(full.elements).filter { $0["data"]?.text == "omitted" }
        #expect(chunks.map { $0["blocksize"]?.whole } == [8_000, 4_000])
        try await recorder.remove(recording.path)
    }

    @Test func `a better reading lies beside the first one`() async throws {
        defer { unsafe rmdir(root) }
        let recorder = BlockRecorder(root: root)
        let recording = try await record(recorder)
        var better = Self.ended()
        better.parts[0].said = Self.said("buy silk", 1_000, 1_500)
        await recorder.revise(better)
        #expect(read(recording.path + "/rescan_draft.txt") == Array("buy silk and bread\n".utf8))
        #expect(read(recording.path + "/first_draft.txt") == Array("buy milk and bread\n".utf8))
        try await recorder.remove(recording.path)
        #expect(unsafe access(recording.path, F_OK) != 0)
        // What was removed does not come back.
        await recorder.revise(better)
        #expect(unsafe access(recording.path, F_OK) != 0)
    }

    @Test func `a recording is read piece by piece, and nothing else is`() async throws {
        defer { unsafe rmdir(root) }
        let recorder = BlockRecorder(root: root)
        var recording = try await record(recorder)
        let stream = try #require(await recorder.open(recording))
        var bytes: [UInt8] = []
        while let piece = await stream.next() { bytes += piece }
        #expect(bytes == read(recording.path + "/block.wav"))
        let path = recording.path
        for other in ["/etc", root + "/block-x/../..", root + "/other"] {
            recording.path = other
            #expect(await recorder.open(recording) == nil)
            await #expect(throws: RecordingRemovalError.notRemoved(path: other)) { try await recorder.remove(other) }
        }
        try await recorder.remove(path)
    }

    @Test func `a recording that cannot be removed is told`() async throws {
        defer { unsafe rmdir(root) }
        let recorder = BlockRecorder(root: root)
        let recording = try await record(recorder)
        let file = recording.path + "/rescan_draft.txt"
        unsafe mkdir(file, 0o700)
        await #expect(throws: RecordingRemovalError.notRemoved(path: recording.path)) {
            try await recorder.remove(recording.path)
        }
        unsafe rmdir(file)
        try await recorder.remove(recording.path)
        #expect(unsafe access(recording.path, F_OK) != 0)
        // One that is gone is no fault.
        try await recorder.remove(recording.path)
    }

    @Test(arguments: [true, false]) func `a recording that a dead server left is ended, and its draft with it`(
        _ isNoted: Bool
    ) async throws {
        defer { unsafe rmdir(root) }
        var path = ""
        do {
            let dead = BlockRecorder(root: root)
            dead.heard(UtteranceID("a"), at: .milliseconds(1_000), UtteranceAudio([Int16](repeating: 7, count: 8_000)))
            // Nobody understood what was said last.
            dead.heard(UtteranceID("x"), at: .milliseconds(2_000), UtteranceAudio([Int16](repeating: 9, count: 4_001)))
            path = try #require(await dead.begin(Self.draft()))
            await dead.add(UtteranceID("a"), to: Self.draft())
            await dead.add(UtteranceID("x"), to: Self.draft())
        }
        var draft = Self.ended()
        draft.parts.removeLast()
        draft.ending = Draft.Ending(.serverRestarted, at: draft.startedAt, position: .milliseconds(1_500))
        let recorder = BlockRecorder(root: root)
        // An older server did not note the folder.
        let mended = try #require(await recorder.mend(draft, at: isNoted ? path : nil))
        let again = await recorder.mend(draft, at: nil)
        #expect(again?.recording == nil)
        let bytes = try #require(read(path + "/block.wav"))
        let audio = try WAV.decode(bytes)
        // 1.25 s between 0.4 s of silence and 0.4 s.
        #expect(audio.samples.count == 32_801)
        #expect(mended.recording.byteCount == bytes.count && mended.recording.utteranceCount == 1)
        #expect(mended.draft.ending?.position == .nanoseconds(2_250_062_500))
        #expect(mended.draft.ending?.at == WallTime(milliseconds: draft.startedAt.milliseconds + 750))
        #expect(read(path + "/first_draft.txt") == Array("buy milk\n".utf8))
        let about = try Self.json(try #require(read(path + "/draft.json")))
        #expect(about["audio"]?["utterances"]?.elements?.map { $0["file_end_ms"]?.whole } == [900])
        let gone = await recorder.mend(draft, at: root + "/block-gone")
        #expect(gone?.recording == nil)
        try await recorder.remove(path)
    }

    @Test func `recordings that belong to no draft are removed, and nothing else`() async throws {
        defer { unsafe rmdir(root) }
        let recorder = BlockRecorder(root: root)
        let known = try await record(recorder).path
        let other = try await record(recorder).path
        unsafe mkdir(root + "/notes", 0o700)
        await recorder.removeAll(but: [known])
        #expect(unsafe access(other, F_OK) != 0 && access(known, F_OK) == 0 && access(root + "/notes", F_OK) == 0)
        unsafe rmdir(root + "/notes")
        try await recorder.remove(known)
    }

    @Test func `without a folder there is no recording, and no harm`() async {
        defer { unsafe rmdir(root) }
        let recorder = BlockRecorder(root: root + "/a/b/c")
        recorder.heard(UtteranceID("a"), at: .zero, UtteranceAudio([1]))
        #expect(await recorder.begin(Self.draft()) == nil)
        await recorder.add(UtteranceID("a"), to: Self.draft())
        #expect(await recorder.end(Self.ended()) == nil)
    }
}
