import Sound
import Testing
import VoiceCore
import Wire

@Suite struct AudioFrameHeaderTests {
    @Test func `a frame is sixteen bytes little-endian and the samples`() {
        let header = AudioFrameHeader(kind: .audioOut, flags: .first, channel: 3, sequence: 258, timestamp: 0x0102_0304)
        let bytes = header.bytes(samples: [1, -2])
        #expect(bytes == [1, 2, 1, 0, 3, 0, 0, 0, 2, 1, 0, 0, 4, 3, 2, 1, 1, 0, 0xFE, 0xFF])
        #expect(AudioFrameHeader(bytes) == header)
        #expect(AudioFrameHeader.samples(of: bytes) == [1, -2])
    }

    @Test(arguments: [[], [1, 2, 0], [UInt8](repeating: 0, count: 16), [1, 9] + [UInt8](repeating: 0, count: 14)])
    func `what is no header is told`(bytes: [UInt8]) {
        #expect(AudioFrameHeader(bytes) == nil)
    }

    @Test func `the beginning of a channel comes back as it was sent`() throws {
        let begin = AudioBegin(
            listener: ListenerID("lis_1"), job: JobID("job_1"), channel: 5,
            format: StreamFormat(.opus, sampleRate: 48_000), start: .microseconds(20_500), preSkip: 312)
        #expect(
            String(decoding: begin.json, as: UTF8.self)
                == #"{"channel":5,"channels":1,"codec":"opus","from_ms":20.5,"job_id":"job_1","listener_id":"lis_1","pre_skip":312,"sample_rate":48000,"type":"audio.begin"}"#
        )
        #expect(AudioBegin(try JSONText.value(of: begin.json)) == begin)
    }
}
