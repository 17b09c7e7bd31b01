private import COgg

/// Puts the packets of one logical stream into Ogg pages (RFC 3533).
@safe struct OggWriter: ~Copyable {
    private let stream: UnsafeMutablePointer<ogg_stream_state>
    private var packetCount: Int64 = 0

    init() {
        unsafe stream = UnsafeMutablePointer<ogg_stream_state>.allocate(capacity: 1)
        unsafe ogg_stream_init(stream, Int32.random(in: 0...Int32.max))
    }

    deinit {
        unsafe ogg_stream_clear(stream)
        unsafe stream.deallocate()
    }

    /// Adds a packet.
    ///
    /// - Parameter position: Granule position of its last sample.
    mutating func add(_ packet: [UInt8], at position: Int, isLast: Bool = false) {
        var packet = packet
        let (number, isFirst) = (packetCount, packetCount == 0)
        packetCount += 1
        unsafe packet.withUnsafeMutableBufferPointer { buffer in
            var entry = unsafe ogg_packet(
                packet: buffer.baseAddress, bytes: buffer.count, b_o_s: isFirst ? 1 : 0, e_o_s: isLast ? 1 : 0,
                granulepos: ogg_int64_t(position), packetno: number)
            // Copies what it needs; fails only without memory.
            _ = unsafe ogg_stream_packetin(stream, &entry)
        }
    }

    /// Ends the present page.
    ///
    /// - Returns: Everything that was added and not given yet.
    mutating func flush() -> [UInt8] {
        var bytes: [UInt8] = []
        var page = unsafe ogg_page()
        while unsafe ogg_stream_flush(stream, &page) != 0 {
            unsafe bytes.append(contentsOf: UnsafeBufferPointer(start: page.header, count: page.header_len))
            unsafe bytes.append(contentsOf: UnsafeBufferPointer(start: page.body, count: page.body_len))
        }
        return bytes
    }
}
